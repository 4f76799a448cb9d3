package io.longline.register.route;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What becomes of a question that met a lost shard: it is asked again while the rebuild runs, for as long as the patience
 * lasts, and then fails with DEPENDENCY_DOWN redis, as if Redis itself were away.
 */
public final class LostShardPolicy {
    private static final Duration PAUSE = Duration.ofMillis(25);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Duration patience;

    public LostShardPolicy(Duration patience) {
        this.patience = patience;
    }

    /** Blocks; for virtual threads. */
    public <T> T ask(Supplier<CompletionStage<T>> question, Deadline deadline) {
        Deadline patient = deadline.atMost(patience);
        while (true) {
            try {
                return RedisStore.await(RedisStore.within(deadline, question), deadline);
            } catch (LonglineException e) {
                if (e.code() != ErrorCode.SHARD_LOST) {
                    throw e;
                }
                if (patient.passed()) {
                    throw LonglineException.dependencyDown("redis", "redis was lost, its routes are being rebuilt", e)
                            .retryAfter(RETRY_AFTER);
                }
            }
            pause(PAUSE);
        }
    }

    /** Waits so long; fails with DRAINING where register stops meanwhile. */
    public static void pause(Duration length) {
        try {
            Thread.sleep(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LonglineException(ErrorCode.DRAINING, "register is stopping", e);
        }
    }
}
