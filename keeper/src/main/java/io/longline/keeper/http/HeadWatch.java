package io.longline.keeper.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * Gives up a connection on which a head has begun that does not come to its end in time; Helidon waits for it for ever. Each connection has
 * one; it is used by the thread of the connection, on which its handlers run, too.
 */
final class HeadWatch {
    private static final ThreadLocal<HeadWatch> OF_THREAD = new ThreadLocal<>();

    private final BodyWatch watch;
    private final Duration patience;
    /** Bytes that have come and that nobody has looked at. */
    private IntSupplier buffered = () -> 0;

    private boolean handling;
    private boolean begun;
    private long begunNanos;

    HeadWatch(BodyWatch watch, Duration patience) {
        this.watch = watch;
        this.patience = patience;
    }

    void buffered(IntSupplier bytes) {
        buffered = bytes;
    }

    /** Waits until there are bytes; not for longer than the head may still take, if one has begun. */
    void await(Runnable bytes) {
        OF_THREAD.set(this);
        if (handling || !begun) {
            bytes.run();
        } else {
            Duration left = patience.minusNanos(System.nanoTime() - begunNanos);
            inTime(left.isPositive() ? left : Duration.ofMillis(1), bytes);
        }
        if (!handling && !begun) {
            begins();
        }
    }

    private void begins() {
        begun = true;
        begunNanos = System.nanoTime();
    }

    private void inTime(Duration most, Runnable bytes) {
        try {
            var _ = watch.inTime(most, () -> {
                bytes.run();
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The head of a request on this thread's connection is whole; what is read from now on is its body. */
    static void handling() {
        HeadWatch own = OF_THREAD.get();
        if (own != null) {
            own.handling = true;
            own.begun = false;
        }
    }

    /** It is answered; the next head may have begun behind it. */
    static void handled() {
        HeadWatch own = OF_THREAD.get();
        if (own != null) {
            own.handling = false;
            if (own.buffered.getAsInt() > 0) {
                own.begins();
            }
        }
    }
}
