package io.longline.saver.rebuild;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.Extent;
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.journal.JournalEntry.Heir;
import io.longline.saver.journal.MysqlReader;
import io.longline.saver.journal.MysqlReader.Acked;
import io.longline.saver.journal.MysqlReader.Journaled;
import io.longline.saver.journal.MysqlReader.JournaledSchedule;
import io.longline.saver.rebuild.RestoreStore.Begun;
import io.longline.saver.rebuild.RestoreStore.Copy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Restores one shard: heirs first, so that what is in the inbox of {@code default} moves on; then watermarks, so that
 * nothing acknowledged comes back; then messages in order of their seq; then what is to be sent later; then topics; the mark last. What time it is, the store says.
 */
public final class ShardRestore {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration COMMIT = Duration.ofSeconds(10);
    private static final int FIXED_BYTES = 100;

    private final RestoreStore store;
    private final MysqlReader reader;
    private final TopicRestore topics;
    private final Journal journal;

    public ShardRestore(RestoreStore store, MysqlReader reader, TopicRestore topics, Journal journal) {
        this.store = store;
        this.reader = reader;
        this.topics = topics;
        this.journal = journal;
    }

    /**
     * What the store says of shards.
     *
     * @param silent why there are some of which it says nothing, if there are; it may be one node of several
     */
    record Looked(Set<Integer> lost, Set<Integer> well, Optional<LonglineException> silent) {}

    /** Asks of all shards at once, and does not wait for a node that is away. */
    Looked look(Set<Integer> shards, String rebuild) {
        Deadline deadline = Deadline.after(LOOK);
        Map<Integer, CompletionStage<Optional<Begun>>> asked = new HashMap<>();
        shards.forEach(shard -> asked.put(shard, store.begin(shard, rebuild)));
        Set<Integer> lost = new HashSet<>();
        Set<Integer> well = new HashSet<>();
        Optional<LonglineException> silent = Optional.empty();
        for (Map.Entry<Integer, CompletionStage<Optional<Begun>>> each : asked.entrySet()) {
            try {
                boolean begun = RedisStore.await(each.getValue(), deadline).isPresent();
                (begun ? lost : well).add(each.getKey());
            } catch (LonglineException e) {
                silent = Optional.of(e);
            }
        }
        return new Looked(lost, well, silent);
    }

    /** What was done to a shard: nothing was wrong with it, or so many messages wait again. */
    record Restored(boolean wasLost, int messages) {}

    /**
     * Restores the shard if the store has lost it.
     *
     * @param rebuild a name nobody else has
     * @throws LonglineException SHARD_LOST when it was lost once more meanwhile; DEPENDENCY_DOWN
     */
    Restored restore(int shard, String rebuild) {
        Optional<Begun> begun = RestoreSteps.await(store.begin(shard, rebuild));
        if (begun.isEmpty()) {
            return new Restored(false, 0);
        }
        Extent extent = Extent.of(begun.get().nowMs(), begun.get().wholeAtMs());
        HeirHistory heirs = restoreHeirs(shard, rebuild, extent);
        Map<Endpoint, Long> ackedByDefault = restoreWatermarks(shard, rebuild);
        int messages = restoreMessages(shard, rebuild, extent, heirs, ackedByDefault);
        int scheduled = restoreSchedule(shard, rebuild, extent);
        int published = topics.restore(shard, rebuild, extent);
        RestoreSteps.await(store.finish(shard, rebuild));
        return new Restored(true, messages + scheduled + published);
    }

    private HeirHistory restoreHeirs(int shard, String rebuild, Extent extent) {
        HeirHistory heirs = new HeirHistory();
        Map<Heir, List<JournalEntry>> owed = new HashMap<>();
        RestoreSteps<Heir, Map<Heir, List<JournalEntry>>> steps =
                new RestoreSteps<>(heir -> FIXED_BYTES, some -> carryOut(some, rebuild), owed::putAll);
        reader.heirs(shard, heir -> {
            heirs.add(heir);
            if (heir.version() >= extent.missingFromSeq()) {
                steps.add(heir);
            }
        });
        steps.finish();
        owed.forEach((heir, entries) -> {
            journal.write(Durability.MYSQL, entries).await(Deadline.after(COMMIT));
            RestoreSteps.await(store.kept(heir, rebuild));
        });
        return heirs;
    }

    /** All on their way together and in their order; the answer is what the journal has to be told of. */
    private CompletionStage<Map<Heir, List<JournalEntry>>> carryOut(List<Heir> heirs, String rebuild) {
        List<CompletionStage<List<JournalEntry>>> running =
                heirs.stream().map(heir -> store.heir(heir, rebuild)).toList();
        Map<Heir, List<JournalEntry>> owed = new HashMap<>();
        CompletionStage<Map<Heir, List<JournalEntry>>> all = running.getFirst().thenApply(entries -> owed);
        for (int i = 0; i < heirs.size(); i++) {
            Heir heir = heirs.get(i);
            all = all.thenCombine(running.get(i), (before, entries) -> {
                if (!entries.isEmpty()) {
                    before.put(heir, entries);
                }
                return before;
            });
        }
        return all;
    }

    /** Answers the watermarks of {@code default}: what is below was acknowledged there, whoever inherited later. */
    private Map<Endpoint, Long> restoreWatermarks(int shard, String rebuild) {
        Map<Endpoint, Long> ackedByDefault = new HashMap<>();
        RestoreSteps<Acked, Void> steps =
                new RestoreSteps<>(acked -> FIXED_BYTES, some -> store.watermarks(shard, some, rebuild), done -> {});
        reader.watermarks(shard, acked -> {
            if (acked.endpoint().device().equals(Endpoint.DEFAULT_DEVICE)) {
                ackedByDefault.put(acked.endpoint(), acked.seq());
            }
            steps.add(acked);
        });
        steps.finish();
        return ackedByDefault;
    }

    private int restoreMessages(
            int shard, String rebuild, Extent extent, HeirHistory heirs, Map<Endpoint, Long> ackedByDefault) {
        List<Integer> waiting = new ArrayList<>();
        RestoreSteps<Copy, Integer> steps = new RestoreSteps<>(
                copy -> FIXED_BYTES + copy.message().message().size(),
                some -> store.messages(shard, some, rebuild),
                waiting::add);
        reader.messages(shard, extent, message -> {
            Endpoint holder = heirs.holder(message.endpoint(), message.seq());
            steps.add(new Copy(holder, message, end(message, ackedByDefault)));
        });
        steps.finish();
        return waiting.stream().mapToInt(Integer::intValue).sum();
    }

    private int restoreSchedule(int shard, String rebuild, Extent extent) {
        List<Integer> kept = new ArrayList<>();
        RestoreSteps<JournaledSchedule, Integer> steps = new RestoreSteps<>(
                message -> FIXED_BYTES
                        + message.targets().length()
                        + message.push().size(),
                some -> store.schedule(shard, some, rebuild),
                kept::add);
        reader.schedule(shard, extent.keptFromMs(), steps::add);
        steps.finish();
        return kept.stream().mapToInt(Integer::intValue).sum();
    }

    private static Optional<CopyState> end(Journaled message, Map<Endpoint, Long> ackedByDefault) {
        boolean acked = message.seq() <= ackedByDefault.getOrDefault(message.endpoint(), 0L);
        return message.end().or(() -> acked ? Optional.of(CopyState.ACKED) : Optional.empty());
    }
}
