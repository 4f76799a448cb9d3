package io.longline.coordinator.uplink;

import static io.longline.coordinator.redis.RedisAnswer.number;
import static io.longline.coordinator.redis.RedisAnswer.text;

import io.lettuce.core.ScriptOutputType;
import io.longline.coordinator.outbox.EventFields;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.outbox.OutboxKeys;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
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
    public CompletionStage<KeepOutcome> keep(Uplink uplink, boolean hasCallback, int perMinute) {
        Uplink.Sender sender = uplink.sender();
        Stream stream = uplink.stream();
        List<String> keys = List.of(
                UplinkKeys.id(stream.shard(), sender, uplink.id()),
                stream.key(),
                stream.waitingKey(),
                OutboxKeys.streams(stream.shard()),
                stream.groupsKey(),
                UplinkKeys.rate(stream.shard(), sender));
        RedisArgs args = RedisArgs.of(
                stream.name(),
                sender.endpoint(),
                limits.perEndpoint(),
                limits.perStream(),
                limits.streamBytes(),
                Math.min(limits.perStream(), config.unclaimed().perStream()),
                Math.min(limits.streamBytes(), config.unclaimed().streamBytes()),
                hasCallback ? 1 : 0,
                config.rememberIds().toMillis(),
                perMinute);
        args.and("u", sender.user());
        args.and("d", sender.device());
        args.and("g", Long.toString(sender.generation()));
        args.and(EventFields.PLACE, sender.place().text());
        args.and(EventFields.UPLINK_ID, uplink.id());
        args.and(EventFields.PAYLOAD_KIND, uplink.isText() ? EventFields.TEXT : EventFields.DATA);
        args.and("b", uplink.payload().toByteArray());
        CompletionStage<byte[]> answer = redis.unmarked(KEEP, ScriptOutputType.VALUE, keys, args.list());
        return answer.thenApply(word -> KeepOutcome.valueOf(text(word).toUpperCase(Locale.ROOT)));
    }

    @Override
    public Admitted admit(String product, int wanted, int ratePerS, Deadline deadline) {
        List<Object> answer = RedisStore.await(
                redis.unmarked(
                        ADMIT,
                        ScriptOutputType.MULTI,
                        List.of(UplinkKeys.rate(product)),
                        RedisArgs.of(wanted, ratePerS).list()),
                deadline);
        return new Admitted((int) number(answer.getFirst()), number(answer.get(1)));
    }
}
