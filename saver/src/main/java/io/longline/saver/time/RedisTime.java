package io.longline.saver.time;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.saver.endpoint.InboxKeys;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The clock of Redis. */
public final class RedisTime {
    private static final RedisScript TIME = RedisScript.of(RedisTime.class, "time.lua");

    private final RedisStore redis;

    public RedisTime(RedisStore redis) {
        this.redis = redis;
    }

    /** In milliseconds since 1970, by the one that holds this shard. */
    CompletionStage<Long> ofShard(int shard) {
        return redis.unmarked(TIME, ScriptOutputType.INTEGER, List.of(InboxKeys.mark(shard)), List.of());
    }
}
