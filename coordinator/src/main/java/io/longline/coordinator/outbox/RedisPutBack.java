package io.longline.coordinator.outbox;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.outbox.OutboxKeys;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** Puts dead letters back into the streams in Redis. */
final class RedisPutBack {
    private static final RedisScript PUT_BACK = RedisScript.of(RedisPutBack.class, "put_back.lua");
    /** Longer than anybody repeats a call whose outcome he does not know. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final RedisStore redis;
    private final OutboxConfig.Limits limits;

    RedisPutBack(RedisStore redis, OutboxConfig.Limits limits) {
        this.redis = redis;
        this.limits = limits;
    }

    /** What became of it. */
    enum Outcome {
        KEPT,
        /** It was put back already after that death. */
        REPEATED,
        /** Neither a callback nor a group takes it. */
        UNCLAIMED,
        ENDPOINT_FULL,
        STREAM_FULL
    }

    /** Blocks; fails with LonglineException while the store is away. */
    Outcome putBack(DeadLetter letter, boolean hasCallback, Deadline deadline) {
        Stream stream = letter.stream();
        List<String> keys = List.of(
                again(letter),
                stream.key(),
                stream.waitingKey(),
                OutboxKeys.streams(stream.shard()),
                stream.groupsKey());
        RedisArgs args = RedisArgs.of(
                stream.name(),
                letter.user() + "/" + letter.device(),
                limits.perEndpoint(),
                limits.perStream(),
                limits.streamBytes(),
                REMEMBERED.toMillis(),
                hasCallback ? 1 : 0);
        args.and("u", letter.user());
        args.and("d", letter.device());
        args.and("g", Long.toString(letter.generation()));
        letter.fields().forEach((name, value) -> args.and(name, value));
        args.and(EventFields.ID, letter.id());
        args.and(EventFields.HAPPENED_AT_MS, Long.toString(letter.happenedAtMs()));
        args.and("b", letter.payload().toByteArray());
        CompletionStage<byte[]> answer = redis.unmarked(PUT_BACK, ScriptOutputType.VALUE, keys, args.list());
        return Outcome.valueOf(
                new String(RedisStore.await(answer, deadline), StandardCharsets.UTF_8).toUpperCase(Locale.ROOT));
    }

    private static String again(DeadLetter letter) {
        Stream stream = letter.stream();
        return Shards.tag(stream.shard()) + ":outbox:again:" + stream.product() + "/" + letter.id() + "/"
                + letter.seq();
    }
}
