package io.longline.keeper.rpc;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** When a call is no longer worth doing. It travels with the call; whoever works for it has what is left. Immutable. */
public final class Deadline {
    private final long atNanos;

    private Deadline(long atNanos) {
        this.atNanos = atNanos;
    }

    public static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    public static Deadline afterMillis(long millis) {
        return new Deadline(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** What is left, not below 0. */
    public long remainingNanos() {
        return Math.max(0, atNanos - System.nanoTime());
    }

    /** What is left, rounded up, so that 0 means passed. */
    public long remainingMillis() {
        return (remainingNanos() + 999_999) / 1_000_000;
    }

    public boolean passed() {
        return remainingNanos() == 0;
    }

    /** The earlier of this one and so much time from now. */
    public Deadline atMost(Duration time) {
        Deadline other = after(time);
        return other.atNanos - atNanos < 0 ? other : this;
    }

    /** Throws {@link ErrorCode#DEADLINE_EXCEEDED} when it has passed. */
    public void check() {
        if (passed()) {
            throw new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "the deadline has passed");
        }
    }

    /** In terms of {@link System#nanoTime()}. */
    long atNanos() {
        return atNanos;
    }
}
