package io.longline.keeper.redis;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Callers that wait for the {@link RedisLink} of their key: without a thread, in order of arrival, no more than a limit and
 * no longer than a timeout.
 */
final class RedisWaitQueue {

    static final int LIMIT = 10_000;

    private final Duration timeout;
    private final RedisMetrics metrics;
    /** By ticket. Guarded by this, as all below. */
    private final Map<Long, Waiter> waiting = new LinkedHashMap<>();

    private long lastTicket;

    RedisWaitQueue(Duration timeout, RedisMetrics metrics) {
        this.timeout = timeout;
        this.metrics = metrics;
    }

    private record Waiter(String key, CompletableFuture<RedisLink> link) {}

    private record Released(CompletableFuture<RedisLink> waiter, RedisLink link) {}

    /** {@link ErrorCode#OVERLOADED} at once when the queue is full. */
    CompletableFuture<RedisLink> join(String key) {
        CompletableFuture<RedisLink> waiter = new CompletableFuture<>();
        long ticket;
        synchronized (this) {
            if (waiting.size() >= LIMIT) {
                metrics.rejectedFull();
                return CompletableFuture.failedFuture(
                        RedisErrors.overloaded("too many wait for Redis to come back", null));
            }
            ticket = ++lastTicket;
            waiting.put(ticket, new Waiter(key, waiter));
        }
        return waiter.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).whenComplete((link, error) -> leave(ticket));
    }

    /** Lets all go on whose key is served now. */
    void release(RedisMap map) {
        released(map).forEach(released -> released.waiter.complete(released.link));
    }

    void fail(LonglineException error) {
        emptied().forEach(waiter -> waiter.link.completeExceptionally(error));
    }

    synchronized int depth() {
        return waiting.size();
    }

    private synchronized List<Released> released(RedisMap map) {
        List<Released> all = new ArrayList<>();
        for (Iterator<Waiter> each = waiting.values().iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            RedisLink link = map.at(waiter.key);
            if (link != null) {
                each.remove();
                all.add(new Released(waiter.link, link));
            }
        }
        return all;
    }

    private synchronized List<Waiter> emptied() {
        List<Waiter> all = new ArrayList<>(waiting.values());
        waiting.clear();
        return all;
    }

    /** Who is still in the queue when it is done was not let out of it, so its time was over. */
    private void leave(long ticket) {
        @Nullable Waiter removed;
        synchronized (this) {
            removed = waiting.remove(ticket);
        }
        if (removed != null) {
            metrics.rejectedTimeout();
        }
    }
}
