package io.longline.saver.stats;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.RedisReply;
import io.longline.saver.message.MessageKeys;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Counters by product in Redis, which need no mark: what is lost is lost. And what waits, which is counted where it stands. */
public final class RedisStats {
    private static final RedisScript COUNT = RedisScript.of(RedisStats.class, "count.lua");
    private static final RedisScript WINDOWS = RedisScript.of(RedisStats.class, "windows.lua");
    private static final RedisScript WAITING = RedisScript.of(RedisStats.class, "waiting.lua");

    private final RedisStore redis;

    public RedisStats(RedisStore redis) {
        this.redis = redis;
    }

    CompletionStage<Long> count(String product, Counts counts) {
        List<byte[]> args = counts.inOrder().stream().map(RedisReply::bytes).toList();
        return redis.unmarked(COUNT, ScriptOutputType.INTEGER, List.of(key(product)), args);
    }

    CompletionStage<Windows> windows(String product) {
        List<byte[]> args = List.of(RedisReply.bytes(Happening.values().length));
        CompletionStage<List<Object>> answer =
                redis.unmarked(WINDOWS, ScriptOutputType.MULTI, List.of(key(product)), args);
        return answer.thenApply(RedisReply::new)
                .thenApply(reply -> new Windows(reply.number(0), counts(reply, 1), counts(reply, 2), counts(reply, 3)));
    }

    private static Counts counts(RedisReply reply, int at) {
        RedisReply numbers = reply.list(at);
        return Counts.of(numbers.each(1, numbers::number));
    }

    /** @param sample so many inboxes are looked at, and so many messages that are to be sent later */
    CompletionStage<Waiting> waiting(String product, int shard, int sample) {
        List<String> keys = List.of(InboxKeys.inboxes(shard), MessageKeys.schedule(shard));
        List<byte[]> args = List.of(
                RedisReply.bytes(product), RedisReply.bytes(Shards.tag(shard) + ":inbox:"), RedisReply.bytes(sample));
        CompletionStage<List<Object>> answer =
                redis.script(WAITING, ScriptOutputType.MULTI, InboxKeys.mark(shard), keys, args);
        return answer.thenApply(RedisReply::new)
                .thenApply(reply -> new Waiting(
                        reply.number(0),
                        reply.number(1),
                        reply.number(2),
                        reply.number(3),
                        reply.number(4),
                        reply.number(5)));
    }

    private static String key(String product) {
        return "{p:" + product + "}:stats";
    }
}
