package io.longline.stores;

import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other processes do by themselves. */
final class Waiting {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Waiting() {}

    /** Returns when it is so; a question that fails has no answer yet. */
    static void until(String what, BooleanSupplier isSo) {
        long until = System.nanoTime() + LIMIT_NANOS;
        while (!answers(isSo)) {
            if (System.nanoTime() - until > 0) {
                throw new IllegalStateException("waited in vain until " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static boolean answers(BooleanSupplier isSo) {
        try {
            return isSo.getAsBoolean();
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
