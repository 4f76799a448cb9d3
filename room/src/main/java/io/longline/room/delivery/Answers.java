package io.longline.room.delivery;

import io.longline.room.session.HintOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The outcomes of one batch of hints, given by several loops and waited for by one thread. */
final class Answers {
    private final AtomicReferenceArray<HintOutcome> outcomes;
    private final CountDownLatch missing;

    Answers(int count) {
        outcomes = new AtomicReferenceArray<>(count);
        missing = new CountDownLatch(count);
    }

    /** Each one is given once. */
    void give(int index, HintOutcome outcome) {
        outcomes.set(index, outcome);
        missing.countDown();
    }

    /** All of them in their order; one that is not given in time is {@code Queued}, since its session has it on its list. */
    List<HintOutcome> await(Duration time) {
        try {
            boolean _ = missing.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<HintOutcome> all = new ArrayList<>(outcomes.length());
        for (int i = 0; i < outcomes.length(); i++) {
            HintOutcome outcome = outcomes.get(i);
            all.add(outcome == null ? HintOutcome.QUEUED : outcome);
        }
        return all;
    }
}
