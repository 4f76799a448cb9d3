package io.longline.coordinator.outbox;

import io.longline.coordinator.OutboxMetrics;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Seqs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes dead letters of what no back end took in time. The stream forgets it afterwards: then it is in both for a moment, never in none. */
final class Burials {
    private static final Logger log = LoggerFactory.getLogger(Burials.class);
    /** Each has up to 1 MiB in hand. */
    private static final int AT_A_TIME = 8;

    private final OutboxStore store;
    private final DeadLetters letters;
    private final Duration deadAfter;
    private final InstantSource clock;
    private final OutboxMetrics metrics;
    private final Executor threads;
    private final Semaphore turns = new Semaphore(AT_A_TIME);

    /**
     * Those of all readers.
     *
     * @param clock that of Redis, about: seqs are led by it
     * @param threads one for each batch
     */
    Burials(
            OutboxStore store,
            DeadLetters letters,
            Duration deadAfter,
            InstantSource clock,
            OutboxMetrics metrics,
            Executor threads) {
        this.store = store;
        this.letters = letters;
        this.deadAfter = deadAfter;
        this.clock = clock;
        this.metrics = metrics;
        this.threads = threads;
    }

    /** What is overdue in one stream, for one reason. */
    record Batch(Stream stream, long fence, List<Ref> refs, String why) {}

    /**
     * What became of a batch.
     *
     * @param leaseLost nothing is known of it
     * @param buried to be forgotten
     * @param left to be tried on
     */
    record Outcome(boolean leaseLost, List<Ref> buried, List<Ref> left) {
        static Outcome none(List<Ref> batch) {
            return new Outcome(false, List.of(), batch);
        }
    }

    /** What came before this seq is overdue. */
    long overdueBefore() {
        return Seqs.firstOf(Math.max(0, clock.millis() - deadAfter.toMillis()));
    }

    /** How often it is worth looking at the oldest of what nobody is called for any more. */
    Duration lookEvery() {
        Duration tenth = deadAfter.dividedBy(10);
        Duration most = Duration.ofMinutes(1);
        return tenth.compareTo(most) < 0 ? tenth : most;
    }

    /** Returns at once. */
    void begin(Batch batch, Consumer<Outcome> end) {
        threads.execute(() -> end.accept(carry(batch)));
    }

    private Outcome carry(Batch batch) {
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.none(batch.refs);
        }
        try {
            Optional<List<Event>> dead = store.bodies(batch.stream, batch.fence, batch.refs);
            return dead.map(events -> bury(batch.refs, events, batch.why))
                    .orElseGet(() -> new Outcome(true, List.of(), List.of()));
        } catch (LonglineException e) {
            metrics.storeFailed();
            log.debug("what is overdue is tried on stream={} error={}", batch.stream, e.getMessage());
            return Outcome.none(batch.refs);
        } catch (RuntimeException | Error e) {
            log.error("a fault of ours, what is overdue is tried on stream={}", batch.stream, e);
            return Outcome.none(batch.refs);
        } finally {
            turns.release();
        }
    }

    private Outcome bury(List<Ref> batch, List<Event> dead, String why) {
        List<DeadLetters.Kept> kept = dead.isEmpty() ? List.of() : letters.keep(dead, why);
        Map<Long, DeadLetters.Kept> bySeq = new HashMap<>();
        for (int i = 0; i < dead.size(); i++) {
            bySeq.put(dead.get(i).seq(), kept.get(i));
            metrics.died(kept.get(i));
        }
        List<Ref> buried = new ArrayList<>();
        List<Ref> left = new ArrayList<>();
        for (Ref ref : batch) { // one that the stream does not have any more may be forgotten as well
            boolean gone = bySeq.getOrDefault(ref.seq(), DeadLetters.Kept.KEPT) == DeadLetters.Kept.KEPT;
            (gone ? buried : left).add(ref);
        }
        return new Outcome(false, buried, left);
    }
}
