package io.longline.saver.inbox;

import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.budget.Budgets;
import io.longline.saver.budget.Kind;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.ProductPolicy;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.inbox.AppendOutcome.Appended;
import io.longline.saver.inbox.AppendOutcome.NoRoom;
import io.longline.saver.inbox.InboxStore.Unsent;
import io.longline.saver.inbox.InboxStore.Watermark;
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What happens to inboxes: Redis first, then the journal, then the answer. For products with durability {@code redis} the
 * journal follows by itself.
 */
public final class Inbox {
    private final InboxStore store;
    private final UnheardAcks unheard;
    private final Journal journal;
    private final ProductPolicy products;
    private final ShardCalls shards;
    private final Returns returns;
    private final Budgets budgets;
    private final SaverMetrics metrics;

    public Inbox(
            InboxStore store,
            UnheardAcks unheard,
            Journal journal,
            ProductPolicy products,
            ShardCalls shards,
            Returns returns,
            Budgets budgets,
            SaverMetrics metrics) {
        this.store = store;
        this.unheard = unheard;
        this.journal = journal;
        this.products = products;
        this.shards = shards;
        this.returns = returns;
        this.budgets = budgets;
        this.metrics = metrics;
    }

    /**
     * Takes a copy, once for each message id. A repeated one is journaled like a new one, because the first call may have
     * failed there; the journal takes a row twice without harm.
     */
    AppendOutcome store(NewCopy copy, Deadline deadline) {
        Durability durability = products.durability(copy.endpoint());
        journal.requireUp(durability);
        while (true) {
            AppendOutcome outcome = append(copy, deadline);
            if (!(outcome instanceof Appended appended)) {
                return outcome;
            }
            Endpoint holder = copy.endpoint().withDevice(appended.device());
            journal.write(durability, entries(holder, copy, appended)).await(deadline);
            if (durability == Durability.REDIS || holds(holder, copy.messageId(), appended.seq(), deadline)) {
                return appended;
            }
            // Redis was lost, and rebuilt from a journal that did not have the row yet: once more.
            deadline.check();
        }
    }

    private AppendOutcome append(NewCopy copy, Deadline deadline) {
        Optional<Kind> lacking = budgets.lacking(copy.urgency(), Kind.INBOX, Kind.COPY);
        int limit = products.inboxLimit(copy.endpoint());
        AppendOutcome outcome = present(copy.endpoint(), deadline, () -> store.append(copy, limit, lacking.isEmpty()));
        if (outcome instanceof NoRoom) {
            lacking.ifPresent(budgets::refused);
        }
        return outcome;
    }

    /** The end of what gave way comes first: where the journal takes one of the two, it is not the row alone. */
    private static List<JournalEntry> entries(Endpoint holder, NewCopy copy, Appended appended) {
        JournalEntry row =
                new JournalEntry.Row(holder, appended.seq(), copy.messageId(), copy.expiresAtMs(), copy.message());
        if (appended.older() == 0) {
            return List.of(row);
        }
        return List.of(
                new JournalEntry.Final(holder, appended.older(), appended.olderId(), CopyState.COLLAPSED, ""), row);
    }

    private boolean holds(Endpoint holder, String messageId, long seq, Deadline deadline) {
        return call(holder, deadline, () -> store.holds(holder, messageId, seq));
    }

    /** What a session needs when it was bound; {@code named} is the seq the client has finished with, 0 for none. */
    Page open(Endpoint endpoint, long named, Reading first, Deadline deadline) {
        Page page = call(endpoint, deadline, () -> store.open(endpoint, named, first))
                .orElseGet(() -> settleAndLoad(endpoint, named, first, deadline));
        if (page.neverAcksMs() > 0) {
            metrics.neverAcks();
        }
        return page;
    }

    private Page settleAndLoad(Endpoint endpoint, long named, Reading first, Deadline deadline) {
        // Acknowledged before anything is taken over: the client cannot have finished with what it was never sent.
        ack(endpoint, new Ack(named, first.room(), first.generation()), deadline);
        settleHeir(endpoint, deadline);
        return load(endpoint, first, deadline);
    }

    private void settleHeir(Endpoint bound, Deadline deadline) {
        Durability durability = products.durability(bound);
        List<Endpoint> concerned = List.of(bound, bound.withDevice(Endpoint.DEFAULT_DEVICE));
        while (true) {
            Inheritance decision = present(concerned, deadline, () -> store.inherit(bound));
            if (decision.journaled()) {
                return;
            }
            journal.keep(durability, entries(bound, decision)).await(deadline);
            boolean kept = call(bound, deadline, () -> store.inheritanceKept(bound, decision.version()));
            boolean concernsBound = isDefault(decision.heir()) || !isDefault(bound.device());
            if (kept && concernsBound) {
                return;
            }
            deadline.check();
        }
    }

    private static boolean isDefault(String device) {
        return device.equals(Endpoint.DEFAULT_DEVICE);
    }

    private static List<JournalEntry> entries(Endpoint bound, Inheritance decision) {
        Endpoint holder = bound.withDevice(decision.heir());
        Stream<JournalEntry> heir =
                Stream.of(new JournalEntry.Heir(bound.product(), bound.user(), decision.version(), decision.heir()));
        Stream<JournalEntry> gone = decision.gone().stream().map(seq -> new JournalEntry.Moved(holder, seq));
        Stream<JournalEntry> fresh = decision.fresh().stream()
                .map(one -> new JournalEntry.Row(holder, one.seq(), one.messageId(), one.expiresAtMs(), one.message()));
        Stream<JournalEntry> held = decision.held().isEmpty()
                ? Stream.of()
                : Stream.of(new JournalEntry.TakenOver(holder, decision.held()));
        return Stream.of(heir, gone, fresh, held).flatMap(entries -> entries).toList();
    }

