package io.longline.deploy.check;

import io.longline.deploy.check.history.Event.Session;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** What is known of one session. */
final class SessionCase {
    static final String REPLACED = "replaced";
    static final String FORGOTTEN = "forgotten";
    static final String KICKED = "kicked";

    final Session session;
    final long begunAt;

    /** Acknowledged, taken and journaled when it was bound: nothing up to here may come. */
    private final long hardFloor;

    /** The same, but a loss of Redis may undo it. */
    private long softFloor;

    /** What it was told of its endpoint was so then or later. */
    final long knownFrom;

    private final Map<String, SessionTopic> topics = new HashMap<>();

    /** Acknowledged and taken of each topic when it was bound. */
    private final Map<String, Long> takenOfTopics = new HashMap<>();

    long generation;
    long boundAt = -1;
    long lastSeq;

    /** When it was known to be over: a newer bind of the same endpoint had won, or the device was forgotten or kicked; -1: it is not as far as one knows. */
    long replacedAt = -1;

    /** By which of them, in a word. */
    String lostBy = REPLACED;

    /** It reads no more and cannot hear that it has ended. */
    boolean deaf;

    private boolean ended;

    /** It was said that it lives on though it was replaced. */
    boolean reported;

    SessionCase(Session session, long begunAt, long knownFrom, long hardFloor, long softFloor) {
        this.session = session;
        this.begunAt = begunAt;
        this.knownFrom = knownFrom;
        this.hardFloor = hardFloor;
        this.softFloor = softFloor;
    }

    SessionTopic topic(String name) {
        return topics.computeIfAbsent(name, _ -> new SessionTopic());
    }

    void took(String topic, long upTo) {
        takenOfTopics.put(topic, upTo);
    }

    long taken(String topic) {
        return takenOfTopics.getOrDefault(topic, 0L);
    }

    void eachTopic(BiConsumer<String, SessionTopic> action) {
        topics.forEach(action);
    }

    void soften() {
        softFloor = hardFloor;
    }

    void end() {
        ended = true;
    }

    /** It should have ended by now, if it has not. */
    void lost(long at, String how) {
        if (replacedAt < 0) {
            replacedAt = at;
            lostBy = how;
        }
    }

    /** A room that had a fault may have bound anew whom a back end had forgotten, or kicked. */
    boolean isSurelyLost(FaultLog faults, long now) {
        return replacedAt >= 0 && (lostBy.equals(REPLACED) || !faults.anyBetween(replacedAt, now));
    }

    boolean isOpen() {
        return !ended;
    }

    /** Bound, reading, and not replaced. */
    boolean isLive() {
        return !ended && !deaf && boundAt >= 0 && replacedAt < 0;
    }

    /** Why a message with this seq may not come any more; empty where it may. */
    String refusal(long seq) {
        if (seq <= session.named()) {
            return "its bind named seq " + session.named();
        }
        return seq <= Math.max(hardFloor, softFloor)
                ? "the saver had taken an ack up to seq " + Math.max(hardFloor, softFloor) + " before it was bound"
                : "";
    }
}
