package io.longline.room;

import io.longline.frames.CloseCode;
import io.longline.room.session.Drop;
import io.longline.room.session.HintOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Every metric of the room's own; the README lists them. Thread-safe. */
public final class RoomMetrics {
    private final MeterRegistry registry;
    private final AtomicLong links;
    private final Map<Integer, Counter> closes;
    private final Counter closedByClient;
    private final Counter closedOtherwise;
    private final Counter firstBytes;
    private final Counter written;
    private final Counter queued;
    private final Counter stale;
    private final Counter refused;
    private final Counter loads;
    private final Counter loadsFailed;
    private final Counter acks;
    private final Counter acksGivenUp;
    private final Counter expired;
    private final Counter collapsed;
    private final Counter unbindsDropped;
    private final Counter forgetsGivenUp;
    private final Map<Refusal, Counter> refusals;
    private final Counter stops;
    private final Counter declaredGone;
    private final Counter toldWritten;
    private final Counter toldSlow;
    private final Counter topicHints;
    private final Counter topicLogs;
    private final Counter topicMerged;
    private final Counter topicMergedFrames;
    private final Counter topicFramesMade;
    private final Counter topicReads;
    private final Counter topicReadsFailed;
    private final Counter topicAcks;
    private final Counter topicAcksGivenUp;
    private final Counter broadcastsLet;
    private final Counter broadcastsSent;
    private final Counter broadcastsAcked;
    private final Counter uplinksTaken;
    private final Counter uplinksRefused;
    private final Counter presenceAnswered;
    private final Counter presenceRefused;

    public RoomMetrics(MeterRegistry registry) {
        this.registry = registry;
        links = registry.gauge("longline.room.links", new AtomicLong());
        closes = Arrays.stream(CloseCode.values())
                .collect(Collectors.toMap(CloseCode::number, code -> close(registry, "" + code.number())));
        closedByClient = close(registry, "client");
        closedOtherwise = close(registry, "other");
        firstBytes = registry.counter("longline.room.first.bytes.refused");
        written = registry.counter("longline.room.handovers", "result", "written");
        queued = registry.counter("longline.room.handovers", "result", "queued");
        stale = registry.counter("longline.room.handovers", "result", "stale");
        refused = registry.counter("longline.room.handovers", "result", "refused");
        loads = registry.counter("longline.room.loads", "outcome", "begun");
        loadsFailed = registry.counter("longline.room.loads", "outcome", "failed");
        acks = registry.counter("longline.room.acks", "outcome", "forwarded");
        acksGivenUp = registry.counter("longline.room.acks", "outcome", "given_up");
        expired = registry.counter("longline.room.drops", "reason", "expired");
        collapsed = registry.counter("longline.room.drops", "reason", "collapsed");
        forgetsGivenUp = registry.counter("longline.room.forgets.given.up");
        stops = registry.counter("longline.room.stops");
        declaredGone = registry.counter("longline.room.declared.gone");
        toldWritten = registry.counter("longline.room.fanout", "outcome", "written");
        toldSlow = registry.counter("longline.room.fanout", "outcome", "slow");
        topicHints = registry.counter("longline.room.topic.writes", "from", "hint");
        topicLogs = registry.counter("longline.room.topic.writes", "from", "log");
        topicMerged = registry.counter("longline.room.topic.writes", "from", "window");
        topicMergedFrames = registry.counter("longline.room.topic.frames", "what", "merged");
        topicFramesMade = registry.counter("longline.room.topic.frames", "what", "made");
        topicReads = registry.counter("longline.room.topic.reads", "outcome", "begun");
        topicReadsFailed = registry.counter("longline.room.topic.reads", "outcome", "failed");
        topicAcks = registry.counter("longline.room.topic.acks", "outcome", "forwarded");
        topicAcksGivenUp = registry.counter("longline.room.topic.acks", "outcome", "given_up");
        broadcastsLet = registry.counter("longline.room.broadcasts", "stage", "let");
        broadcastsSent = registry.counter("longline.room.broadcasts", "stage", "sent");
        broadcastsAcked = registry.counter("longline.room.broadcasts", "stage", "acked");
        uplinksTaken = registry.counter("longline.room.uplinks.taken");
        uplinksRefused = registry.counter("longline.room.uplinks.refused");
        presenceAnswered = registry.counter("longline.room.presence.asks", "outcome", "answered");
        presenceRefused = registry.counter("longline.room.presence.asks", "outcome", "refused");
        refusals = new EnumMap<>(Refusal.class);
        for (Refusal why : Refusal.values()) {
            refusals.put(
                    why,
                    registry.counter(
                            "longline.room.connections.refused",
                            "reason",
                            why.name().toLowerCase(Locale.ROOT)));
        }
        unbindsDropped = registry.counter("longline.room.unbinds.rejects");
    }

