package io.longline.coordinator.outbox;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.outbox.OutboxKeys;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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
        List<byte[]> args = new ArrayList<>(List.of(
                bytes(stream.name()),
                bytes(letter.user() + "/" + letter.device()),
                bytes(limits.perEndpoint()),
                bytes(limits.perStream()),
                bytes(limits.streamBytes()),
                bytes(REMEMBERED.toMillis()),
                bytes(hasCallback ? 1 : 0)));
        put(args, "u", letter.user());
        put(args, "d", letter.device());
        put(args, "g", Long.toString(letter.generation()));
        letter.fields().forEach((name, value) -> put(args, name, value));
        put(args, EventFields.ID, letter.id());
        put(args, EventFields.HAPPENED_AT_MS, Long.toString(letter.happenedAtMs()));
        args.add(bytes("b"));
        args.add(letter.payload().toByteArray());
        CompletionStage<byte[]> answer = redis.unmarked(PUT_BACK, ScriptOutputType.VALUE, keys, args);
        return Outcome.valueOf(
                new String(RedisStore.await(answer, deadline), StandardCharsets.UTF_8).toUpperCase(Locale.ROOT));
    }

    private static String again(DeadLetter letter) {
        Stream stream = letter.stream();
        return Shards.tag(stream.shard()) + ":outbox:again:" + stream.product() + "/" + letter.id() + "/"
                + letter.seq();
    }

    private static void put(List<byte[]> args, String name, String value) {
        args.add(bytes(name));
        args.add(bytes(value));
    }

    private static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
