package io.longline.keeper.rpc;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Requests that are worked on, so many at a time. A batch that is larger than the limit counts as the whole of it, so that it
 * is not refused for ever. From any thread.
 */
final class WorkLimit {
    private final int limit;
    private final Semaphore free;

    WorkLimit(int limit) {
        this.limit = limit;
        this.free = new Semaphore(limit);
    }

    boolean tryTake(int requests) {
        return free.tryAcquire(Math.min(requests, limit));
    }

    /** Some of a batch of {@code count} requests were answered, and now {@code left} of it are not. */
    void give(int answered, int count, int left) {
        int before = Math.min(left + answered, Math.min(count, limit));
        free.release(before - Math.min(left, Math.min(count, limit)));
    }

    int limit() {
        return limit;
    }

    int taken() {
        return limit - free.availablePermits();
    }

    /** Waits until nothing is worked on; gives up after that time. */
    void awaitIdle(Duration time) {
        try {
            if (free.tryAcquire(limit, time.toNanos(), TimeUnit.NANOSECONDS)) {
                free.release(limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
