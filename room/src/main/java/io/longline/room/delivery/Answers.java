package io.longline.room.delivery;

import io.longline.room.session.HintOutcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.ObjIntConsumer;

/** The outcomes of one batch of hints, given by several loops, told on at once, and waited for by one thread. */
final class Answers {
    private final AtomicIntegerArray given;
    private final CountDownLatch missing;
    private final ObjIntConsumer<HintOutcome> tell;

    Answers(int count, ObjIntConsumer<HintOutcome> tell) {
        this.given = new AtomicIntegerArray(count);
        this.missing = new CountDownLatch(count);
        this.tell = tell;
    }

    /** The first one counts. */
    void give(int index, HintOutcome outcome) {
        if (given.compareAndSet(index, 0, 1)) {
            try {
                tell.accept(outcome, index);
            } finally {
                missing.countDown();
            }
        }
    }

    /** Returns when all are told. One that is not given in time is {@code Queued}, since its session has it on its list. */
    void await(Duration time) {
        try {
            if (!missing.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                for (int i = 0; i < given.length(); i++) {
                    give(i, HintOutcome.QUEUED);
                }
                missing.await(); // A loop may be telling one at this moment.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
