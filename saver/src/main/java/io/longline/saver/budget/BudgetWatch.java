package io.longline.saver.budget;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.saver.budget.BudgetStore.Recount;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link Budgets} up to date: reads each second what all shards keep, each minute how much Redis may use. A shard that is
 * being rebuilt, or whose node is away, counts as it was; so does how much Redis may use while not all of its nodes are there.
 */
public final class BudgetWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BudgetWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final int ROUNDS_TO_MEMORY = 60;
    private static final int ROUNDS_TO_RECOUNT = 10;

    private final BudgetStore store;
    private final BudgetConfig config;
    private final Budgets budgets;
    private final Thread thread = Thread.ofVirtual().name("saver-budget").unstarted(this::run);
    private final Map<Integer, Map<Kind, Long>> ofShards = new HashMap<>();
    private int nextRecount = ThreadLocalRandom.current().nextInt(Shards.COUNT);
    private int rounds;
    private int memoryRound; // the next in which to ask

    public BudgetWatch(BudgetStore store, BudgetConfig config, Budgets budgets) {
        this.store = store;
        this.config = config;
        this.budgets = budgets;
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                round();
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException e) {
            log.debug("closed");
        }
    }

    /** What is not answered keeps nothing else from being known. */
    void round() {
        if (rounds >= memoryRound && done(this::readMemory)) {
            memoryRound = rounds + ROUNDS_TO_MEMORY;
        }
        look();
        if (rounds % ROUNDS_TO_RECOUNT == 0) {
            done(() -> recount(nextRecount));
            nextRecount = (nextRecount + 1) % Shards.COUNT;
        }
        rounds++;
    }

    private static boolean done(Runnable step) {
        try {
            step.run();
            return true;
        } catch (LonglineException e) {
            log.debug("what redis keeps is not known this time", e);
            return false;
        }
    }

    private void readMemory() {
        budgets.budgets(config.of(RedisStore.await(store.memory(), Deadline.after(STEP))));
    }

    /** What expired by itself told nobody. */
    private void recount(int shard) {
        Recount recount = RedisStore.await(store.recount(shard), Deadline.after(STEP));
        if (recount.wrong() != 0) {
            log.debug("recounted shard={} inboxes={} wrong by={}", shard, recount.inboxes(), recount.wrong());
        }
        long wrong = RedisStore.await(store.recountTopics(shard), Deadline.after(STEP));
        if (wrong != 0) {
            log.debug("recounted shard={} topics wrong by={}", shard, wrong);
        }
    }

    /** One look at all shards. */
    void look() {
        List<CompletionStage<Map<Kind, Long>>> answers =
                IntStream.range(0, Shards.COUNT).mapToObj(store::used).toList();
        Deadline deadline = Deadline.after(STEP);
        int unknown = 0;
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            try {
                ofShards.put(shard, RedisStore.await(answers.get(shard), deadline));
            } catch (LonglineException _) {
                unknown++;
            }
        }
        if (unknown > 0) {
            log.debug("shards count as they were count={}", unknown);
        }
        Map<Kind, Long> sums = new EnumMap<>(Kind.class);
        ofShards.values().forEach(one -> one.forEach((kind, bytes) -> sums.merge(kind, bytes, Long::sum)));
        budgets.used(sums);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
