package io.longline.room.uplink;

import io.longline.room.session.Endpoint;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How much of its limit the session of each endpoint has used up, on whatever loop: one that is bound anew goes on where the former was. A
 * minute's worth may come at once; then one comes free after the other. Who has used up nothing takes no room here, so nobody does for longer
 * than a minute. Any thread.
 */
public final class SessionRates {
    private static final double MINUTE_MS = 60_000;

    /** Until when its limit is used up, in ms. */
    private final ConcurrentMap<Endpoint, Double> usedUntil = new ConcurrentHashMap<>();

    /** 0: it may, and it counts; else in how many ms it may. */
    long ask(Endpoint endpoint, int perMinute, long nowMs) {
        if (perMinute == 0) {
            return 0;
        }
        double mostMs = nowMs + MINUTE_MS;
        double eachMs = MINUTE_MS / perMinute;
        long[] waitMs = {0};
        usedUntil.compute(endpoint, (_, before) -> {
            double used = Math.max(before == null ? 0 : before, (double) nowMs) + eachMs;
            waitMs[0] = used > mostMs ? (long) Math.ceil(used - mostMs) : 0;
            return waitMs[0] > 0 ? before : Double.valueOf(used);
        });
        return waitMs[0];
    }

    /** Forgets those that have all of their limit again. */
    void sweep(long nowMs) {
        usedUntil.values().removeIf(until -> until <= nowMs);
    }

    int size() {
        return usedUntil.size();
    }
}
