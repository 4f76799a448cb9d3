package io.longline.saver.message;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Ends;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.MessageEvents;
import io.longline.saver.endpoint.RedisReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/** Records in Redis. Every step is a script beside this class; what it is given and answers stands at its top. */
public final class RedisRecords implements RecordStore {
    private static final RedisScript CLAIM = RedisScript.of(RedisRecords.class, "claim.lua");
    private static final RedisScript RECORD = RedisScript.of(RedisRecords.class, "record.lua");
    private static final RedisScript TOLD = RedisScript.of(RedisRecords.class, "told.lua");
    private static final RedisScript LOOK = RedisScript.of(RedisRecords.class, "look.lua");

    private final RedisStore redis;
    private final Ends ends;
    private final MessageEvents events;

    /**
     * Creates it.
     *
     * @param ends is told of copies that were found to have expired
     * @param events which products are
     */
    public RedisRecords(RedisStore redis, Ends ends, MessageEvents events) {
        this.redis = redis;
        this.ends = ends;
        this.events = events;
    }

    @Override
    public CompletionStage<ClaimOutcome> claim(
            MessageId id, byte[] bodyHash, List<ClaimedTarget> targets, boolean hasRoom) {
        List<byte[]> args = new ArrayList<>();
        args.add(bodyHash);
        args.add(RedisReply.bytes(hasRoom ? 1 : 0));
        for (ClaimedTarget target : targets) {
            args.add(RedisReply.bytes(target.name()));
            args.add(RedisReply.bytes(target.chosen()));
        }
        return many(CLAIM, id.shard(), List.of(key(id)), args)
                .thenApply(reply -> new ClaimOutcome(
                        ClaimOutcome.Kind.valueOf(reply.text(0)),
                        reply.number(1),
                        reply.number(2) == 1,
                        claimed(id, reply.list(3))));
    }

    private static List<ClaimedTarget> claimed(MessageId id, RedisReply targets) {
        return targets.each(2, i -> new ClaimedTarget(endpoint(id, targets.text(i)), targets.text(i + 1)));
    }

    @Override
    public CompletionStage<RecordOutcome> record(MessageId id, byte[] bodyHash, Recorded message) {
        List<byte[]> args = new ArrayList<>();
        args.add(bodyHash);
        args.add(RedisReply.node(message.center()));
        args.add(RedisReply.bytes(message.acceptedAtMs()));
        args.add(RedisReply.bytes(message.knownOnly() ? 1 : 0));
        message.ofClaim().told().forEach(target -> add(args, "for:" + target.name(), ""));
        message.ofClaim().never().forEach(target -> add(args, "end:" + target.name(), CopyState.RECALLED.name()));
        message.copies().forEach(copy -> add(args, "to:", copy));
        message.partial().forEach(copy -> add(args, "part:", copy));
        if (!message.ofTopic().isNone()) {
            add(
                    args,
                    "topic:" + message.ofTopic().topic(),
                    Long.toString(message.ofTopic().offset()));
        }
        CompletionStage<Long> answer =
                redis.script(RECORD, ScriptOutputType.INTEGER, InboxKeys.mark(id.shard()), List.of(key(id)), args);
        return answer.thenApply(done -> switch (done.intValue()) {
            case 1 -> RecordOutcome.DONE;
            case 2 -> RecordOutcome.RECALLED;
            default -> RecordOutcome.CONFLICT;
        });
    }

    private static void add(List<byte[]> args, String kind, Told copy) {
        String name = copy.endpoint().user() + "/" + copy.endpoint().device();
        add(args, kind + name, Long.toString(copy.seq()));
    }

    private static void add(List<byte[]> args, String field, String value) {
        args.add(RedisReply.bytes(field));
        args.add(RedisReply.bytes(value));
    }

    @Override
    public CompletionStage<Optional<MessageRecord>> told(MessageId id) {
        return many(TOLD, id.shard(), List.of(key(id)), List.of())
                .thenApply(reply -> reply.number(0) == 0 ? Optional.empty() : Optional.of(record(id, reply)));
    }

    private static MessageRecord record(MessageId id, RedisReply reply) {
        RedisReply ends = reply.list(4);
        List<Endpoint> targets = Stream.of(reply.text(2).split(" "))
                .filter(text -> !text.isEmpty())
                .map(text -> endpoint(id, text))
                .toList();
        // Of one without targets it does not matter.
        CopyState rest = targets.isEmpty() ? CopyState.SCHEDULED : CopyState.valueOf(reply.text(1));
        return new MessageRecord(
                reply.number(5),
                reply.text(6),
                reply.number(7),
                reply.number(8) == 1,
                told(id, reply.list(3)),
                ends.each(2, i -> CopyStatus.ofNone(endpoint(id, ends.text(i)), CopyState.valueOf(ends.text(i + 1)))),
                targets,
                rest,
                told(id, reply.list(9)),
                reply.number(10) == 1,
                claimed(id, reply.list(11)),
                new OfTopic(reply.text(12), reply.number(13)));
    }

    private static List<Told> told(MessageId id, RedisReply copies) {
        return copies.each(2, i -> new Told(endpoint(id, copies.text(i)), copies.number(i + 1)));
    }

    private static Endpoint endpoint(MessageId id, String text) {
        return Endpoint.parse(id.product() + "/" + text);
    }

    @Override
    public CompletionStage<CopyStatus> look(Told copy, String messageId) {
        return look(copy, messageId, reply -> status(copy.endpoint(), reply));
    }

    @Override
    public CompletionStage<CopyTrace> trace(Told copy, String messageId) {
        return look(
                copy,
                messageId,
                reply -> new CopyTrace(
                        status(copy.endpoint(), reply),
                        reply.text(4).isEmpty() ? 0 : reply.decimal(4),
                        reply.text(5),
                        reply.text(6),
                        reply.text(7),
                        reply.text(8)));
    }

    private static CopyStatus status(Endpoint told, RedisReply reply) {
        return new CopyStatus(
                told.withDevice(reply.text(0)), reply.number(1), CopyState.valueOf(reply.text(2)), reply.text(3));
    }

    private <T> CompletionStage<T> look(Told copy, String messageId, Function<RedisReply, T> read) {
        Endpoint endpoint = copy.endpoint();
        int shard = endpoint.shard();
        List<byte[]> args = List.of(
                RedisReply.bytes(Shards.tag(shard)),
                RedisReply.bytes(endpoint.owner()),
                RedisReply.bytes(endpoint.device()),
                RedisReply.bytes(messageId),
                RedisReply.bytes(copy.seq()),
                events.of(endpoint.product()));
        return many(LOOK, shard, List.of(InboxKeys.unsent(shard), InboxKeys.user(endpoint)), args)
                .thenApply(reply -> {
                    ends.ended(endpoint.product(), CopyState.EXPIRED, reply.number(9));
                    events.unheard(reply.number(10));
                    return read.apply(reply);
                });
    }

    private CompletionStage<RedisReply> many(RedisScript script, int shard, List<String> keys, List<byte[]> args) {
        CompletionStage<List<Object>> answer =
                redis.script(script, ScriptOutputType.MULTI, InboxKeys.mark(shard), keys, args);
        return answer.thenApply(RedisReply::new);
    }

    private static String key(MessageId id) {
        return MessageKeys.record(id);
    }
}
