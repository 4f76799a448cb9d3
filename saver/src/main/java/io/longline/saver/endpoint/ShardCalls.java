package io.longline.saver.endpoint;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** Makes calls to shards, and waits a while for one that was lost and is being rebuilt. */
public final class ShardCalls {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Duration patience;
    private final IntConsumer onLost;
    private final IntPredicate beingRebuilt;
    private final Runnable requireFit;

    /**
     * None of the functions may block.
     *
     * @param patience how long a caller waits for a shard that is being rebuilt
     * @param onLost is told of each shard that Redis does not have
     * @param beingRebuilt whether it is not worth asking yet; another saver may have rebuilt it all the same
     * @param requireFit throws where the store must not be used at all
     */
    public ShardCalls(Duration patience, IntConsumer onLost, IntPredicate beingRebuilt, Runnable requireFit) {
        this.patience = patience;
        this.onLost = onLost;
        this.beingRebuilt = beingRebuilt;
        this.requireFit = requireFit;
    }

    /**
     * The answer of a call.
     *
     * @throws LonglineException DEPENDENCY_DOWN {@code redis} when the shard was not there for all of the patience
     */
    public <T> T call(int shard, Deadline deadline, Supplier<CompletionStage<T>> call) {
        requireFit.run();
        Deadline patient = deadline.atMost(patience);
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return RedisStore.await(RedisStore.within(deadline, call), deadline);
            } catch (LonglineException e) {
                if (e.code() != ErrorCode.SHARD_LOST) {
                    throw e;
                }
                onLost.accept(shard);
                if (patient.passed()) {
                    throw LonglineException.dependencyDown("redis", "shard " + shard + " is being rebuilt", e)
                            .retryAfter(RETRY_AFTER);
                }
            }
            pause = awaitRebuild(shard, pause, patient);
        }
    }

    /** Returns when it is worth asking Redis again, with the pause for the next time. All that wait for a shard do so. */
    private Duration awaitRebuild(int shard, Duration first, Deadline patient) {
        Deadline ask = patient.atMost(LONGEST_PAUSE);
        Duration pause = first;
        do {
            LockSupport.parkNanos(Math.min(pause.toNanos(), ask.remainingNanos()));
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        } while (beingRebuilt.test(shard) && !ask.passed());
        return pause;
    }
}
