package io.longline.coordinator.uplink;

import io.lettuce.core.ScriptOutputType;
import io.longline.coordinator.outbox.EventFields;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.outbox.OutboxKeys;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** {@link UplinkStore} in Redis: what is kept waits in the outbox. */
final class RedisUplinks implements UplinkStore {
    private static final RedisScript KEEP = RedisScript.of(RedisUplinks.class, "keep.lua");
    private static final RedisScript ADMIT = RedisScript.of(RedisUplinks.class, "admit.lua");

    private final RedisStore redis;
    private final OutboxConfig.Limits limits;
    private final UplinkConfig config;

    RedisUplinks(RedisStore redis, OutboxConfig.Limits limits, UplinkConfig config) {
        this.redis = redis;
        this.limits = limits;
        this.config = config;
    }

    @Override
    public CompletionStage<KeepOutcome> keep(Uplink uplink, boolean hasCallback) {
        Uplink.Sender sender = uplink.sender();
        Stream stream = uplink.stream();
        List<String> keys = List.of(
                UplinkKeys.id(stream.shard(), sender, uplink.id()),
                stream.key(),
                stream.waitingKey(),
                OutboxKeys.streams(stream.shard()),
                stream.groupsKey());
        List<byte[]> args = new ArrayList<>(List.of(
                bytes(stream.name()),
                bytes(sender.endpoint()),
                bytes(limits.perEndpoint()),
                bytes(limits.perStream()),
                bytes(limits.streamBytes()),
                bytes(Math.min(limits.perStream(), config.unclaimed().perStream())),
                bytes(Math.min(limits.streamBytes(), config.unclaimed().streamBytes())),
                bytes(hasCallback ? 1 : 0),
                bytes(config.rememberIds().toMillis())));
        put(args, "u", sender.user());
        put(args, "d", sender.device());
        put(args, "g", Long.toString(sender.generation()));
        put(args, EventFields.PLACE, sender.place().text());
        put(args, EventFields.UPLINK_ID, uplink.id());
        put(args, EventFields.PAYLOAD_KIND, uplink.isText() ? EventFields.TEXT : EventFields.DATA);
        args.add(bytes("b"));
        args.add(uplink.payload().toByteArray());
        CompletionStage<byte[]> answer = redis.unmarked(KEEP, ScriptOutputType.VALUE, keys, args);
        return answer.thenApply(word -> KeepOutcome.valueOf(text(word).toUpperCase(Locale.ROOT)));
    }

    private static void put(List<byte[]> args, String name, String value) {
        args.add(bytes(name));
        args.add(bytes(value));
    }

    @Override
    public Admitted admit(String product, int wanted, int ratePerS, Deadline deadline) {
        List<Object> answer = RedisStore.await(
                redis.unmarked(
                        ADMIT,
                        ScriptOutputType.MULTI,
                        List.of(UplinkKeys.rate(product)),
                        List.of(bytes(wanted), bytes(ratePerS))),
                deadline);
        return new Admitted((int) number(answer.getFirst()), number(answer.get(1)));
    }

    /** Numbers beyond what Lua gives exactly come as text. */
    private static long number(Object reply) {
        return reply instanceof Long number ? number : Long.parseLong(text(reply));
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
