package io.longline.room.handshake;

import io.longline.room.session.Endpoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Endpoints whose links were closed for abuse. Once or twice is a mistake; who comes back and does it a third time within a minute is not bound for
 * a minute, so that a flood that returns as soon as it is closed costs no login each time. Of too many the oldest are forgotten. Thread-safe.
 */
public final class Abusers {
    static final int TOO_OFTEN = 3;
    static final int LIMIT = 10_000;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private final Map<Endpoint, Deeds> known = LinkedHashMap.newLinkedHashMap(16);

    /** @param sinceNanos of the first one, or of the last where it was too often */
    private record Deeds(int count, long sinceNanos) {

        Deeds again(long now) {
            return new Deeds(count + 1, count + 1 >= TOO_OFTEN ? now : sinceNanos);
        }
    }

    public Abusers() {
        this(System::nanoTime);
    }

    Abusers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A link of this endpoint was closed for abuse. */
    public synchronized void note(Endpoint endpoint) {
        long now = nanoTime.getAsLong();
        Deeds before = known.remove(endpoint); // to stand last, as the newest
        Deeds deeds = before == null || isOver(before, now) ? new Deeds(1, now) : before.again(now);
        if (known.size() == LIMIT) {
            known.remove(known.keySet().iterator().next());
        }
        known.put(endpoint, deeds);
    }

    /** For how long it is not bound, in ms; 0: it is. */
    synchronized long refusedForMs(Endpoint endpoint) {
        Deeds deeds = known.get(endpoint);
        long now = nanoTime.getAsLong();
        if (deeds == null || deeds.count() < TOO_OFTEN || isOver(deeds, now)) {
            return 0;
        }
        return Math.max(1, MINUTE.minusNanos(now - deeds.sinceNanos()).toMillis());
    }

    synchronized int size() {
        return known.size();
    }

    private static boolean isOver(Deeds deeds, long now) {
        return now - deeds.sinceNanos() >= MINUTE.toNanos();
    }
}
