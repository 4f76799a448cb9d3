package io.longline.keeper.http;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Notices that the process stood still for longer than it may without having been stopped. What lay in its sockets meanwhile is read as soon
 * as it goes on; whoever sent it may have given it up, and have had it done by another process long ago. Any thread may ask.
 */
final class Standstill implements AutoCloseable {
    /** More than a garbage collection or a busy machine takes, less than callers wait for an answer. */
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

    /** After it, all that lay in the sockets has been read. */
    static final Duration READING_OFF = Duration.ofSeconds(1);

    private static final long BEAT_MS = 500;

    private final LongSupplier nanos;
    private final ScheduledExecutorService beating = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("http-standstill").factory());
    private long lastNanos;
    private long readOffNanos;

    /** @param nanos a clock that goes on while the process is stopped */
    Standstill(LongSupplier nanos) {
        this.nanos = nanos;
        this.lastNanos = nanos.getAsLong();
        this.readOffNanos = lastNanos;
        var _ = beating.scheduleWithFixedDelay(this::beat, BEAT_MS, BEAT_MS, TimeUnit.MILLISECONDS);
    }

    /** Whether what is read now may have lain there since before. */
    boolean isJustOver() {
        return beat() < 0;
    }

    /** Whoever runs first after it notices; how long ago all has been read, in nanoseconds. */
    private synchronized long beat() {
        long now = nanos.getAsLong();
        if (now - lastNanos > LONGEST_PAUSE.toNanos()) {
            readOffNanos = now + READING_OFF.toNanos();
        }
        lastNanos = now;
        return now - readOffNanos;
    }

    @Override
    public void close() {
        beating.shutdownNow();
    }
}
