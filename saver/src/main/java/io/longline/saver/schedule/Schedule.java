package io.longline.saver.schedule;

import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.budget.Budgets;
import io.longline.saver.budget.Kind;
import io.longline.saver.endpoint.ProductPolicy;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.message.MessageId;
import java.time.Duration;
import java.util.List;

/**
 * Keeps messages until they are due: Redis first, then the journal, then the answer. For products with durability {@code redis} the journal
 * follows by itself.
 */
public final class Schedule {
    private final ScheduleStore store;
    private final Journal journal;
    private final ProductPolicy products;
    private final ShardCalls shards;
    private final Budgets budgets;

    public Schedule(ScheduleStore store, Journal journal, ProductPolicy products, ShardCalls shards, Budgets budgets) {
        this.store = store;
        this.journal = journal;
        this.products = products;
        this.shards = shards;
        this.budgets = budgets;
    }

    /** A repeated one is journaled like a new one, because the first call may have failed there. */
    KeepOutcome keep(Kept message, Deadline deadline) {
        Durability durability = products.durability(message.id().product());
        journal.requireUp(durability);
        KeepOutcome first = keepInStore(message, deadline);
        KeepOutcome outcome = first;
        while (outcome == KeepOutcome.NEW || outcome == KeepOutcome.AGAIN) {
            journal.write(durability, entry(message)).await(deadline);
            if (durability == Durability.REDIS) {
                return first;
            }
            outcome = keepInStore(message, deadline);
            if (outcome
                    != KeepOutcome
                            .NEW) { // else Redis was lost, and rebuilt from a journal that did not have it yet: once
                // more
                return outcome == KeepOutcome.AGAIN ? first : outcome;
            }
            deadline.check();
        }
        return outcome;
    }

    private KeepOutcome keepInStore(Kept message, Deadline deadline) {
        boolean hasRoom = budgets.lacking(message.urgency(), Kind.SCHEDULE).isEmpty();
        KeepOutcome outcome = shards.call(message.id().shard(), deadline, () -> store.keep(message, hasRoom));
        if (outcome == KeepOutcome.NO_ROOM) {
            budgets.refused(Kind.SCHEDULE);
        }
        return outcome;
    }

    private static JournalEntry entry(Kept message) {
        return new JournalEntry.Scheduled(
                message.id().product(),
                message.id().id(),
                message.bodyHash(),
                message.sendAtMs(),
                message.expiresAtMs(),
                message.targets(),
                message.push());
    }

    /** Begins what is due. A caller that dies leaves it to whoever asks after that time. */
    Due due(int shard, int limit, Duration begun, Deadline deadline) {
        return shards.call(shard, deadline, () -> store.due(shard, limit, begun));
    }

    /**
     * The journal first: what Redis keeps no more nobody would ever tell the journal again, and a later loss of Redis would bring it back. In between
     * it is begun once more, which sends nothing twice.
     */
    void finish(MessageId id, long run, List<Unreached> unreached, Deadline deadline) {
        Durability durability = products.durability(id.product());
        journal.write(durability, new JournalEntry.ScheduleEnd(id.product(), id.id(), true, run))
                .await(deadline);
        shards.call(id.shard(), deadline, () -> store.finish(id, run, unreached));
    }

    void postpone(MessageId id, long run, Duration delay, boolean certain, Deadline deadline) {
        shards.call(id.shard(), deadline, () -> store.postpone(id, run, delay, certain));
    }

    /** The journal has it before this returns; a repeated one is journaled like the first. */
    CancelOutcome.Kind cancel(MessageId id, Deadline deadline) {
        Durability durability = products.durability(id.product());
        journal.requireUp(durability);
        CancelOutcome outcome = cancelInStore(id, deadline);
        while (outcome.kind() == CancelOutcome.Kind.DONE) {
            journal.write(durability, new JournalEntry.ScheduleEnd(id.product(), id.id(), false, outcome.atMs()))
                    .await(deadline);
            CancelOutcome again = cancelInStore(id, deadline);
            if (!again.now()) {
                return again.kind() == CancelOutcome.Kind.BEGUN ? again.kind() : CancelOutcome.Kind.DONE;
            }
            outcome = again; // Redis was lost, and rebuilt from a journal that did not have it yet: once more.
        }
        return outcome.kind();
    }

    private CancelOutcome cancelInStore(MessageId id, Deadline deadline) {
        return shards.call(id.shard(), deadline, () -> store.cancel(id));
    }
}
