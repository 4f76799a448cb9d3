package io.longline.saver.inbox;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.RedisReply;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Who acknowledged something in the last half minute, whichever saver it was told to. */
public final class RedisRecentAcks {
    private static final RedisScript RECENT = RedisScript.of(RedisRecentAcks.class, "recent.lua");

    private final RedisStore redis;

    public RedisRecentAcks(RedisStore redis) {
        this.redis = redis;
    }

    /**
     * An endpoint's watermark as it is now.
     *
     * @param seq 0: it has none any more
     */
    record Acked(Endpoint endpoint, long seq) {}

    /**
     * Some of a shard's, the last to acknowledge first, so that none is missed between two pages where others acknowledge meanwhile.
     *
     * @param from so many are left out
     */
    CompletionStage<List<Acked>> page(int shard, int from, int most) {
        CompletionStage<List<Object>> answer = redis.script(
                RECENT,
                ScriptOutputType.MULTI,
                InboxKeys.mark(shard),
                List.of(InboxKeys.acked(shard)),
                List.of(RedisReply.bytes(from), RedisReply.bytes(most)));
        return answer.thenApply(list -> {
            RedisReply reply = new RedisReply(list);
            return IntStream.range(0, list.size() / 2)
                    .mapToObj(i -> new Acked(Endpoint.parse(reply.text(2 * i)), reply.number(2 * i + 1)))
                    .toList();
        });
    }
}
