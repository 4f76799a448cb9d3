package io.longline.saver.inbox;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.saver.SaverMetrics;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.Journal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Endpoints whose acks may have been taken without the answer reaching us. Whoever repeats such an ack changes nothing, so nobody else would
 * tell the journal: we ask for the watermark until it is told.
 */
public final class UnheardAcks implements AutoCloseable {
    private static final int MOST = 10_000;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final InboxStore store;
    private final Journal journal;
    private final SaverMetrics metrics;
    private final Set<Endpoint> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public UnheardAcks(InboxStore store, Journal journal, SaverMetrics metrics) {
        this.store = store;
        this.journal = journal;
        this.metrics = metrics;
    }

    /** An ack of this endpoint failed. Does not block; safe for any thread. */
    void failed(Endpoint endpoint, Throwable error) {
        boolean certain = ErrorTranslator.fromAny(error).code() == ErrorCode.SHARD_LOST; // nothing was changed
        if (!certain) {
            askLater(endpoint);
        }
    }

    private void askLater(Endpoint endpoint) {
        if (closed || waiting.contains(endpoint)) {
            return;
        }
        if (waiting.size() >= MOST) {
            metrics.watermarkDropped();
        } else if (waiting.add(endpoint)) {
            CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> ask(endpoint));
        }
    }

    private void ask(Endpoint endpoint) {
        waiting.remove(endpoint); // an ack that fails from here on may not be in the answer
        store.ack(endpoint, new Ack(0, "", 0)).whenComplete((watermark, error) -> {
            if (error != null) {
                askLater(endpoint); // a lost shard, too: Redis may have kept the ack, and has no mark yet
            } else {
                watermark.filter(known -> known.seq() > 0).ifPresent(known -> journal.acked(endpoint, known.seq()));
            }
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
