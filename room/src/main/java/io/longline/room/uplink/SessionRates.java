package io.longline.room.uplink;

import io.longline.room.session.Session;
import java.util.IdentityHashMap;

/**
 * How much of its limit each session has used up. A minute's worth may come at once; then one comes free after the other. Who has used up
 * nothing takes no room here.
 */
final class SessionRates {
    private static final double MINUTE_MS = 60_000;

    /** Until when its limit is used up, in ms. */
    private final IdentityHashMap<Session, Double> usedUntil = new IdentityHashMap<>();

    /** 0: it may, and it counts; else in how many ms it may. */
    long ask(Session session, int perMinute, long nowMs) {
        if (perMinute == 0) {
            return 0;
        }
        double used = Math.max(usedUntil.getOrDefault(session, 0.0), (double) nowMs) + MINUTE_MS / perMinute;
        double over = used - nowMs - MINUTE_MS;
        if (over > 0) {
            return (long) Math.ceil(over);
        }
        usedUntil.put(session, used);
        return 0;
    }

    /** Forgets those that have all of their limit again, or are no more. */
    void sweep(long nowMs) {
        usedUntil
                .entrySet()
                .removeIf(each -> each.getValue() <= nowMs || each.getKey().isEnded());
    }

    int size() {
        return usedUntil.size();
    }
}