    private static Counter close(MeterRegistry registry, String code) {
        return registry.counter("longline.room.closes", "code", code);
    }

    /** How many sessions there are, as far as somebody who does not own them can see. */
    void watchSessions(IntSupplier sessions) {
        Gauge.builder("longline.room.sessions", sessions::getAsInt).register(registry);
    }

    /** How far the wall clock is ahead of Redis', in milliseconds. */
    void watchClock(LongSupplier aheadMs) {
        Gauge.builder("longline.room.clock.ahead.ms", aheadMs::getAsLong).register(registry);
    }

    /** How many sessions have something to tell the saver, or a load under way or to be tried again; and how many may. */
    void watchInboxes(IntSupplier acks, int acksLimit, IntSupplier loads, int loadsLimit) {
        Gauge.builder("longline.room.acks.depth", acks::getAsInt).register(registry);
        Gauge.builder("longline.room.acks.limit", () -> acksLimit).register(registry);
        Gauge.builder("longline.room.loads.depth", loads::getAsInt).register(registry);
        Gauge.builder("longline.room.loads.limit", () -> loadsLimit).register(registry);
    }

    /** How many topics are followed, each by as many sessions as do; how many reads are under way or to be tried again, and acks to be told. */
    void watchTopics(IntSupplier follows, IntSupplier reads, IntSupplier acks) {
        Gauge.builder("longline.room.follows", follows::getAsInt).register(registry);
        Gauge.builder("longline.room.topic.reads.depth", reads::getAsInt).register(registry);
        Gauge.builder("longline.room.topic.acks.depth", acks::getAsInt).register(registry);
    }

    /** How many bytes of messages wait for a merge window to end. */
    void watchMerging(IntSupplier bytes) {
        Gauge.builder("longline.room.merge.bytes", bytes::getAsInt).register(registry);
    }

    /** How many sessions are still to be let have a broadcast that is sent. */
    void watchBroadcasts(IntSupplier left) {
        Gauge.builder("longline.room.broadcasts.left", left::getAsInt).register(registry);
    }

    /** How many sessions have an uplink under way. */
    void watchUplinks(IntSupplier underWay) {
        Gauge.builder("longline.room.uplinks.underway", underWay::getAsInt).register(registry);
    }

    /** How many endpoints have asked who is online within the minute. */
    void watchPresence(IntSupplier remembered) {
        Gauge.builder("longline.room.presence.remembered", remembered::getAsInt).register(registry);
    }

    /** A client knows who is online. */
    public void presenceAnswered() {
        presenceAnswered.increment();
    }

    /** It was told why it does not. */
    public void presenceRefused() {
        presenceRefused.increment();
    }

    /** A coordinator has it for good. */
    public void uplinkTaken() {
        uplinksTaken.increment();
    }

    /** Its client was told why. */
    public void uplinkRefused() {
        uplinksRefused.increment();
    }

    /** How many unbinds wait for the register, and how many may. */
    public void watchUnbinds(IntSupplier depth, int limit) {
        Gauge.builder("longline.room.unbinds.depth", depth::getAsInt).register(registry);
        Gauge.builder("longline.room.unbinds.limit", () -> limit).register(registry);
    }

    public void watchDepartures(IntSupplier depth, int limit) {
        Gauge.builder("longline.room.departures.depth", depth::getAsInt).register(registry);
        Gauge.builder("longline.room.departures.limit", () -> limit).register(registry);
    }

    public long links() {
        return links.get();
    }

    public void linkOpened() {
        links.incrementAndGet();
    }

