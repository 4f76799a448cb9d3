package io.longline.coordinator.presence;

import static io.longline.coordinator.redis.RedisAnswer.number;
import static io.longline.coordinator.redis.RedisAnswer.text;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.coordinator.redis.RedisAnswer;
import io.longline.keeper.outbox.OutboxKeys;
import io.longline.keeper.presence.PresenceKeys;
import io.longline.keeper.product.Callback;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@link PresenceStore} in Redis; each script's header says what it is given and answers. */
final class RedisPresence implements PresenceStore {
    private static final RedisScript TELL = RedisScript.of(RedisPresence.class, "tell.lua");
    private static final RedisScript COMPARE = RedisScript.of(RedisPresence.class, "compare.lua");
    private static final RedisScript DROP = RedisScript.of(RedisPresence.class, "drop.lua");
    private static final RedisScript LOG = RedisScript.of(RedisPresence.class, "log.lua");

    /** Looked at by one script: about a millisecond, in which Redis serves nobody else. */
    private static final int MARKS = 200;

    private static final int COMPARED = 500;
    /** On their way to a product's log from one shard. */
    private static final int MOST_PENDING = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int TOLD_HEAD = 7;

    private final RedisStore redis;
    private final OutboxConfig.Limits limits;
    private final PresenceConfig.Log log;

    RedisPresence(RedisStore redis, OutboxConfig.Limits limits, PresenceConfig.Log log) {
        this.redis = redis;
        this.limits = limits;
        this.log = log;
    }

    @Override
    public Set<String> products(int shard) {
        return members(PresenceKeys.products(shard));
    }

    @Override
    public Set<String> tellers(int shard) {
        return members(PresenceKeys.tellers(shard));
    }

    private Set<String> members(String key) {
        Set<byte[]> members = await(redis.command(key, commands -> commands.smembers(key)));
        return members.stream().map(RedisAnswer::text).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Optional<Told> tell(Held held, Audience audience, long logged) {
        int shard = held.shard();
        String stream = OutboxKeys.name(audience.product(), Callback.PRESENCE);
        List<String> keys = List.of(
                OutboxKeys.lease(shard),
                PresenceKeys.of(shard),
                PresenceKeys.routes(shard, audience.product()),
                OutboxKeys.stream(shard, stream),
                OutboxKeys.waiting(shard, stream),
                OutboxKeys.streams(shard));
        List<byte[]> args = args(
                held.fence(),
                audience.product(),
                audience.per().word(),
                audience.debounceMs(),
                audience.hasCallback() ? 1 : 0,
                limits.perEndpoint(),
                limits.perStream(),
                MARKS,
                logged,
                MOST_PENDING);
        List<Object> answer = await(redis.script(TELL, ScriptOutputType.MULTI, PresenceKeys.mark(shard), keys, args));
        return is(answer) ? Optional.of(told(answer)) : Optional.empty();
    }

    private static Told told(List<Object> answer) {
        List<Told.ShardEvent> events = answer.subList(TOLD_HEAD, answer.size()).stream()
                .map(each -> event((List<?>) each))
                .toList();
        return new Told(
                (int) number(answer.get(1)),
                (int) number(answer.get(2)),
                (int) number(answer.get(3)),
                (int) number(answer.get(4)),
                number(answer.get(5)),
                number(answer.get(6)) == 1,
                events);
    }

    /** One of a stream, under the first part of its id. */
    static Told.ShardEvent event(List<?> entry) {
        Map<String, String> fields = fields((List<?>) entry.get(1));
        String id = text(entry.getFirst());
        return new Told.ShardEvent(
                Long.parseLong(id.substring(0, id.indexOf('-'))),
                fields.getOrDefault("y", ""),
                fields.getOrDefault("u", ""),
                fields.getOrDefault("d", ""),
                Long.parseLong(fields.getOrDefault("g", "0")),
                fields.getOrDefault("r", ""),
                Long.parseLong(fields.getOrDefault("t", "0")));
    }

    private static Map<String, String> fields(List<?> entry) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < entry.size(); i += 2) {
            fields.put(text(entry.get(i)), text(entry.get(i + 1)));
        }
        return fields;
    }

    @Override
    public OptionalLong comparedUnder(int shard) {
        String key = PresenceKeys.compared(Shards.tag(shard));
        CompletionStage<byte @Nullable []> asked = redis.command(key, commands -> commands.get(key));
        byte[] fence = await(asked);
        return fence == null ? OptionalLong.empty() : OptionalLong.of(number(fence));
    }

    @Override
    public void noteComparison(Held held, Duration period) {
        String key = PresenceKeys.compared(Shards.tag(held.shard()));
        SetArgs expiring = SetArgs.Builder.px(period);
        String _ = await(redis.command(key, commands -> commands.set(key, bytes(held.fence()), expiring)));
    }

    @Override
    public Optional<Compared> compare(Held held, Audience audience, Position from) {
        int shard = held.shard();
        List<String> keys = List.of(
                OutboxKeys.lease(shard),
                PresenceKeys.of(shard),
                PresenceKeys.routes(shard, audience.product()),
                PresenceKeys.online(shard, audience.product()));
        List<byte[]> args = args(
                held.fence(),
                audience.product(),
                audience.per().word(),
                from.ofTold() ? "told" : "online",
                from.after(),
                COMPARED);
        List<Object> answer =
                await(redis.script(COMPARE, ScriptOutputType.MULTI, PresenceKeys.mark(shard), keys, args));
        return is(answer) ? Optional.of(compared(answer, from)) : Optional.empty();
    }

    private static Compared compared(List<Object> answer, Position from) {
        String next = text(answer.get(2));
        Optional<Position> position;
        if (!next.isEmpty()) {
            position = Optional.of(new Position(from.ofTold(), next));
        } else {
            position = from.ofTold() ? Optional.of(new Position(false, "")) : Optional.empty();
        }
        return new Compared((int) number(answer.get(1)), position);
    }

    @Override
    public void drop(Held held, String product) {
        List<String> keys = List.of(OutboxKeys.lease(held.shard()), PresenceKeys.of(held.shard()));
        Long _ = await(redis.unmarked(DROP, ScriptOutputType.INTEGER, keys, args(held.fence(), product)));
    }

    @Override
    public void log(int shard, String product, List<Told.ShardEvent> events) {
        List<byte[]> args = new ArrayList<>(args(shard, log.most(), log.keep().toMillis()));
        for (Told.ShardEvent event : events) {
            args.addAll(args(
                    event.seq(),
                    event.type(),
                    event.user(),
                    event.device(),
                    event.generation(),
                    event.reason(),
                    event.atMs()));
        }
        Long _ = await(redis.unmarked(
                LOG,
                ScriptOutputType.INTEGER,
                List.of(PresenceKeys.events(product), PresenceKeys.eventsState(product)),
                args));
    }

    private static <T extends @Nullable Object> T await(CompletionStage<T> answer) {
        return RedisStore.await(answer, Deadline.after(PATIENCE));
    }

    private static boolean is(List<Object> answer) {
        return number(answer.getFirst()) == 1;
    }

    static List<byte[]> args(Object... values) {
        return RedisArgs.of(values).list();
    }

    private static byte[] bytes(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }
}
