package io.longline.saver.schedule;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.RedisReply;
import io.longline.saver.message.MessageId;
import io.longline.saver.message.MessageKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Messages to be sent later, in Redis. Every step is a script beside this class; what it is given and answers stands at its top. */
public final class RedisSchedule implements ScheduleStore {
    private static final RedisScript KEEP = RedisScript.of(RedisSchedule.class, "keep.lua");
    private static final RedisScript DUE = RedisScript.of(RedisSchedule.class, "due.lua");
    private static final RedisScript FINISH = RedisScript.of(RedisSchedule.class, "finish.lua");
    private static final RedisScript POSTPONE = RedisScript.of(RedisSchedule.class, "postpone.lua");
    private static final RedisScript CANCEL = RedisScript.of(RedisSchedule.class, "cancel.lua");
    private static final int PAGE_BYTES = 128 * 1024;

    private final RedisStore redis;

    public RedisSchedule(RedisStore redis) {
        this.redis = redis;
    }

    @Override
    public CompletionStage<KeepOutcome> keep(Kept message, boolean hasRoom) {
        List<byte[]> args = List.of(
                RedisReply.bytes(message.id().text()),
                message.bodyHash().toByteArray(),
                RedisReply.bytes(message.sendAtMs()),
                RedisReply.bytes(message.targets()),
                message.push().toByteArray(),
                RedisReply.bytes(hasRoom ? 1 : 0));
        CompletionStage<byte[]> answer =
                redis.script(KEEP, ScriptOutputType.VALUE, mark(message.id()), idKeys(message.id()), args);
        return answer.thenApply(outcome -> KeepOutcome.valueOf(new String(outcome, StandardCharsets.UTF_8)));
    }

    @Override
    public CompletionStage<Due> due(int shard, int limit, Duration begun) {
        List<byte[]> args = List.of(
                RedisReply.bytes(MessageKeys.kept(shard)),
                RedisReply.bytes(limit),
                RedisReply.bytes(PAGE_BYTES),
                RedisReply.bytes(begun.toMillis()));
        CompletionStage<List<Object>> answer = redis.script(
                DUE, ScriptOutputType.MULTI, InboxKeys.mark(shard), List.of(MessageKeys.schedule(shard)), args);
        return answer.thenApply(RedisReply::new).thenApply(reply -> {
            RedisReply found = reply.from(3);
            List<Due.Message> messages = found.each(
                    4,
                    i -> new Due.Message(
                            MessageId.parse(found.text(i)),
                            found.number(i + 1),
                            Math.toIntExact(found.number(i + 2)),
                            found.raw(i + 3)));
            return new Due(reply.number(0), messages, reply.number(1), reply.number(2) == 1);
        });
    }

    @Override
    public CompletionStage<Boolean> finish(MessageId id, long run, List<Unreached> unreached) {
        List<byte[]> args = new ArrayList<>(List.of(RedisReply.bytes(id.text()), RedisReply.bytes(run)));
        for (Unreached one : unreached) {
            args.add(RedisReply.bytes(one.target()));
            args.add(RedisReply.bytes(one.end().name()));
        }
        CompletionStage<Long> done = redis.script(FINISH, ScriptOutputType.INTEGER, mark(id), idKeys(id), args);
        return done.thenApply(answer -> answer == 1);
    }

    @Override
    public CompletionStage<Boolean> postpone(MessageId id, long run, Duration delay, boolean certain) {
        List<byte[]> args = List.of(
                RedisReply.bytes(id.text()),
                RedisReply.bytes(run),
                RedisReply.bytes(delay.toMillis()),
                RedisReply.bytes(certain ? 1 : 0));
        List<String> keys = List.of(MessageKeys.schedule(id.shard()), MessageKeys.kept(id));
        CompletionStage<Long> done = redis.script(POSTPONE, ScriptOutputType.INTEGER, mark(id), keys, args);
        return done.thenApply(answer -> answer == 1);
    }

    @Override
    public CompletionStage<CancelOutcome> cancel(MessageId id) {
        CompletionStage<List<Object>> answer = redis.script(
                CANCEL, ScriptOutputType.MULTI, mark(id), idKeys(id), List.of(RedisReply.bytes(id.text())));
        return answer.thenApply(RedisReply::new)
                .thenApply(reply -> new CancelOutcome(
                        CancelOutcome.Kind.valueOf(reply.text(0)), reply.number(1), reply.number(2) == 1));
    }

    private static String mark(MessageId id) {
        return InboxKeys.mark(id.shard());
    }

    private static List<String> idKeys(MessageId id) {
        return List.of(MessageKeys.record(id), MessageKeys.schedule(id.shard()), MessageKeys.kept(id));
    }
}
