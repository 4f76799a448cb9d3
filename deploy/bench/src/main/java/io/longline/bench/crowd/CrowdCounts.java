package io.longline.bench.crowd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;

/** What clients have seen since they were last asked. For one thread. */
public final class CrowdCounts {
    private static final long HIGHEST_US = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 3;
    /** A broadcast's pace is read from its arrivals: half a millisecond at 8 s. */
    private static final int FINE_DIGITS = 4;

    private long messages;
    private long reads;
    private long bytes;
    private long repeated;
    private long doubled;
    private long closed;
    private long frames;
    private long sent;
    private long refused;
    private final Map<Moment, Histogram> times = new EnumMap<>(Moment.class);

    /** What takes its time. */
    private enum Moment {
        LATENCY,
        TOPIC,
        LOADED,
        LOGIN,
        BACK,
        PONG,
        KEPT
    }

    public CrowdCounts() {
        for (Moment moment : Moment.values()) {
            times.put(moment, histogram(moment));
        }
    }

    private static Histogram histogram(Moment moment) {
        Histogram histogram = new Histogram(HIGHEST_US, moment == Moment.TOPIC ? FINE_DIGITS : DIGITS);
        histogram.setAutoResize(false);
        return histogram;
    }

    private Histogram time(Moment moment) {
        return Objects.requireNonNull(times.get(moment));
    }

    // ---- what clients tell ----

    void sawRead(int length) {
        reads++;
        bytes += Math.max(0, length);
    }

    /** A push, or several in one frame. */
    void sawFrame() {
        frames++;
    }

    void sawMessage(long dueNanos) {
        messages++;
        record(Moment.LATENCY, System.nanoTime() - dueNanos);
    }

    void sawTopicMessage(long dueNanos) {
        messages++;
        record(Moment.TOPIC, System.nanoTime() - dueNanos);
    }

    /** One that had waited for its client, who wished for a session at that moment. */
    void sawLoaded(long wishedNanos) {
        messages++;
        record(Moment.LOADED, System.nanoTime() - wishedNanos);
    }

    /** One that cannot say when it was due. */
    void sawMessage() {
        messages++;
    }

    void sawRepeat() {
        repeated++;
    }

    void sawDouble() {
        doubled++;
    }

    void sawClose() {
        closed++;
    }

    void sawLogin(long nanos) {
        record(Moment.LOGIN, nanos);
    }

    void sawReturn(long nanos) {
        record(Moment.BACK, nanos);
    }

    void sawPong(long nanos) {
        record(Moment.PONG, nanos);
    }

    /** An uplink. */
    void sawSent() {
        sent++;
    }

    /** An uplink was acknowledged that was due at that moment. */
    void sawKept(long dueNanos) {
        record(Moment.KEPT, System.nanoTime() - dueNanos);
    }

    /** An uplink was answered with an error. */
    void sawRefused() {
        refused++;
    }

    private void record(Moment moment, long nanos) {
        time(moment).recordValue(Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, HIGHEST_US));
    }

    // ---- what the bench reads ----

    /** Takes in what others counted. */
    public void add(CrowdCounts other) {
        messages += other.messages;
        reads += other.reads;
        bytes += other.bytes;
        repeated += other.repeated;
        doubled += other.doubled;
        closed += other.closed;
        frames += other.frames;
        sent += other.sent;
        refused += other.refused;
        times.forEach((moment, histogram) -> histogram.add(other.time(moment)));
    }

    /** Each counted once, however often it came. */
    public long messages() {
        return messages;
    }

    /** Reads of a socket: together with the messages this says how much was merged. */
    public long reads() {
        return reads;
    }

    public long bytes() {
        return bytes;
    }

    /** Came again under a seq that the client had taken, as at-least-once allows: an SDK drops them. */
    public long repeated() {
        return repeated;
    }

    /** Came again under another seq, or without any: a fault. */
    public long doubled() {
        return doubled;
    }

    /** Links that the server closed, in whatever way. */
    public long closed() {
        return closed;
    }

    /** Frames with a message, or several, in them. */
    public long frames() {
        return frames;
    }

    /** Microseconds from when a message was due until it was read; of topics, and what had waited for its client, not here. */
    public Histogram latencyUs() {
        return time(Moment.LATENCY);
    }

    /** Likewise in milliseconds, what so many percent of the messages did not exceed. */
    public double latencyMs(double percentile) {
        return latencyUs().getValueAtPercentile(percentile) / 1e3;
    }

    /** Microseconds from when a message of a topic was due until it was read, broadcasts included. */
    public Histogram topicUs() {
        return time(Moment.TOPIC);
    }

    /** Microseconds from the wish to connect until a message was read that was due before the client was bound. */
    public Histogram loadedUs() {
        return time(Moment.LOADED);
    }

    /** Microseconds from {@code ping} to {@code pong}. */
    public Histogram pongUs() {
        return time(Moment.PONG);
    }

    /** Microseconds from the wish to connect until {@code welcome}. */
    public Histogram loginUs() {
        return time(Moment.LOGIN);
    }

    /** Microseconds from the loss of a link until the client had caught up on another one. */
    public Histogram backUs() {
        return time(Moment.BACK);
    }

    /** Uplinks. */
    public long sent() {
        return sent;
    }

    /** Uplinks that were answered with an error. */
    public long refused() {
        return refused;
    }

    /** Microseconds from when an uplink was due until it was acknowledged. */
    public Histogram keptUs() {
        return time(Moment.KEPT);
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("messages", messages)
                .put("frames", frames)
                .put("sent", sent)
                .put("refused", refused)
                .put("reads", reads)
                .put("bytes", bytes)
                .put("repeated", repeated)
                .put("doubled", doubled)
                .put("closed", closed);
        times.forEach((moment, histogram) -> json.put(moment.name(), packed(histogram)));
        return json;
    }

    private static String packed(Histogram histogram) {
        ByteBuffer packed = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int size = histogram.encodeIntoCompressedByteBuffer(packed, Deflater.BEST_SPEED);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(packed.array(), size));
    }

    static CrowdCounts of(JsonNode json) {
        CrowdCounts counts = new CrowdCounts();
        counts.times.replaceAll((moment, _) -> unpacked(json.path(moment.name())));
        counts.frames = json.path("frames").asLong();
        counts.sent = json.path("sent").asLong();
        counts.refused = json.path("refused").asLong();
        counts.messages = json.path("messages").asLong();
        counts.reads = json.path("reads").asLong();
        counts.bytes = json.path("bytes").asLong();
        counts.repeated = json.path("repeated").asLong();
        counts.doubled = json.path("doubled").asLong();
        counts.closed = json.path("closed").asLong();
        return counts;
    }

    private static Histogram unpacked(JsonNode text) {
        try {
            byte[] packed = Base64.getDecoder().decode(text.asText());
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(packed), HIGHEST_US);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not a histogram", e);
        }
    }
}
