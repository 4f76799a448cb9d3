package io.longline.saver.away;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.MessageEvents;
import io.longline.saver.endpoint.RedisReply;
import io.longline.saver.rebuild.JournaledMessages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** In Redis. Every step is a script beside this class; what it is given and answers stands at its top. */
public final class RedisAway implements AwayStore {
    /** A step never moves more than Redis does in some milliseconds. */
    private static final int BITE_BYTES = 1024 * 1024;

    private static final RedisScript ABSENT = RedisScript.of(RedisAway.class, "absent.lua");
    private static final RedisScript LEAVING = RedisScript.of(RedisAway.class, "leaving.lua");
    private static final RedisScript LEAVE = RedisScript.of(RedisAway.class, "leave.lua");
    private static final RedisScript AWAY = RedisScript.of(RedisAway.class, "away.lua");
    private static final RedisScript GATHER = RedisScript.of(RedisAway.class, "gather.lua");
    private static final RedisScript RETURN = RedisScript.of(RedisAway.class, "return.lua");

    private final RedisStore redis;
    private final MessageEvents events;

    /** @param events which products are told of what expired while it was away */
    public RedisAway(RedisStore redis, MessageEvents events) {
        this.redis = redis;
        this.events = events;
    }

    @Override
    public CompletionStage<List<Absent>> absent(int shard, Duration absence, int most) {
        List<byte[]> args = List.of(RedisReply.bytes(absence.toMillis()), RedisReply.bytes(most));
        return many(ABSENT, shard, List.of(InboxKeys.inboxes(shard), InboxKeys.unsent(shard)), args)
                .thenApply(reply -> reply.each(2, i -> new Absent(Endpoint.parse(reply.text(i)), reply.number(i + 1))));
    }

    @Override
    public CompletionStage<List<Waiting>> head(Endpoint endpoint, int most) {
        List<String> keys =
                List.of(InboxKeys.user(endpoint), InboxKeys.inbox(endpoint), InboxKeys.unsent(endpoint.shard()));
        List<byte[]> args =
                List.of(RedisReply.bytes(endpoint.text()), RedisReply.bytes(most), RedisReply.bytes(BITE_BYTES));
        return many(LEAVING, endpoint.shard(), keys, args)
                .thenApply(reply -> reply.each(
                        4,
                        i -> new Waiting(reply.number(i), reply.decimal(i + 1), reply.text(i + 2), reply.raw(i + 3))));
    }

    @Override
    public CompletionStage<Boolean> leave(Endpoint endpoint, Duration absence, List<Waiting> head) {
        int shard = endpoint.shard();
        List<String> keys = List.of(
                InboxKeys.user(endpoint),
                InboxKeys.inbox(endpoint),
                InboxKeys.unsent(shard),
                InboxKeys.box(endpoint),
                InboxKeys.collapse(endpoint),
                InboxKeys.inboxes(shard));
        List<byte[]> args = new ArrayList<>();
        args.add(RedisReply.bytes(endpoint.text()));
        args.add(RedisReply.bytes(absence.toMillis()));
        head.forEach(message -> args.add(RedisReply.bytes(message.seq())));
        return one(LEAVE, shard, keys, args);
    }

    @Override
    public CompletionStage<Away> away(Endpoint endpoint) {
        List<String> keys =
                List.of(InboxKeys.box(endpoint), InboxKeys.box(endpoint.withDevice(Endpoint.DEFAULT_DEVICE)));
        return many(AWAY, endpoint.shard(), keys, List.of())
                .thenApply(reply -> new Away(reply.number(0), reply.number(1), reply.number(2), reply.number(3)));
    }

    @Override
    public CompletionStage<Gathered> gather(Endpoint endpoint, String name, List<Waiting> messages) {
        List<byte[]> args = new ArrayList<>();
        args.add(RedisReply.bytes(InboxKeys.copies(endpoint)));
        args.add(RedisReply.bytes(endpoint.text()));
        args.add(events.of(endpoint.product()));
        for (Waiting message : messages) {
            args.add(RedisReply.bytes(message.seq()));
            args.add(RedisReply.bytes(message.expiresAtMs()));
            args.add(RedisReply.bytes(message.messageId()));
            args.add(message.message().toByteArray());
            args.add(RedisReply.bytes(JournaledMessages.collapseKey(message.message())));
        }
        List<String> keys = List.of(InboxKeys.box(endpoint), InboxKeys.coming(endpoint, name));
        return many(GATHER, endpoint.shard(), keys, args).thenApply(reply -> {
            events.unheard(reply.number(4));
            return new Gathered(reply.number(0), reply.number(1), reply.number(2), reply.number(3));
        });
    }

    @Override
    public CompletionStage<Boolean> putBack(Endpoint endpoint, String name, Away as, Gathered all) {
        List<String> keys =
                List.of(InboxKeys.box(endpoint), InboxKeys.inbox(endpoint), InboxKeys.coming(endpoint, name));
        List<byte[]> args = List.of(
                RedisReply.bytes(endpoint.text()),
                RedisReply.bytes(as.upto()),
                RedisReply.bytes(as.count()),
                RedisReply.bytes(all.count()),
                RedisReply.bytes(all.bytes()),
                RedisReply.bytes(all.soonestMs()),
                RedisReply.bytes(all.latestMs()));
        return one(RETURN, endpoint.shard(), keys, args);
    }

    private CompletionStage<RedisReply> many(RedisScript script, int shard, List<String> keys, List<byte[]> args) {
        CompletionStage<List<Object>> answer =
                redis.script(script, ScriptOutputType.MULTI, InboxKeys.mark(shard), keys, args);
        return answer.thenApply(RedisReply::new);
    }

    private CompletionStage<Boolean> one(RedisScript script, int shard, List<String> keys, List<byte[]> args) {
        CompletionStage<Long> answer =
                redis.script(script, ScriptOutputType.INTEGER, InboxKeys.mark(shard), keys, args);
        return answer.thenApply(done -> done == 1);
    }
}
