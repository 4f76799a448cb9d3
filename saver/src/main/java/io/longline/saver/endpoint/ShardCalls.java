package io.longline.saver.endpoint;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Makes calls to shards, and waits a while for one that was lost and is being rebuilt. */
public final class ShardCalls {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final IntConsumer onLost;

    /** The consumer is told of each shard that Redis does not have; it must not block. */
    public ShardCalls(IntConsumer onLost) {
        this.onLost = onLost;
    }

    /**
     * The answer of a call.
     *
     * @throws LonglineException DEPENDENCY_DOWN {@code redis} when the shard was not there for 2 s
     */
    public <T> T call(int shard, Deadline deadline, Supplier<CompletionStage<T>> call) {
        Deadline patience = deadline.atMost(PATIENCE);
        while (true) {
            try {
                return RedisStore.await(call.get(), deadline);
            } catch (LonglineException e) {
                if (e.code() != ErrorCode.SHARD_LOST) {
                    throw e;
                }
                onLost.accept(shard);
                if (patience.passed()) {
                    throw LonglineException.dependencyDown("redis", "shard " + shard + " is being rebuilt", e)
                            .retryAfter(RETRY_AFTER);
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
