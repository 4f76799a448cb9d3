package io.longline.room.delivery;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A fault switch: so many of the next hints are neither handled nor answered. Zero unless a test or {@code room.fault.lose-hints} sets it. */
public final class LostHints {
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);

    private final AtomicInteger left;

    public LostHints(int count) {
        left = new AtomicInteger(count);
    }

    public void set(int count) {
        left.set(count);
    }

    /** How many of so many hints are to be lost. */
    int take(int hints) {
        return Math.min(hints, left.getAndUpdate(n -> Math.max(0, n - hints)));
    }

    /** What stands for the answer that does not come. */
    static LonglineException noAnswer() {
        return new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "lost by the fault switch room.fault.lose-hints");
    }

    /** Whoever asked hears nothing until it no longer listens. */
    static void await(Deadline deadline) {
        LockSupport.parkNanos(deadline.atMost(LONGEST_SILENCE).remainingNanos());
    }
}
