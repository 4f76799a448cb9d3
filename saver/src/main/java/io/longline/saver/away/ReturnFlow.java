package io.longline.saver.away;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.away.AwayStore.Away;
import io.longline.saver.away.AwayStore.Gathered;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.inbox.Returns;
import io.longline.saver.journal.Journal;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings the messages of one endpoint back into Redis: gathers them beside the inbox, bite by bite, and puts all of them back in
 * one step, if what is away is still what it was. Another saver may do the same at the same time; whoever is second finds it
 * done.
 */
public final class ReturnFlow implements Returns {
    private static final int BITE = 100;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final AwayStore store;
    private final MysqlInboxes rows;
    private final Journal journal;
    private final ShardCalls shards;
    private final SaverMetrics metrics;
    /** Those that are on their way, so that all who ask for one wait for the same. */
    private final Map<Endpoint, CompletableFuture<@Nullable Void>> running = new ConcurrentHashMap<>();

    public ReturnFlow(AwayStore store, MysqlInboxes rows, Journal journal, ShardCalls shards, SaverMetrics metrics) {
        this.store = store;
        this.rows = rows;
        this.journal = journal;
        this.shards = shards;
        this.metrics = metrics;
    }

    @Override
    public void bringBack(Endpoint endpoint, Deadline deadline) {
        CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> first = running.putIfAbsent(endpoint, mine);
        if (first == null) {
            // Of its own, because MySQL may take longer to answer than the caller can wait.
            Thread.startVirtualThread(() -> bringBack(endpoint, mine));
        }
        await(first == null ? mine : first, deadline);
    }

    private static void await(CompletableFuture<@Nullable Void> done, Deadline deadline) {
        try {
            done.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw LonglineException.dependencyDown("mysql", "messages did not come back from mysql in time", e)
                    .retryAfter(RETRY_AFTER);
        } catch (ExecutionException e) {
            throw ErrorTranslator.fromAny(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LonglineException.dependencyDown("mysql", "interrupted while messages came back", e);
        }
    }

    private void bringBack(Endpoint endpoint, CompletableFuture<@Nullable Void> done) {
        try {
            bringBackNow(endpoint, Deadline.after(LONGEST));
            running.remove(endpoint);
            done.complete(null);
        } catch (RuntimeException e) {
            running.remove(endpoint);
            done.completeExceptionally(ErrorTranslator.fromAny(e));
        }
    }

    private void bringBackNow(Endpoint endpoint, Deadline deadline) {
        Away away = call(endpoint, deadline, () -> store.away(endpoint));
        while (away.upto() > 0) {
            journal.requireUp(Durability.MYSQL);
            String name = UUID.randomUUID().toString();
            Gathered all = gather(endpoint, name, away, deadline);
            Away as = away;
            if (call(endpoint, deadline, () -> store.putBack(endpoint, name, as, all))) {
                metrics.returned(Math.toIntExact(all.count()));
                return;
            }
            deadline.check();
            away = call(endpoint, deadline, () -> store.away(endpoint));
        }
    }

    private Gathered gather(Endpoint endpoint, String name, Away away, Deadline deadline) {
        Gathered all = Gathered.NOTHING;
        MysqlInboxes.Part part;
        long after = away.acked();
        do {
            deadline.check();
            part = rows.waiting(endpoint, after, away.upto(), away.ackedByDefault(), BITE);
            after = part.upto();
            if (!part.messages().isEmpty()) {
                var messages = part.messages();
                all = all.plus(call(endpoint, deadline, () -> store.gather(endpoint, name, messages)));
            }
        } while (part.more());
        return all;
    }

    private <T> T call(Endpoint endpoint, Deadline deadline, Supplier<CompletionStage<T>> step) {
        return shards.call(endpoint.shard(), deadline, step);
    }
}
