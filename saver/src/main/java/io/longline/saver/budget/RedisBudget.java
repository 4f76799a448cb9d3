package io.longline.saver.budget;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.RedisReply;
import io.longline.saver.endpoint.TopicKeys;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is noted in Redis of what it keeps. */
public final class RedisBudget implements BudgetStore {
    private static final RedisScript USED = RedisScript.of(RedisBudget.class, "used.lua");
    private static final RedisScript GIVE_UP = RedisScript.of(RedisBudget.class, "give_up.lua");
    private static final RedisScript RECOUNT = RedisScript.of(RedisBudget.class, "recount.lua");
    private static final RedisScript RECOUNT_TOPICS = RedisScript.of(RedisBudget.class, "recount_topics.lua");

    /** Copies and records are there for 24 h from some moment of their hour on. */
    private static final int HOURS_KEPT = 25;
    /** A step over so many takes Redis some milliseconds. */
    private static final int INBOXES_AT_ONCE = 5000;

    private static final int TOPICS_AT_ONCE = 1000;

    private final RedisStore redis;

    public RedisBudget(RedisStore redis) {
        this.redis = redis;
    }

    @Override
    public CompletionStage<Map<Kind, Long>> used(int shard) {
        return many(USED, shard, List.of(InboxKeys.used(shard)), List.of(RedisReply.bytes(HOURS_KEPT)))
                .thenApply(reply -> Map.of(
                        Kind.INBOX,
                        reply.number(0),
                        Kind.COPY,
                        reply.number(1),
                        Kind.RECORD,
                        reply.number(2),
                        Kind.SCHEDULE,
                        reply.number(3),
                        Kind.EXPLAIN,
                        reply.number(4),
                        Kind.TOPIC,
                        reply.number(5)));
    }

    @Override
    public CompletionStage<Recount> recount(int shard) {
        return many(
                        RECOUNT,
                        shard,
                        List.of(InboxKeys.used(shard), InboxKeys.inboxes(shard)),
                        List.of(
                                RedisReply.bytes(Shards.tag(shard) + ":box:"),
                                RedisReply.bytes(Shards.tag(shard) + ":inbox:"),
                                RedisReply.bytes(INBOXES_AT_ONCE)))
                .thenApply(reply -> new Recount(reply.number(0), reply.number(1)));
    }

    @Override
    public CompletionStage<Long> recountTopics(int shard) {
        return many(
                        RECOUNT_TOPICS,
                        shard,
                        List.of(InboxKeys.used(shard), TopicKeys.topics(shard)),
                        List.of(RedisReply.bytes(TOPICS_AT_ONCE)))
                .thenApply(reply -> reply.number(1));
    }

    @Override
    public CompletionStage<GivenUp> giveUp(int shard, long bytes, int most) {
        List<byte[]> args = List.of(RedisReply.bytes(bytes), RedisReply.bytes(most));
        return many(GIVE_UP, shard, List.of(InboxKeys.used(shard)), args)
                .thenApply(reply -> new GivenUp(reply.number(0), reply.number(1)));
    }

    private CompletionStage<RedisReply> many(RedisScript script, int shard, List<String> keys, List<byte[]> args) {
        CompletionStage<List<Object>> answer =
                redis.script(script, ScriptOutputType.MULTI, InboxKeys.mark(shard), keys, args);
        return answer.thenApply(RedisReply::new);
    }

    @Override
    public CompletionStage<Long> memory() {
        if (!redis.connected()) {
            return CompletableFuture.failedFuture(
                    LonglineException.dependencyDown("redis", "not every node is there", null));
        }
        return redis.everywhere(node -> node.info("memory"))
                .thenApply(
                        nodes -> nodes.stream().mapToLong(RedisBudget::memory).sum());
    }

    static long memory(String info) {
        long limit = number(info, "maxmemory:");
        return limit > 0 ? limit : number(info, "total_system_memory:") / 2;
    }

    private static long number(String info, String field) {
        return info.lines()
                .filter(line -> line.startsWith(field))
                .map(line -> Long.parseLong(line.substring(field.length()).strip()))
                .findFirst()
                .orElse(0L);
    }
}
