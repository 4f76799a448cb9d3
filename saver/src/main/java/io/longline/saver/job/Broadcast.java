package io.longline.saver.job;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a job has of a broadcast.
 *
 * @param topic of the log that it is published in; empty: the job has a list instead
 * @param canaryPermille so many users of 1,000 are to have it; 0: everybody
 * @param bytes at what pace, beside its people a second
 * @param canaryTold what of that whoever works on it knows
 * @param begun it was taken, and its log is not yet as its end wants it: no other one of its topic begins
 * @param offset in the log; 0: it is not there, or nobody has told of it
 * @param rooms by "instance/incarnation"
 */
record Broadcast(
        String topic,
        int canaryPermille,
        ByteRate bytes,
        int canaryTold,
        boolean begun,
        long offset,
        SortedMap<String, RoomCounts> rooms) {
    static final int EVERYBODY = 1_000;
    static final Broadcast NONE = new Broadcast("", 0, ByteRate.NONE, 0, false, 0, Collections.emptySortedMap());

    Broadcast(
            String topic,
            int canaryPermille,
            ByteRate bytes,
            int canaryTold,
            boolean begun,
            long offset,
            Map<String, RoomCounts> rooms) {
        this(topic, canaryPermille, bytes, canaryTold, begun, offset, new TreeMap<>(rooms));
    }

    /** One that waits for its turn. */
    static Broadcast fresh(String topic, int canaryPermille, ByteRate bytes) {
        return new Broadcast(topic, canaryPermille, bytes, 0, false, 0, Collections.emptySortedMap());
    }

    boolean hasTopic() {
        return !topic.isEmpty();
    }

    /** Whether that would be more users. */
    boolean isLessThan(int permille) {
        return share(canaryPermille) < share(permille);
    }

    /** Only for so many, and whoever works on it does not think of fewer. */
    boolean mayHold() {
        return canaryPermille > 0 && canaryPermille <= share(canaryTold);
    }

    private static int share(int permille) {
        return permille == 0 ? EVERYBODY : permille;
    }

    long acked() {
        return rooms.values().stream().mapToLong(RoomCounts::acked).sum();
    }
}
