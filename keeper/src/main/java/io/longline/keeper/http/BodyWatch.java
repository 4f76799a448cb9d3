package io.longline.keeper.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Gives up bodies, heads and answers that do not come to their end in time, and their connections: each would keep the place of a request or a
 * connection for ever.
 */
final class BodyWatch implements AutoCloseable {
    private final Duration patience;
    private final Set<Reading> readings = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("http-bodies").factory());

    /** What waits for the other side. */
    @FunctionalInterface
    interface Read<T> {
        T read() throws IOException;
    }

    BodyWatch(Duration patience) {
        this.patience = patience;
        long everyMs = Math.clamp(patience.toMillis() / 4, 100, 1_000);
        var _ = looking.scheduleWithFixedDelay(this::look, everyMs, everyMs, TimeUnit.MILLISECONDS);
    }

    /** Reads on this thread, which is interrupted, and its connection closed by that, if it takes too long. */
    <T> T inTime(Read<T> read) throws IOException {
        return inTime(patience, read);
    }

    /** The same with a patience of its own, if that is shorter. */
    <T> T inTime(Duration most, Read<T> read) throws IOException {
        long nanos = Math.min(most.toNanos(), patience.toNanos());
        Reading reading = new Reading(Thread.currentThread(), System.nanoTime() + nanos);
        readings.add(reading);
        try {
            return read.read();
        } finally {
            readings.remove(reading);
            reading.end();
        }
    }

    private void look() {
        long now = System.nanoTime();
        for (Reading reading : readings) {
            if (now - reading.deadline > 0) {
                reading.giveUp();
            }
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }

    private static final class Reading {
        private final Thread thread;
        private final long deadline;
        private boolean over;

        Reading(Thread thread, long deadline) {
            this.thread = thread;
            this.deadline = deadline;
        }

        synchronized void giveUp() {
            if (!over) {
                over = true;
                thread.interrupt();
            }
        }

        /** What the thread does next is not to be interrupted any more. */
        synchronized void end() {
            if (over) {
                Thread.interrupted();
            }
            over = true;
        }
    }
}
