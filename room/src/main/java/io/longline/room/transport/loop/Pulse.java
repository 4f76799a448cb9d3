package io.longline.room.transport.loop;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Notices that a loop stood still, because the process was stopped or something else took its time. It beats before anything is
 * done on the loop, at least ten times a second. Used by the loop alone.
 */
public final class Pulse {
    /** A longer pause counts as so much waking time: in it the clients could say what they liked and nobody heard them. */
    private static final long MAX_COUNTED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final LongSupplier nanos;
    private final long longestNanos;
    private LongConsumer stopped = since -> {};
    private boolean begun;
    private boolean telling;
    private long lastNanos;
    private long awakeNanos;

    /**
     * @param nanos a clock that goes on while the process is stopped
     * @param longestNanos a pause beyond it was a stop
     */
    public Pulse(LongSupplier nanos, long longestNanos) {
        this.nanos = nanos;
        this.longestNanos = longestNanos;
    }

    /** What is to be done after a stop, before anything else; told when the loop was last awake. */
    void onStopped(LongConsumer toBeDone) {
        stopped = toBeDone;
    }

    public void beat() {
        long now = nanos.getAsLong();
        long since = begun ? lastNanos : now;
        begun = true;
        lastNanos = now;
        awakeNanos += Math.min(MAX_COUNTED_NANOS, now - since);
        if (now - since > longestNanos && !telling) {
            telling = true;
            stopped.accept(since);
            telling = false;
            lastNanos = nanos.getAsLong(); // that may have taken long, and was no stop
        }
    }

    /** The time for which the loop was awake, up to the last beat. */
    long awakeMs() {
        return TimeUnit.NANOSECONDS.toMillis(awakeNanos);
    }
}