    /**
     * A link is no more.
     *
     * @param code 0: the client closed it
     */
    public void linkClosed(int code) {
        links.decrementAndGet();
        Counter counter = code == 0 ? closedByClient : closes.getOrDefault(code, closedOtherwise);
        counter.increment();
    }

    /** A socket spoke none of our protocols. */
    public void refusedFirstBytes() {
        firstBytes.increment();
    }

    public void handedOver(HintOutcome outcome) {
        switch (outcome) {
            case HintOutcome.Written _ -> written.increment();
            case HintOutcome.Queued _, HintOutcome.AfterLoad _ -> queued.increment();
            case HintOutcome.Stale _ -> stale.increment();
            case HintOutcome.Refused _ -> refused.increment();
        }
    }

    /** A message to all sessions of a product. */
    public void toldEverybody(long writtenNow, long dropped) {
        toldWritten.increment((double) writtenNow);
        toldSlow.increment((double) dropped);
    }

    /** A message of a topic was written as it came. */
    public void topicWrittenFromHint() {
        topicHints.increment();
    }

    /** So many messages of a topic were. */
    public void topicWrittenFromHint(int messages) {
        topicHints.increment(messages);
    }

    /** So many messages were written as one frame when their window was over. */
    public void topicWrittenMerged(int messages) {
        topicMerged.increment(messages);
        topicMergedFrames.increment();
    }

    /** A frame was made that goes to whoever is due the same. */
    public void topicFrameMade() {
        topicFramesMade.increment();
    }

    /** Messages of a topic were written that a read had brought. */
    public void topicWrittenFromLog(int messages) {
        topicLogs.increment(messages);
    }

    public void topicRead() {
        topicReads.increment();
    }

    public void topicReadFailed() {
        topicReadsFailed.increment();
    }

    public void topicAckForwarded() {
        topicAcks.increment();
    }

    /** The ack of a follow that is no more could not be told to the saver. */
    public void topicAckGivenUp() {
        topicAcksGivenUp.increment();
    }

    /** A session may have a broadcast now, which is written to it as soon as it takes it. */
    public void broadcastLet() {
        broadcastsLet.increment();
    }

    /** A session that was let have a broadcast was sent it. */
    public void broadcastSent() {
        broadcastsSent.increment();
    }

    public void broadcastAcked() {
        broadcastsAcked.increment();
    }

    public void load() {
        loads.increment();
    }

    public void loadFailed() {
        loadsFailed.increment();
    }

    public void ackForwarded() {
        acks.increment();
    }

    /** An ack of a session that has ended could not be told to the saver. */
    public void ackGivenUp() {
        acksGivenUp.increment();
    }

    /** A message was passed over instead of written. */
    public void dropped(Drop.Reason why) {
        switch (why) {
            case EXPIRED -> expired.increment();
            case COLLAPSED -> collapsed.increment();
        }
    }

    /** An inbox that was to be forgotten is left as it is. */
    public void forgetGivenUp() {
        forgetsGivenUp.increment();
    }

    /** The room found that it had been stopped for long. */
    void stopped() {
        stops.increment();
    }

    /** A register said that it had declared the room gone. */
    void declaredGone() {
        declaredGone.increment();
    }

    /** Why a socket was closed without a byte. */
    public enum Refusal {
        /** Beyond those that are told that the room is full. */
        FULL,
        /** From a network that may not come. */
        NETWORK,
        /** Its address has as many already as it may have. */
        ADDRESS,
        /** Its address connects too often. */
        CONNECT_RATE,
        /** It may have connected before the room was stopped for long, or meanwhile. */
        STOPPED
    }

    public void refusedSocket(Refusal why) {
        Objects.requireNonNull(refusals.get(why)).increment();
    }

    /** How many connections are open, how many may be, and of how many addresses they are counted. */
    public void watchDoor(IntSupplier sockets, IntSupplier limit, IntSupplier addresses) {
        Gauge.builder("longline.room.connections.depth", sockets::getAsInt).register(registry);
        Gauge.builder("longline.room.connections.limit", limit::getAsInt).register(registry);
        Gauge.builder("longline.room.connections.addresses", addresses::getAsInt)
                .register(registry);
    }

    /** The register will not be told that a session is gone. */
    public void unbindDropped() {
        unbindsDropped.increment();
    }
}
