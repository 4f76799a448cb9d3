package io.longline.coordinator.group;

import io.lettuce.core.ScriptOutputType;
import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.RedisEntry;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.outbox.OutboxKeys;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

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
                List.of(bytes(group.name())));
    }

    @Override
    public CompletionStage<Boolean> drop(Group group, int shard, boolean hasCallback) {
        Stream stream = group.stream(shard);
        CompletionStage<Long> answer = redis.unmarked(
                DROP,
                ScriptOutputType.INTEGER,
                stream.keys(),
                List.of(bytes(stream.name()), bytes(group.name()), flag(hasCallback)));
        return answer.thenApply(was -> was == 1);
    }

    @Override
    public CompletionStage<Optional<Ready>> ready(Group group, int shard) {
        CompletionStage<List<Object>> answer =
                redis.unmarked(READY, ScriptOutputType.MULTI, keys(group, shard), List.of(bytes(group.name())));
        return answer.thenApply(parts -> {
            int count = (int) number(parts.getFirst());
            return switch (count) {
                case -1 -> Optional.empty();
                case 0 -> Optional.of(Ready.NOTHING);
                default -> Optional.of(new Ready(count, number(parts.get(1)), (int) number(parts.get(2))));
            };
        });
    }

    @Override
    public CompletionStage<Optional<Given>> pull(Group group, int shard, Portion most, Duration lease) {
        CompletionStage<List<Object>> answer = redis.unmarked(
                PULL,
                ScriptOutputType.MULTI,
                keys(group, shard),
                List.of(bytes(group.name()), bytes(most.uplinks()), bytes(most.bytes()), bytes(lease.toMillis())));
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
        List<byte[]> args = new ArrayList<>(List.of(bytes(stream.name()), bytes(group.name()), flag(hasCallback)));
        return answers(redis.unmarked(FINISH, ScriptOutputType.MULTI, stream.keys(), with(args, leases)));
    }

    @Override
    public CompletionStage<List<Boolean>> requeue(Group group, List<Lease> leases, Duration delay) {
        Stream stream = group.stream(leases.getFirst().shard());
        List<String> keys = List.of(leasesOf(group, stream), laterOf(group, stream));
        List<byte[]> args = new ArrayList<>(List.of(bytes(delay.toMillis())));
        return answers(redis.unmarked(REQUEUE, ScriptOutputType.MULTI, keys, with(args, leases)));
    }

    private static List<byte[]> with(List<byte[]> args, List<Lease> leases) {
        for (Lease lease : leases) {
            args.add(bytes(lease.seq()));
            args.add(bytes(lease.tillUs()));
        }
        return args;
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

    /** Numbers beyond what Lua gives exactly come as text. */
    private static long number(Object reply) {
        return reply instanceof Long number ? number : Long.parseLong(text(reply));
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }

    private static byte[] flag(boolean value) {
        return bytes(value ? 1 : 0);
    }

    private static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
