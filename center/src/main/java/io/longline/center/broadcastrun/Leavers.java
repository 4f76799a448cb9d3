package io.longline.center.broadcastrun;

import io.longline.center.job.RoomProgress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Sessions that ended before they were sent a broadcast. They may be back in a moment, at another room: were it done meanwhile, all of them would read it at
 * once, at no pace. Used by one thread.
 */
final class Leavers {
    /** Longer than clients wait before they connect anew, where nobody refuses them. */
    static final Duration RETURN = Duration.ofSeconds(5);

    private final LongSupplier nanos;
    /** By start of a room, what it told last. */
    private final Map<String, RoomProgress> told = new HashMap<>();

    private boolean any;
    private long last;

    Leavers(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void told(String room, RoomProgress now) {
        RoomProgress before = told.put(room, now);
        if (before != null && now.targeted() < before.targeted()) {
            left();
        }
    }

    /** Somebody left, or may have: nobody looked. */
    void left() {
        any = true;
        last = nanos.getAsLong();
    }

    /**
     * Whether some left so lately that they are waited for.
     *
     * @param members starts of rooms that are there
     */
    boolean mayComeBack(Set<String> members) {
        boolean lost = told.entrySet().stream()
                .anyMatch(room ->
                        !members.contains(room.getKey()) && room.getValue().left() > 0);
        if (lost) {
            left();
        }
        told.keySet().retainAll(members);
        return any && nanos.getAsLong() - last < RETURN.toNanos();
    }
}
