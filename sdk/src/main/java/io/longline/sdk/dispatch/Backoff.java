package io.longline.sdk.dispatch;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * How long to wait before the next try, so that those who lost a room together do not come back together. Before try n, counted from 0,
 * the ceiling is {@code base_ms * factor^n}, at most {@code max_ms}; the share {@code jitter} of it is random, which at 1 means anything
 * from 0 to the ceiling. The numbers are the server's: from the dispatcher's answer, then from {@code welcome}.
 */
public final class Backoff {
    private final Random random;
    private double baseMs = 1_000;
    private double maxMs = 60_000;
    private double factor = 2;
    private double jitter = 1;

    public Backoff(Random random) {
        this.random = random;
    }

    /** Takes over the server's numbers; a base or maximum of 0 would mean not to wait at all, and is ignored. */
    public void configure(io.longline.v1.Backoff settings) {
        if (settings.getBaseMs() == 0 || settings.getMaxMs() == 0) {
            return;
        }
        baseMs = Integer.toUnsignedLong(settings.getBaseMs());
        maxMs = Integer.toUnsignedLong(settings.getMaxMs());
        factor = settings.getFactor() >= 1 ? settings.getFactor() : 1;
        jitter = Math.max(0, Math.min(1, settings.getJitter()));
    }

    /** A wait that a server named, within what anybody can mean: it is added to a clock. */
    public static long atMostADay(long ms) {
        return Math.max(0, Math.min(TimeUnit.DAYS.toMillis(1), ms));
    }

    /** The wait before try {@code n}. */
    public long waitMs(int n) {
        double ceiling = Math.min(maxMs, baseMs * Math.pow(factor, n));
        return (long) (ceiling * (1 - jitter) + ceiling * jitter * random.nextDouble());
    }
}
