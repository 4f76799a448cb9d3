package io.longline.keeper.rpc;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * When a stream that failed is opened again: at once if it had worked, else after 50 ms, doubling to 1 s, less up to half of
 * it at random so that not all peers come at the same moment. Written by one thread, read by any.
 */
final class Backoff {
    private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

    private long delay = FIRST;
    private volatile long until = System.nanoTime();

    void worked() {
        delay = FIRST;
    }

    void failed() {
        until = System.nanoTime() + ThreadLocalRandom.current().nextLong(delay / 2, delay + 1);
        delay = Math.min(LONGEST, delay * 2);
    }

    /** Whether it is too early for another attempt. */
    boolean waiting() {
        return until - System.nanoTime() > 0;
    }
}
