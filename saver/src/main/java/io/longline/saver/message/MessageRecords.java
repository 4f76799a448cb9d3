package io.longline.saver.message;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.budget.Budgets;
import io.longline.saver.budget.Kind;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.Batch;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.message.RecordStore.Recorded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Claims, records, looks and timelines. */
public final class MessageRecords {
    private final RecordStore store;
    private final ShardCalls shards;
    private final Budgets budgets;

    public MessageRecords(RecordStore store, ShardCalls shards, Budgets budgets) {
        this.store = store;
        this.shards = shards;
        this.budgets = budgets;
    }

    /** None is given up for a new one: an id that was claimed is refused for 24 h. */
    ClaimOutcome claim(MessageId id, byte[] bodyHash, List<ClaimedTarget> targets, Deadline deadline) {
        boolean hasRoom = budgets.lacking(Urgency.HIGH, Kind.RECORD).isEmpty();
        ClaimOutcome outcome = shards.call(id.shard(), deadline, () -> store.claim(id, bodyHash, targets, hasRoom));
        if (outcome.kind() == ClaimOutcome.Kind.NO_ROOM) {
            budgets.refused(Kind.RECORD);
        }
        return outcome;
    }

    /** Empty: nobody has claimed it, and that stays so. */
    Optional<ClaimOutcome> known(MessageId id, byte[] bodyHash, Deadline deadline) {
        ClaimOutcome outcome = shards.call(id.shard(), deadline, () -> store.claim(id, bodyHash, List.of(), false));
        return Optional.of(outcome).filter(it -> it.kind() != ClaimOutcome.Kind.NO_ROOM);
    }

    /** @param bodyHash of the claim, empty where there was none: a claim that was lost with Redis is made again by this */
    RecordOutcome record(MessageId id, byte[] bodyHash, Recorded message, Deadline deadline) {
        RecordOutcome outcome = shards.call(id.shard(), deadline, () -> store.record(id, bodyHash, message));
        if (outcome == RecordOutcome.CONFLICT) {
            throw new LonglineException(
                    ErrorCode.IDEMPOTENCY_CONFLICT, "message_id " + id.id() + " was used for another body meanwhile");
        }
        return outcome;
    }

    /**
     * What is known of a message.
     *
     * @param copies what became of each, in the order in which they were stored; before them the targets that have none
     * @param partial likewise of users at whose other devices it failed
     * @param recalled it goes to nobody more
     * @param claimed of whom nobody told: it may be stored there, or come to be
     * @param ofTopic one to a topic has no copies
     */
    record Looked(
            List<CopyStatus> copies,
            List<CopyStatus> partial,
            boolean recalled,
            List<ClaimedTarget> claimed,
            OfTopic ofTopic) {}

    /**
     * What became of it.
     *
     * @throws LonglineException MESSAGE_NOT_FOUND
     */
    Looked look(MessageId id, Deadline deadline) {
        MessageRecord record = recorded(id, deadline);
        List<CopyStatus> copies = Batch.together(record.copies(), copy -> look(copy, id, deadline));
        List<CopyStatus> all = Stream.concat(record.withoutCopy().stream(), copies.stream())
                .distinct() // two runs of one claim may have told of "default" and of its heir
                .sorted(Comparator.comparingLong(CopyStatus::seq))
                .toList();
        return new Looked(
                all,
                Batch.together(record.partial(), copy -> look(copy, id, deadline)),
                record.recalled(),
                record.claimed(),
                record.ofTopic());
    }

    /**
     * How it got there: what is known of each stage, in the order of time.
     *
     * @throws LonglineException MESSAGE_NOT_FOUND
     */
    List<TimelineEntry> timeline(MessageId id, Deadline deadline) {
        MessageRecord message = recorded(id, deadline);
        List<TimelineEntry> stages = Batch.together(message.copies(), copy -> trace(copy, id, deadline)).stream()
                .distinct()
                .flatMap(trace -> trace.stages().stream())
                .sorted(TimelineEntry.IN_ORDER)
                .toList();
        List<TimelineEntry> all = new ArrayList<>();
        all.add(TimelineEntry.accepted(message.acceptedAtMs(), message.center(), stages));
        message.stages().forEach(all::add);
        all.addAll(stages);
        return all;
    }

    private MessageRecord recorded(MessageId id, Deadline deadline) {
        Optional<MessageRecord> told = shards.call(id.shard(), deadline, () -> store.told(id));
        return told.orElseThrow(() -> new LonglineException(
                ErrorCode.MESSAGE_NOT_FOUND, "message " + id.id() + " is not known, or older than 24 h"));
    }

    private CopyTrace trace(Told copy, MessageId id, Deadline deadline) {
        return shards.call(copy.endpoint().shard(), deadline, () -> store.trace(copy, id.id()));
    }

    private CopyStatus look(Told copy, MessageId id, Deadline deadline) {
        return shards.call(copy.endpoint().shard(), deadline, () -> store.look(copy, id.id()));
    }
}
