package io.longline.bench.crowd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;

/** What clients have seen since they were last asked. For one thread. */
public final class CrowdCounts {
    private static final long HIGHEST_US = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 3;

    private long messages;
    private long reads;
    private long bytes;
    private long repeated;
    private long doubled;
    private long closed;
    private final Histogram latencyUs;
    private final Histogram loginUs;
    private final Histogram backUs;

    public CrowdCounts() {
        this(histogram(), histogram(), histogram());
    }

    private CrowdCounts(Histogram latencyUs, Histogram loginUs, Histogram backUs) {
        this.latencyUs = latencyUs;
        this.loginUs = loginUs;
        this.backUs = backUs;
    }

    private static Histogram histogram() {
        Histogram histogram = new Histogram(HIGHEST_US, DIGITS);
        histogram.setAutoResize(false);
        return histogram;
    }

    // ---- what clients tell ----

    void sawRead(int length) {
        reads++;
        bytes += Math.max(0, length);
    }

    void sawMessage(long dueNanos) {
        messages++;
        record(latencyUs, System.nanoTime() - dueNanos);
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
        record(loginUs, nanos);
    }

    void sawReturn(long nanos) {
        record(backUs, nanos);
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, HIGHEST_US));
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
        latencyUs.add(other.latencyUs);
        loginUs.add(other.loginUs);
        backUs.add(other.backUs);
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

    /** Microseconds from when a message was due until it was read. */
    public Histogram latencyUs() {
        return latencyUs;
    }

    /** Likewise in milliseconds, what so many percent of the messages did not exceed. */
    public double latencyMs(double percentile) {
        return latencyUs.getValueAtPercentile(percentile) / 1e3;
    }

    /** Microseconds from the wish to connect until {@code welcome}. */
    public Histogram loginUs() {
        return loginUs;
    }

    /** Microseconds from the loss of a link until the client had caught up on another one. */
    public Histogram backUs() {
        return backUs;
    }

    ObjectNode json() {
        return Json.object()
                .put("messages", messages)
                .put("reads", reads)
                .put("bytes", bytes)
                .put("repeated", repeated)
                .put("doubled", doubled)
                .put("closed", closed)
                .put("latency", packed(latencyUs))
                .put("login", packed(loginUs))
                .put("back", packed(backUs));
    }

    private static String packed(Histogram histogram) {
        ByteBuffer packed = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int size = histogram.encodeIntoCompressedByteBuffer(packed, Deflater.BEST_SPEED);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(packed.array(), size));
    }

    static CrowdCounts of(JsonNode json) {
        CrowdCounts counts = new CrowdCounts(
                unpacked(json.path("latency")), unpacked(json.path("login")), unpacked(json.path("back")));
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
