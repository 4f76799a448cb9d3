package io.longline.coordinator.uplink;

import static io.longline.coordinator.redis.RedisAnswer.number;
import static io.longline.coordinator.redis.RedisAnswer.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.http.Json;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link ReplyStore} in Redis. */
final class RedisReplies implements ReplyStore {
    private static final Logger log = LoggerFactory.getLogger(RedisReplies.class);
    private static final RedisScript NOTE = RedisScript.of(RedisReplies.class, "note_replies.lua");
    private static final RedisScript DUE = RedisScript.of(RedisReplies.class, "due_replies.lua");
    private static final RedisScript FORGET = RedisScript.of(RedisReplies.class, "forget_replies.lua");
    private static final int AT_A_TIME = 64;
    private static final int BYTES_AT_A_TIME = 1 << 20;
    private static final int HEAD = 2;
    private static final int REPLY_PARTS = 3;

    private final RedisStore redis;
    private final UplinkConfig.Replies config;

    RedisReplies(RedisStore redis, UplinkConfig.Replies config) {
        this.redis = redis;
        this.config = config;
    }

    @Override
    public CompletionStage<Noted> note(int shard, List<Reply> replies, Duration dueIn) {
        String product = replies.getFirst().to().product();
        RedisArgs args = RedisArgs.of(product, config.perShard(), config.bytes(), dueIn.toMillis());
        replies.forEach(reply -> args.and(reply.name(), says(reply)));
        CompletionStage<List<Object>> answer =
                redis.unmarked(NOTE, ScriptOutputType.MULTI, UplinkKeys.replies(shard), args.list());
        return answer.thenApply(parts -> new Noted(
                (int) number(parts.getFirst()),
                parts.stream().skip(1).map(kept -> number(kept) == 1).toList()));
    }

    @Override
    public CompletionStage<Due> due(int shard) {
        RedisArgs args = RedisArgs.of(
                AT_A_TIME,
                BYTES_AT_A_TIME,
                config.firstPause().toMillis(),
                config.mostPause().toMillis());
        CompletionStage<List<Object>> answer =
                redis.unmarked(DUE, ScriptOutputType.MULTI, UplinkKeys.replies(shard), args.list());
        return answer.thenApply(RedisReplies::due);
    }

    private static Due due(List<Object> parts) {
        List<Waiting> replies = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        for (int i = HEAD; i < parts.size(); i += REPLY_PARTS) {
            String name = text(parts.get(i));
            Duration age = Duration.ofMillis(number(parts.get(i + 1)));
            try {
                replies.add(new Waiting(reply(name, (byte[]) parts.get(i + 2)), age));
            } catch (RuntimeException e) {
                log.warn("a reply cannot be read name={} error={}", name, e.getMessage());
                unreadable.add(new Unreadable(name, age));
            }
        }
        long nextMs = number(parts.get(1));
        return new Due(
                (int) number(parts.getFirst()),
                nextMs < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(nextMs)),
                replies,
                unreadable);
    }

    @Override
    public CompletionStage<Forgotten> forget(int shard, List<String> names) {
        RedisArgs args = RedisArgs.of();
        names.forEach(name -> args.and(name));
        CompletionStage<List<Object>> answer =
                redis.unmarked(FORGET, ScriptOutputType.MULTI, UplinkKeys.replies(shard), args.list());
        return answer.thenApply(parts -> new Forgotten((int) number(parts.getFirst()), (int)
                parts.stream().skip(1).filter(were -> number(were) == 1).count()));
    }

    /** Read by later releases too: what they do not know is to be left out. */
    private static byte[] says(Reply reply) {
        Uplink.Sender to = reply.to();
        return Json.bytes(Json.object()
                .put("user", to.user())
                .put("device", to.device())
                .put("generation", to.generation())
                .put("place", to.place().text())
                .put("in_reply_to", reply.inReplyTo())
                .put("at_ms", reply.atMs())
                .put("text", reply.text()));
    }

    private static Reply reply(String name, byte[] says) {
        JsonNode fields = Json.parse(says);
        int slash = name.indexOf('/');
        Uplink.Sender to = new Uplink.Sender(
                name.substring(0, slash),
                fields.path("user").asText(),
                fields.path("device").asText(),
                fields.path("generation").asLong(),
                Uplink.Place.of(fields.path("place").asText()));
        return new Reply(
                name.substring(slash + 1),
                fields.path("in_reply_to").asText(),
                to,
                fields.path("text").asText(),
                fields.path("at_ms").asLong());
    }
}
