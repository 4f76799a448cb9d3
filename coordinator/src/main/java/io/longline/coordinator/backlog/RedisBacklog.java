package io.longline.coordinator.backlog;

import io.lettuce.core.ScriptOutputType;
import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.RedisEntry;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.outbox.OutboxKeys;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** {@link BacklogStore} beside the streams in Redis. */
final class RedisBacklog implements BacklogStore {
    private static final RedisScript STANDING = RedisScript.of(RedisBacklog.class, "standing.lua");
    private static final RedisScript TAIL = RedisScript.of(RedisBacklog.class, "tail.lua");
    private static final RedisScript MOVED_OUT = RedisScript.of(RedisBacklog.class, "moved_out.lua");
    private static final RedisScript CAME_BACK = RedisScript.of(RedisBacklog.class, "came_back.lua");
    private static final RedisScript SHIFT = RedisScript.of(RedisBacklog.class, "shift.lua");
    private static final RedisScript FOUND = RedisScript.of(RedisBacklog.class, "found.lua");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int STANDING_PARTS = 9;

    private final RedisStore redis;

    RedisBacklog(RedisStore redis) {
        this.redis = redis;
    }

    @Override
    public Optional<List<Standing>> standing(int shard, long fence) {
        List<Object> answer = await(redis.unmarked(
                STANDING,
                ScriptOutputType.MULTI,
                List.of(OutboxKeys.lease(shard), OutboxKeys.streams(shard)),
                RedisArgs.of(fence).list()));
        if (number(answer.getFirst()) == 0) {
            return Optional.empty();
        }
        List<Standing> all = new ArrayList<>();
        for (int i = 1; i < answer.size(); i += STANDING_PARTS) {
            all.add(standing(shard, answer.subList(i, i + STANDING_PARTS)));
        }
        return Optional.of(all);
    }

    private static Standing standing(int shard, List<Object> parts) {
        return new Standing(
                Stream.of(shard, text(parts.getFirst())),
                number(parts.get(1)),
                number(parts.get(2)),
                new Standing.Tail(number(parts.get(3)), number(parts.get(4)), number(parts.get(5))),
                number(parts.get(6)),
                number(parts.get(7)),
                number(parts.get(8)));
    }

    @Override
    public Optional<List<Event>> tail(Stream stream, long fence, Portion most) {
        List<Object> answer = await(redis.unmarked(
                TAIL,
                ScriptOutputType.MULTI,
                leaseAnd(stream, stream.key()),
                RedisArgs.of(fence, most.events(), most.bytes()).list()));
        if (number(answer.getFirst()) == 0) {
            return Optional.empty();
        }
        List<Event> events = new ArrayList<>();
        for (int i = 1; i < answer.size(); i += 2) {
            events.add(RedisEntry.event(stream, number(answer.get(i)), (List<?>) answer.get(i + 1)));
        }
        return Optional.of(events);
    }

    @Override
    public OptionalInt movedOut(Stream stream, long fence, List<Event> events) {
        RedisArgs args = RedisArgs.of(fence);
        events.forEach(event -> args.and(event.seq()));
        return count(redis.unmarked(MOVED_OUT, ScriptOutputType.INTEGER, leaseAnd(stream, stream.key()), args.list()));
    }

    @Override
    public OptionalInt cameBack(Stream stream, long fence, long after, List<Event> events, boolean more) {
        RedisArgs args = RedisArgs.of(fence, stream.name(), stream.idPrefix(), after, more ? 1 : 0);
        for (Event event : events) {
            List<Object> values = RedisEntry.values(event);
            args.and(event.seq(), values.size());
            values.forEach(value -> args.and(value));
        }
        return count(redis.unmarked(CAME_BACK, ScriptOutputType.INTEGER, leaseAndAll(stream), args.list()));
    }

    @Override
    public OptionalInt shift(Stream stream, long fence, Portion most, long gone) {
        RedisArgs args = RedisArgs.of(fence, stream.name(), stream.idPrefix(), most.events(), most.bytes(), gone);
        return count(redis.unmarked(SHIFT, ScriptOutputType.INTEGER, leaseAndAll(stream), args.list()));
    }

    @Override
    public Optional<Boolean> found(Archive.Size size, long fence) {
        Stream stream = size.stream();
        OptionalInt answer = count(redis.unmarked(
                FOUND,
                ScriptOutputType.INTEGER,
                leaseAnd(stream, stream.key(), OutboxKeys.streams(stream.shard())),
                RedisArgs.of(fence, stream.name(), size.firstSeq(), size.lastSeq(), size.events())
                        .list()));
        return answer.isEmpty() ? Optional.empty() : Optional.of(answer.getAsInt() == 1);
    }

    private static List<String> leaseAndAll(Stream stream) {
        return leaseAnd(stream, stream.keys().toArray(String[]::new));
    }

    private static List<String> leaseAnd(Stream stream, String... others) {
        List<String> keys = new ArrayList<>(List.of(OutboxKeys.lease(stream.shard())));
        keys.addAll(List.of(others));
        return keys;
    }

    private static OptionalInt count(CompletionStage<Long> answer) {
        int count = (int) (long) await(answer);
        return count < 0 ? OptionalInt.empty() : OptionalInt.of(count);
    }

    private static <T> T await(CompletionStage<T> answer) {
        return RedisStore.await(answer, Deadline.after(PATIENCE));
    }

    /** Numbers beyond what Lua gives exactly come as text. */
    private static long number(Object reply) {
        return reply instanceof Long number ? number : Long.parseLong(text(reply));
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }
}
