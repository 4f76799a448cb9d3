package io.longline.saver.away;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.KeptLease;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.product.Durability;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.saver.SaverMetrics;
import io.longline.saver.away.AwayStore.Absent;
import io.longline.saver.budget.Budgets;
import io.longline.saver.budget.Kind;
import io.longline.saver.endpoint.Batch;
import io.longline.saver.journal.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has inboxes leave whose clients have been away for long; while the memory for inboxes is over 80 % used, the longest absent
 * first. By whoever has the lease, which goes on to another saver where a round fails; a bounded number at a time. Owned by one virtual thread.
 */
public final class Absentees implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Absentees.class);

    private static final double NEARLY_FULL = 0.8;
    /** Whose client was here a moment ago may come back in a moment. */
    private static final Duration LEAST_ABSENCE = Duration.ofMinutes(1);

    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration PERIOD_WHEN_FULL = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final int OF_A_SHARD = 16;
    private static final int OF_A_ROUND = 512;
    private static final int SIDE_BY_SIDE = 4;

    private final AwayStore store;
    private final LeaveFlow leaving;
    private final Journal journal;
    private final Budgets budgets;
    private final KeptLease kept;
    private final Duration after;
    private final SaverMetrics metrics;
    private final Thread thread = Thread.ofVirtual().name("saver-away").unstarted(this::run);

    public Absentees(
            AwayStore store,
            LeaveFlow leaving,
            Journal journal,
            Budgets budgets,
            Supplier<Optional<Lease>> leases,
            AwayConfig config,
            SaverMetrics metrics) {
        this.store = store;
        this.leaving = leaving;
        this.journal = journal;
        this.budgets = budgets;
        this.kept = new KeptLease(leases);
        this.after = config.after();
        this.metrics = metrics;
    }

    public void start() {
        if (!after.isZero()) {
            thread.start();
        }
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(period());
                if (kept.get().isPresent()) {
                    tryRound();
                }
            }
        } catch (InterruptedException e) {
            log.debug("closed");
        } finally {
            kept.giveBack();
        }
    }

    private Duration period() {
        if (isNearlyFull()) {
            return PERIOD_WHEN_FULL;
        }
        return after.compareTo(PERIOD) < 0 ? after : PERIOD;
    }

    private void tryRound() {
        try {
            int left = round();
            if (left > 0) {
                log.debug("messages left for mysql count={}", left);
            }
        } catch (RuntimeException e) {
            log.debug("nothing leaves this time", e);
            kept.failed();
        }
    }

    private boolean isNearlyFull() {
        return budgets.share(Kind.INBOX) > NEARLY_FULL;
    }

    /** How many messages left. */
    int round() {
        journal.requireUp(Durability.MYSQL);
        Duration absence = isNearlyFull() && after.compareTo(LEAST_ABSENCE) > 0 ? LEAST_ABSENCE : after;
        List<Absent> longest = longestAbsent(absence);
        int left = 0;
        for (int from = 0; from < longest.size(); from += SIDE_BY_SIDE) {
            List<Absent> some = longest.subList(from, Math.min(longest.size(), from + SIDE_BY_SIDE));
            left += Batch.together(some, one -> leave(one, absence)).stream()
                    .mapToInt(Integer::intValue)
                    .sum();
        }
        metrics.left(left);
        return left;
    }

    /** Fails where no shard answers: another process may be better off. */
    private List<Absent> longestAbsent(Duration absence) {
        List<CompletionStage<List<Absent>>> answers = IntStream.range(0, Shards.COUNT)
                .mapToObj(shard -> store.absent(shard, absence, OF_A_SHARD))
                .toList();
        Deadline deadline = Deadline.after(STEP);
        List<Absent> all = new ArrayList<>();
        List<LonglineException> silent = new ArrayList<>();
        for (CompletionStage<List<Absent>> answer : answers) {
            try {
                all.addAll(RedisStore.await(answer, deadline));
            } catch (LonglineException e) {
                silent.add(e);
            }
        }
        if (silent.size() == answers.size()) {
            throw silent.getFirst();
        }
        if (!silent.isEmpty()) {
            log.debug("shards are away or being rebuilt and have their turn later count={}", silent.size());
        }
        return all.stream()
                .sorted(Comparator.comparingLong(Absent::seenMs))
                .limit(OF_A_ROUND)
                .toList();
    }

    private int leave(Absent absent, Duration absence) {
        try {
            return leaving.leave(absent.endpoint(), absence);
        } catch (LonglineException e) {
            if (e.code() != ErrorCode.SHARD_LOST) {
                throw e;
            }
            return 0;
        }
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
