package io.longline.room.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before something that failed is tried again: twice as long each time, half of it at random. */
public final class Backoff {
    private static final int MAX_DOUBLINGS = 30;

    private final long firstMs;
    private final long maxMs;
    private final RandomGenerator random;

    public Backoff(Duration first, Duration max, RandomGenerator random) {
        this.firstMs = first.toMillis();
        this.maxMs = max.toMillis();
        this.random = random;
    }

    /**
     * A random time, and on average a longer one the more failures there were.
     *
     * @param failures so far, at least 1
     */
    public Duration after(int failures) {
        long full = Math.min(maxMs, firstMs << Math.min(failures - 1, MAX_DOUBLINGS));
        return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
    }
}
