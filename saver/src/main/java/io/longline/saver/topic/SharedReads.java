package io.longline.saver.topic;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads that many want at the same time. Who comes while one of the same key is under way shares the next one, never one that began before
 * he came: what he reads is as new as if he had read alone. So there are two of a key at most, however many want it.
 *
 * @param <K> what is read
 * @param <V> what it says
 */
final class SharedReads<K, V> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<K, Queue<V>> running = new HashMap<>();

    private record Turn<V>(Supplier<V> read, CompletableFuture<V> answer) {}

    /** Who waits while a key is being read. */
    private static final class Queue<V> {
        @Nullable
        Turn<V> next;
    }

    /** {@code read} runs on a thread of its own, and has to know by itself how long it may take. */
    V read(K key, Supplier<V> read, Deadline deadline) {
        return await(join(key, read), deadline);
    }

    private CompletableFuture<V> join(K key, Supplier<V> read) {
        Turn<V> mine = new Turn<>(read, new CompletableFuture<>());
        lock.lock();
        try {
            Queue<V> queue = running.get(key);
            if (queue != null) {
                Turn<V> next = queue.next == null ? mine : queue.next;
                queue.next = next;
                return next.answer();
            }
            running.put(key, new Queue<>());
        } finally {
            lock.unlock();
        }
        Thread.startVirtualThread(() -> run(key, mine));
        return mine.answer();
    }

    private void run(K key, Turn<V> first) {
        Turn<V> turn = first;
        while (turn != null) {
            try {
                turn.answer().complete(turn.read().get());
            } catch (RuntimeException e) {
                turn.answer().completeExceptionally(ErrorTranslator.fromAny(e));
            }
            turn = next(key);
        }
    }

    private @Nullable Turn<V> next(K key) {
        lock.lock();
        try {
            Queue<V> queue = running.remove(key);
            if (queue == null || queue.next == null) {
                return null;
            }
            running.put(key, new Queue<>());
            return queue.next;
        } finally {
            lock.unlock();
        }
    }

    private static <V> V await(CompletableFuture<V> answer, Deadline deadline) {
        try {
            return answer.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "a log was not read before the deadline", e);
        } catch (ExecutionException e) {
            throw ErrorTranslator.fromAny(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LonglineException(ErrorCode.OVERLOADED, "interrupted while a log was read", e);
        }
    }
}
