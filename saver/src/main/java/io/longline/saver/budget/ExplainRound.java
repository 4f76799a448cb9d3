package io.longline.saver.budget;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.saver.budget.BudgetStore.GivenUp;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where what only explains takes more than its budget, the oldest of it is given up, of all shards alike: ids are spread over them by a hash. It goes
 * down to somewhat less, so that not each message brings another round. Under a lease: several savers would give up as many times too much.
 */
public final class ExplainRound implements LeasedLoop.Task {
    private static final Logger log = LoggerFactory.getLogger(ExplainRound.class);

    /** Longer than it takes until what is used is known anew. */
    public static final Duration PERIOD = Duration.ofSeconds(2);

    private static final Duration STEP = Duration.ofSeconds(2);
    private static final double KEPT_SHARE = 0.95;
    /** Takes Redis some milliseconds in a shard. */
    private static final int MOST_OF_A_SHARD = 500;

    private static final int AT_ONCE = 16;

    private final BudgetStore store;
    private final Budgets budgets;
    private final LongConsumer onGivenUp;

    /** @param onGivenUp is told how many records */
    public ExplainRound(BudgetStore store, Budgets budgets, LongConsumer onGivenUp) {
        this.store = store;
        this.budgets = budgets;
        this.onGivenUp = onGivenUp;
    }

    @Override
    public boolean due() {
        return budgets.share(Kind.EXPLAIN) > 1;
    }

    @Override
    public void run(Lease lease) {
        long surplus = budgets.used(Kind.EXPLAIN) - (long) (KEPT_SHARE * budgets.budget(Kind.EXPLAIN));
        long ofEach = Math.ceilDiv(surplus, (long) Shards.COUNT);
        Deadline deadline = Deadline.after(STEP);
        int first = ThreadLocalRandom.current().nextInt(Shards.COUNT);
        for (int done = 0; done < Shards.COUNT && surplus > 0; done += AT_ONCE) {
            surplus -= giveUp(first + done, ofEach, deadline);
        }
    }

    /** In some shards at once; answers how many bytes. Where each has little to give up, fewer of them have to. */
    private long giveUp(int first, long ofEach, Deadline deadline) {
        List<CompletionStage<GivenUp>> answers = IntStream.range(first, first + AT_ONCE)
                .mapToObj(shard -> store.giveUp(shard % Shards.COUNT, ofEach, MOST_OF_A_SHARD))
                .toList();
        long bytes = 0;
        for (CompletionStage<GivenUp> answer : answers) {
            try {
                GivenUp givenUp = RedisStore.await(answer, deadline);
                onGivenUp.accept(givenUp.records());
                bytes += givenUp.bytes();
            } catch (LonglineException e) {
                log.debug("a shard gave up nothing", e);
            }
        }
        return bytes;
    }
}
