package io.longline.saver.inbox;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.MessageEvents;
import io.longline.saver.endpoint.RedisReply;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** Tells of messages that ended without coming into an inbox: {@code untaken.lua}. */
public final class RedisUntaken {
    private static final RedisScript UNTAKEN = RedisScript.of(RedisUntaken.class, "untaken.lua");

    private final RedisStore redis;
    private final MessageEvents events;

    public RedisUntaken(RedisStore redis, MessageEvents events) {
        this.redis = redis;
        this.events = events;
    }

    boolean isTold(String product) {
        return events.isTold(product);
    }

    /** The answer is how many events found no room, which has been counted. */
    CompletionStage<Long> tell(Untaken untaken) {
        Endpoint endpoint = untaken.endpoint();
        CompletionStage<Long> unheard = redis.script(
                UNTAKEN,
                ScriptOutputType.INTEGER,
                InboxKeys.mark(endpoint.shard()),
                List.of(),
                List.of(
                        RedisReply.bytes(endpoint.text()),
                        RedisReply.bytes(untaken.messageId()),
                        RedisReply.bytes(untaken.state().name().toLowerCase(Locale.ROOT)),
                        RedisReply.bytes(untaken.reason()),
                        events.of(endpoint.product())));
        return unheard.thenApply(number -> {
            events.unheard(number);
            return number;
        });
    }
}
