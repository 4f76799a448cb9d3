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

    /**
     * What of a shard is looked for.
     *
     * @param most how many endpoints
     * @param late for how long they are due at least
     * @param again after so long they are due again, unless {@link #next} says when
     */
    record Wanted(int most, Duration late, Duration again) {}

    /** Endpoints with something that has expired, the longest due first. Nobody else is given them before they are due again. */
    CompletionStage<List<Endpoint>> due(int shard, Wanted wanted) {
        CompletionStage<List<Object>> answer = redis.script(
                DUE,
                ScriptOutputType.MULTI,
                InboxKeys.mark(shard),
                List.of(InboxKeys.expiring(shard)),
                List.of(
                        RedisReply.bytes(wanted.most),
                        RedisReply.bytes(wanted.again.toMillis()),
                        RedisReply.bytes(wanted.late.toMillis())));
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
