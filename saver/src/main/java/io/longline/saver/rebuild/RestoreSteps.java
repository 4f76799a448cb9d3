package io.longline.saver.rebuild;

import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Gathers items into batches and has some batches on their way to the store together; whoever adds waits for the oldest of
 * them. So a shard of any size is restored in little memory, and what other shards ask of the store waits for a few batches
 * at most. For one thread.
 *
 * @param <I> an item
 * @param <T> what becomes of a batch
 */
final class RestoreSteps<I, T> {
    private static final Duration STEP = Duration.ofSeconds(10);
    private static final int BATCH = 64;
    private static final int BATCH_BYTES = 128 * 1024;
    private static final int WINDOW = 4;

    private final int window;
    private final ToIntFunction<I> bytes;
    private final Function<List<I>, CompletionStage<T>> step;
    private final Consumer<T> each;
    private final Deque<CompletionStage<T>> running = new ArrayDeque<>();
    private List<I> batch = new ArrayList<>();
    private int batchBytes;

    /** Of batches that may be carried out in any order, and each without the one before it. */
    RestoreSteps(ToIntFunction<I> bytes, Function<List<I>, CompletionStage<T>> step, Consumer<T> each) {
        this(WINDOW, bytes, step, each);
    }

    private RestoreSteps(
            int window, ToIntFunction<I> bytes, Function<List<I>, CompletionStage<T>> step, Consumer<T> each) {
        this.window = window;
        this.bytes = bytes;
        this.step = step;
        this.each = each;
    }

    /** No batch is on its way before all earlier ones were carried out. */
    static <I, T> RestoreSteps<I, T> oneByOne(
            ToIntFunction<I> bytes, Function<List<I>, CompletionStage<T>> step, Consumer<T> each) {
        return new RestoreSteps<>(1, bytes, step, each);
    }

    void add(I item) {
        batch.add(item);
        batchBytes += bytes.applyAsInt(item);
        if (batch.size() == BATCH || batchBytes >= BATCH_BYTES) {
            send();
        }
    }

    private void send() {
        if (running.size() == window) {
            awaitOldest();
        }
        running.add(step.apply(batch));
        batch = new ArrayList<>();
        batchBytes = 0;
    }

    private void awaitOldest() {
        each.accept(await(running.remove()));
    }

    /** Returns when all is done. */
    void finish() {
        if (!batch.isEmpty()) {
            send();
        }
        while (!running.isEmpty()) {
            awaitOldest();
        }
    }

    static <T> T await(CompletionStage<T> step) {
        return RedisStore.await(step, Deadline.after(STEP));
    }
}
