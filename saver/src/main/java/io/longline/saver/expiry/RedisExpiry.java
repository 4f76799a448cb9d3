package io.longline.saver.expiry;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.RedisReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** When messages expire, in Redis. Every step is a script beside this class; what it is given and answers stands at its top. */
public final class RedisExpiry {
    private static final RedisScript DUE = RedisScript.of(RedisExpiry.class, "due.lua");
    private static final RedisScript NEXT = RedisScript.of(RedisExpiry.class, "next.lua");

    private final RedisStore redis;

    public RedisExpiry(RedisStore redis) {
        this.redis = redis;
    }

    /** Endpoints with something that has expired; they are so again after a while, unless {@link #next} says when. */
    CompletionStage<List<Endpoint>> due(int shard, int most, Duration again) {
        CompletionStage<List<Object>> answer = redis.script(
                DUE,
                ScriptOutputType.MULTI,
                InboxKeys.mark(shard),
                List.of(InboxKeys.expiring(shard)),
                List.of(RedisReply.bytes(most), RedisReply.bytes(again.toMillis())));
        return answer.thenApply(RedisReply::new).thenApply(reply -> reply.each(1, i -> Endpoint.parse(reply.text(i))));
    }

    /**
     * Notes when something of it expires next.
     *
     * @param isTold whether its product wants to know
     * @param pause it is not due before that
     */
    CompletionStage<Boolean> next(Endpoint endpoint, boolean isTold, Duration pause) {
        int shard = endpoint.shard();
        CompletionStage<Long> answer = redis.script(
                NEXT,
                ScriptOutputType.INTEGER,
                InboxKeys.mark(shard),
                List.of(InboxKeys.box(endpoint), InboxKeys.expiring(shard)),
                List.of(
                        RedisReply.bytes(endpoint.text()),
                        RedisReply.bytes(isTold ? 1 : 0),
                        RedisReply.bytes(pause.toMillis())));
        return answer.thenApply(noted -> noted == 1);
    }
}