    Page load(Endpoint endpoint, Reading reading, Deadline deadline) {
        return present(endpoint, deadline, () -> store.load(endpoint, reading));
    }

    /** The answer is the watermark. The journal follows within a second. */
    long ack(Endpoint endpoint, Ack ack, Deadline deadline) {
        if (ack.seq() > 0 && products.durability(endpoint) == Durability.MYSQL) {
            journal.requireRoomForAck(endpoint);
        }
        return present(
                        endpoint,
                        deadline,
                        () -> store.ack(endpoint, ack).whenComplete((watermark, error) -> {
                            // Told also where nobody waits for the answer any more.
                            if (error != null) {
                                unheard.failed(endpoint, error);
                            } else {
                                watermark
                                        .filter(Watermark::moved)
                                        .ifPresent(moved -> journal.acked(endpoint, moved.seq()));
                            }
                        }))
                .seq();
    }

    /** What has become of the copy by it. */
    Settlement.Settled settle(Settlement settlement, Deadline deadline) {
        Endpoint endpoint = settlement.endpoint();
        Settlement.Settled settled = call(endpoint, deadline, () -> store.settle(settlement));
        if (settled.ended()) {
            // Not waited for: until it is written, a rebuild would bring back a copy that runs out by itself.
            journal.write(products.durability(endpoint), end(settlement, settled));
        }
        return settled;
    }

    private static JournalEntry end(Settlement settlement, Settlement.Settled settled) {
        Endpoint holder = settlement.endpoint().withDevice(settled.device());
        return new JournalEntry.Final(
                holder, settled.seq(), settlement.messageId(), settlement.state(), settlement.reason());
    }

    /** Likewise for one that is to be sent no more; where it was sent, it stays as it is. The journal has it before this returns. */
    Settlement.Settled recall(Settlement settlement, Deadline deadline) {
        Endpoint endpoint = settlement.endpoint();
        Durability durability = products.durability(endpoint);
        journal.requireUp(durability);
        Settlement.Settled settled = call(endpoint, deadline, () -> store.settle(settlement));
        while (settled.state().equals(Optional.of(CopyState.RECALLED))) {
            journal.write(durability, end(settlement, settled)).await(deadline);
            Settlement.Settled again = call(endpoint, deadline, () -> store.settle(settlement));
            if (!again.ended()) {
                return settled;
            }
            settled = again; // Redis was lost, and rebuilt from a journal that did not have it yet: once more.
        }
        return settled;
    }

    /** The oldest first, of those whose newest seq is {@code fromSeq} or a later one. */
    List<Unsent> unsent(int shard, long fromSeq, long olderThanMs, int limit, Deadline deadline) {
        return shards.call(shard, deadline, () -> store.unsent(shard, fromSeq, olderThanMs, limit));
    }

    /** Also tells of it. What is read next of the inbox would do so, too. False where a part of it is in MySQL alone, and nothing was done. */
    public boolean dropExpiredHere(Endpoint endpoint, Deadline deadline) {
        return call(endpoint, deadline, () -> store.pending(endpoint)).isPresent();
    }

    /** The same with that part. */
    public void dropExpired(Endpoint endpoint, Deadline deadline) {
        long _ = pending(endpoint, deadline);
    }

    long pending(Endpoint endpoint, Deadline deadline) {
        return present(endpoint, deadline, () -> store.pending(endpoint));
    }

    /** Drops what was stored up to a seq, 0: everything; the answer is how many copies were dropped. */
    int forget(Endpoint endpoint, long uptoSeq, DropReason why, Deadline deadline) {
        Durability durability = products.durability(endpoint);
        journal.requireUp(durability);
        Forgotten forgotten = present(endpoint, deadline, () -> store.forget(endpoint, uptoSeq, why));
        List<JournalEntry> entries = new ArrayList<>();
        for (Forgotten.Dropped dropped : forgotten.dropped()) {
            entries.add(new JournalEntry.Final(
                    endpoint, dropped.seq(), dropped.messageId(), CopyState.DROPPED, why.word()));
        }
        if (forgotten.heirVersion() > 0) {
            entries.add(new JournalEntry.Heir(endpoint.product(), endpoint.user(), forgotten.heirVersion(), ""));
        }
        if (forgotten.watermark() > 0) {
            journal.acked(endpoint, forgotten.watermark());
        }
        journal.keep(durability, entries).await(deadline);
        return forgotten.dropped().size();
    }

    private <T> T present(Endpoint endpoint, Deadline deadline, Supplier<CompletionStage<Optional<T>>> step) {
        return present(List.of(endpoint), deadline, step);
    }

    /** What was in MySQL alone, of any of these endpoints of one user, is brought back first. */
    private <T> T present(List<Endpoint> concerned, Deadline deadline, Supplier<CompletionStage<Optional<T>>> step) {
        Endpoint first = concerned.getFirst();
        Optional<T> answer = call(first, deadline, step);
        while (answer.isEmpty()) {
            deadline.check();
            concerned.forEach(endpoint -> returns.bringBack(endpoint, deadline));
            answer = call(first, deadline, step);
        }
        return answer.get();
    }

    private <T> T call(Endpoint endpoint, Deadline deadline, Supplier<CompletionStage<T>> step) {
        return shards.call(endpoint.shard(), deadline, step);
    }
}
