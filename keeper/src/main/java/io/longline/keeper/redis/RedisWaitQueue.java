package io.longline.keeper.redis;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Callers that wait for a {@link RedisLink}: without a thread, in order of arrival, no more than a limit and no longer
 * than a timeout.
 */
final class RedisWaitQueue {

    static final int LIMIT = 10_000;

    private final Duration timeout;
    private final RedisMetrics metrics;
    /** By ticket. Guarded by this, as all below. */
    private final Map<Long, CompletableFuture<RedisLink>> waiting = new LinkedHashMap<>();

    private long lastTicket;

    RedisWaitQueue(Duration timeout, RedisMetrics metrics) {
        this.timeout = timeout;
        this.metrics = metrics;
    }

    /** {@link ErrorCode#OVERLOADED} at once when the queue is full. */
    CompletableFuture<RedisLink> join() {
        CompletableFuture<RedisLink> waiter = new CompletableFuture<>();
        long ticket;
        synchronized (this) {
            if (waiting.size() >= LIMIT) {
                metrics.rejectedFull();
                return CompletableFuture.failedFuture(
                        RedisErrors.overloaded("too many wait for Redis to come back", null));
            }
            ticket = ++lastTicket;
            waiting.put(ticket, waiter);
        }
        return waiter.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).whenComplete((link, error) -> leave(ticket));
    }

    /** Lets all go on with this link. */
    void release(RedisLink link) {
        emptied().forEach(waiter -> waiter.complete(link));
    }

    void fail(LonglineException error) {
        emptied().forEach(waiter -> waiter.completeExceptionally(error));
    }

    synchronized int depth() {
        return waiting.size();
    }

    private synchronized List<CompletableFuture<RedisLink>> emptied() {
        List<CompletableFuture<RedisLink>> all = new ArrayList<>(waiting.values());
        waiting.clear();
        return all;
    }

    /** Who is still in the queue when it is done was not let out of it, so its time was over. */
    private void leave(long ticket) {
        @Nullable CompletableFuture<RedisLink> removed;
        synchronized (this) {
            removed = waiting.remove(ticket);
        }
        if (removed != null) {
            metrics.rejectedTimeout();
        }
    }
}
