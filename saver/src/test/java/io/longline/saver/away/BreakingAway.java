package io.longline.saver.away;

import io.longline.keeper.error.LonglineException;
import io.longline.saver.endpoint.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** Breaks some steps off, before or after they were done: as where a saver dies in between. */
final class BreakingAway implements AwayStore {
    private final AwayStore store;
    private final Random random;
    private volatile boolean calm;
    private volatile IntPredicate gone = shard -> false;
    private int broken;
    private int left;
    private int returned;

    BreakingAway(AwayStore store, Random random) {
        this.store = store;
        this.random = random;
    }

    void calm() {
        calm = true;
    }

    /** Nobody answers for these shards who is absent. */
    void gone(IntPredicate shards) {
        gone = shards;
    }

    int broken() {
        return broken;
    }

    int left() {
        return left;
    }

    int returned() {
        return returned;
    }

    /** 0 where a step was broken off. */
    int tried(Supplier<Integer> work) {
        try {
            return work.get();
        } catch (LonglineException e) {
            return 0;
        }
    }

    /** Again and again, as callers do. */
    <T> T insisted(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (LonglineException e) {
                if (!e.code().retryable() || attempt == 50) {
                    throw e;
                }
            }
        }
    }

    private synchronized boolean breaks() {
        boolean now = !calm && random.nextInt(10) == 0;
        broken += now ? 1 : 0;
        return now;
    }

    private synchronized void count(boolean leaves, boolean done) {
        left += leaves && done ? 1 : 0;
        returned += !leaves && done ? 1 : 0;
    }

    private <T> CompletionStage<T> step(Supplier<CompletionStage<T>> step) {
        if (breaks()) {
            return broken("before");
        }
        return step.get().thenCompose(answer -> breaks() ? broken("after") : CompletableFuture.completedFuture(answer));
    }

    private static <T> CompletionStage<T> broken(String when) {
        return CompletableFuture.failedFuture(
                LonglineException.dependencyDown("redis", "broken off " + when + " it was done", null));
    }

    @Override
    public CompletionStage<List<Absent>> absent(int shard, Duration absence, int most) {
        return gone.test(shard) ? broken("before") : step(() -> store.absent(shard, absence, most));
    }

    @Override
    public CompletionStage<List<Waiting>> head(Endpoint endpoint, int most) {
        return step(() -> store.head(endpoint, Math.min(most, 3)));
    }

    @Override
    public CompletionStage<Boolean> leave(Endpoint endpoint, Duration absence, List<Waiting> head) {
        return step(() ->
                store.leave(endpoint, absence, head).whenComplete((done, error) -> count(true, error == null && done)));
    }

    @Override
    public CompletionStage<Away> away(Endpoint endpoint) {
        return step(() -> store.away(endpoint));
    }

    @Override
    public CompletionStage<Gathered> gather(Endpoint endpoint, String name, List<Waiting> messages) {
        return step(() -> store.gather(endpoint, name, messages));
    }

    @Override
    public CompletionStage<Boolean> putBack(Endpoint endpoint, String name, Away as, Gathered all) {
        return step(() -> store.putBack(endpoint, name, as, all)
                .whenComplete((done, error) -> count(false, error == null && done)));
    }
}
