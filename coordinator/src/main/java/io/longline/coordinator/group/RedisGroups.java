package io.longline.coordinator.group;

import static io.longline.coordinator.redis.RedisAnswer.number;
import static io.longline.coordinator.redis.RedisAnswer.text;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.RedisEntry;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.outbox.OutboxKeys;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link GroupStore} beside the streams in Redis. */
final class RedisGroups implements GroupStore {
    private static final RedisScript CREATE = RedisScript.of(RedisGroups.class, "create.lua");
    private static final RedisScript DROP = RedisScript.of(RedisGroups.class, "drop.lua");
    private static final RedisScript READY = RedisScript.of(RedisGroups.class, "ready.lua");
    private static final RedisScript PULL = RedisScript.of(RedisGroups.class, "pull.lua");
    private static final RedisScript FINISH = RedisScript.of(RedisGroups.class, "finish.lua");
    private static final RedisScript REQUEUE = RedisScript.of(RedisGroups.class, "requeue.lua");
    private static final RedisScript STANDING = RedisScript.of(RedisGroups.class, "standing.lua");
    private static final int GROUP_PARTS = 4;
    private static final Duration STIRRED_FOR = Duration.ofHours(1);

    private final RedisStore redis;

    RedisGroups(RedisStore redis) {
        this.redis = redis;
    }

    @Override
    public CompletionStage<Long> create(Group group, int shard) {
        Stream stream = group.stream(shard);
        return redis.unmarked(
                CREATE,
                ScriptOutputType.INTEGER,
                List.of(stream.groupsKey(), stream.key()),
                RedisArgs.of(group.name()).list());
    }

    @Override
    public CompletionStage<Boolean> drop(Group group, int shard, boolean hasCallback) {
        Stream stream = group.stream(shard);
        CompletionStage<Long> answer = redis.unmarked(
                DROP,
                ScriptOutputType.INTEGER,
                stream.keys(),
                RedisArgs.of(stream.name(), group.name(), flag(hasCallback)).list());
        return answer.thenApply(was -> was == 1);
    }

    @Override
    public CompletionStage<Optional<Ready>> ready(Group group, int shard) {
        CompletionStage<List<Object>> answer = redis.unmarked(
                READY,
                ScriptOutputType.MULTI,
                keys(group, shard),
                RedisArgs.of(group.name()).list());
        return answer.thenApply(parts -> {
            int count = (int) number(parts.getFirst());
            return switch (count) {
                case -1 -> Optional.empty();
                case 0 -> Optional.of(nothingFor(number(parts.get(1))));
                default -> Optional.of(new Ready(count, number(parts.get(1)), (int) number(parts.get(2)), Ready.NEVER));
            };
        });
    }

    private static Ready nothingFor(long ms) {
        return ms < 0 ? Ready.NOTHING : new Ready(0, 0, 0, ms);
    }

    @Override
    public CompletionStage<Optional<Given>> pull(Group group, int shard, Portion most, Duration lease) {
        CompletionStage<List<Object>> answer = redis.unmarked(
                PULL,
                ScriptOutputType.MULTI,
                keys(group, shard),
                RedisArgs.of(group.name(), most.uplinks(), most.bytes(), lease.toMillis())
                        .list());
        return answer.thenApply(parts -> {
            int expired = (int) number(parts.getFirst());
            if (expired < 0) {
                return Optional.empty();
            }
            List<Event> uplinks = new ArrayList<>();
            for (int i = 2; i < parts.size(); i += 2) {
                uplinks.add(RedisEntry.event(group.stream(shard), number(parts.get(i)), (List<?>) parts.get(i + 1)));
            }
            return Optional.of(new Given(number(parts.get(1)), expired, uplinks));
        });
    }

    @Override
    public CompletionStage<List<Boolean>> finish(Group group, List<Lease> leases, boolean hasCallback) {
        Stream stream = group.stream(leases.getFirst().shard());
        RedisArgs args = RedisArgs.of(stream.name(), group.name(), flag(hasCallback));
        return answers(redis.unmarked(FINISH, ScriptOutputType.MULTI, stream.keys(), with(args, leases)));
    }

    @Override
    public CompletionStage<List<Boolean>> requeue(Group group, List<Lease> leases, Duration delay) {
        Stream stream = group.stream(leases.getFirst().shard());
        List<String> keys = List.of(leasesOf(group, stream), laterOf(group, stream));
        RedisArgs args = RedisArgs.of(delay.toMillis());
        return answers(redis.unmarked(REQUEUE, ScriptOutputType.MULTI, keys, with(args, leases)));
    }

    private static List<byte[]> with(RedisArgs args, List<Lease> leases) {
        leases.forEach(lease -> args.and(lease.seq(), lease.tillUs()));
        return args.list();
    }

    private static CompletionStage<List<Boolean>> answers(CompletionStage<List<Object>> answer) {
        return answer.thenApply(
                parts -> parts.stream().map(part -> number(part) == 1).toList());
    }

    @Override
    public CompletionStage<Standing> standing(Stream stream) {
        List<String> keys = List.of(
                stream.groupsKey(),
                stream.key(),
                OutboxKeys.leases(stream.shard(), stream.name()),
                OutboxKeys.later(stream.shard(), stream.name()));
        CompletionStage<List<Object>> answer = redis.unmarked(STANDING, ScriptOutputType.MULTI, keys, List.of());
        return answer.thenApply(parts -> {
            Map<String, Standing.OfGroup> groups = new HashMap<>();
            for (int i = 2; i < parts.size(); i += GROUP_PARTS) {
                groups.put(
                        text(parts.get(i)),
                        new Standing.OfGroup(
                                number(parts.get(i + 1)),
                                number(parts.get(i + 2)),
                                number(parts.get(i + GROUP_PARTS - 1))));
            }
            return new Standing(number(parts.getFirst()), number(parts.get(1)), groups);
        });
    }

    @Override
    public CompletionStage<String> stir(String product, String type) {
        String key = stirredKey(product, type);
        byte[] other = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
        return redis.command(key, commands -> commands.set(key, other, SetArgs.Builder.px(STIRRED_FOR)));
    }

    @Override
    public CompletionStage<String> stirred(Group group) {
        String key = stirredKey(group.product(), group.type());
        CompletionStage<byte @Nullable []> asked = redis.command(key, commands -> commands.get(key));
        return asked.thenApply(value -> value == null ? "" : text(value));
    }

    private static String stirredKey(String product, String type) {
        return "{p:" + product + "}:uplink:stirred:" + type;
    }

    private static int flag(boolean value) {
        return value ? 1 : 0;
    }

    private static List<String> keys(Group group, int shard) {
        Stream stream = group.stream(shard);
        return List.of(stream.groupsKey(), stream.key(), leasesOf(group, stream), laterOf(group, stream));
    }

    private static String leasesOf(Group group, Stream stream) {
        return OutboxKeys.leases(stream.shard(), stream.name()) + "/" + group.name();
    }

    private static String laterOf(Group group, Stream stream) {
        return OutboxKeys.later(stream.shard(), stream.name()) + "/" + group.name();
    }
}
