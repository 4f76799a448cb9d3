package io.longline.center.place;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether register did not answer a moment ago. Then nobody waits for it long who has something else to go by: what is not stored
 * (QoS 0) goes to where somebody was seen last. Used by many threads.
 */
public final class Silence {
    /** After it register is waited for as usual again, to find out. */
    private static final long LASTS_NANOS = Duration.ofSeconds(2).toNanos();

    private static final Duration WHILE_SILENT = Duration.ofMillis(250);

    private final LongSupplier nanos;
    private volatile boolean silent;
    private volatile long sinceNanos;

    Silence(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** How long register is worth waiting for. */
    public Duration patience(Duration usual) {
        boolean now = silent && nanos.getAsLong() - sinceNanos < LASTS_NANOS;
        return now && usual.compareTo(WHILE_SILENT) > 0 ? WHILE_SILENT : usual;
    }

    public void answered() {
        silent = false;
    }

    /** Nothing came, though register was waited for as long as it was worth. A silence that is known is not made longer by it. */
    public void unanswered() {
        if (!silent || nanos.getAsLong() - sinceNanos >= LASTS_NANOS) {
            sinceNanos = nanos.getAsLong();
            silent = true;
        }
    }
}
