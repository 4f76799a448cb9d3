package io.longline.saver.quota;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.RedisReply;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The counters in Redis. They need no mark: a shard that is being rebuilt counts, too, and what is lost is lost. */
public final class RedisQuota {
    private static final RedisScript GRANT = RedisScript.of(RedisQuota.class, "grant.lua");
    private static final RedisScript SPEND = RedisScript.of(RedisQuota.class, "spend.lua");

    private final RedisStore redis;

    public RedisQuota(RedisStore redis) {
        this.redis = redis;
    }

    /**
     * What a message would be over.
     *
     * @param limit NONE: nothing, and it is counted
     * @param leftMs until the hour or day ends
     */
    record Spent(UserLimit limit, long leftMs) {}

    /** See {@code quota.proto}. */
    CompletionStage<Grant> grant(String product, long needed, long wanted, long ratePerS, long dailyQuota) {
        return run(GRANT, "{p:" + product + "}:quota", needed, wanted, ratePerS, dailyQuota)
                .thenApply(reply -> new Grant(reply.number(0), reply.number(1), reply.number(2) == 1));
    }

    CompletionStage<Spent> spend(String product, String user, long bytes, UserLimits limits) {
        return run(
                        SPEND,
                        Shards.tag(Shards.of(product, user)) + ":sent:" + product + "/" + user,
                        bytes,
                        limits.hourMessages(),
                        limits.hourBytes(),
                        limits.dayMessages(),
                        limits.dayBytes())
                .thenApply(reply -> new Spent(UserLimit.valueOf(reply.text(0)), reply.number(1)));
    }

    private CompletionStage<RedisReply> run(RedisScript script, String key, long... numbers) {
        List<byte[]> args = Arrays.stream(numbers).mapToObj(RedisReply::bytes).toList();
        CompletionStage<List<Object>> answer = redis.unmarked(script, ScriptOutputType.MULTI, List.of(key), args);
        return answer.thenApply(RedisReply::new);
    }
}
