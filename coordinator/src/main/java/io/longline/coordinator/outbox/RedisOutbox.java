package io.longline.coordinator.outbox;

import static io.longline.coordinator.redis.RedisAnswer.number;
import static io.longline.coordinator.redis.RedisAnswer.text;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.outbox.OutboxKeys;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** {@link OutboxStore} in Redis Streams. */
public final class RedisOutbox implements OutboxStore {
    private static final RedisScript HOLD = RedisScript.of(RedisOutbox.class, "hold.lua");
    private static final RedisScript RELEASE = RedisScript.of(RedisOutbox.class, "release.lua");
    private static final RedisScript INDEX = RedisScript.of(RedisOutbox.class, "index.lua");
    private static final RedisScript BODIES = RedisScript.of(RedisOutbox.class, "bodies.lua");
    private static final RedisScript FINISH = RedisScript.of(RedisOutbox.class, "finish.lua");
    private static final RedisScript SWEEP = RedisScript.of(RedisOutbox.class, "sweep.lua");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int REFS = 3;
    private static final int REF_PARTS = 4;

    private final RedisStore redis;

    public RedisOutbox(RedisStore redis) {
        this.redis = redis;
    }

    @Override
    public Optional<Held> hold(int shard, String holder, Duration lease, Duration freeFor) {
        List<Object> answer = await(redis.unmarked(
                HOLD,
                ScriptOutputType.MULTI,
                List.of(OutboxKeys.lease(shard), OutboxKeys.streams(shard)),
                RedisArgs.of(holder, lease.toMillis(), freeFor.toMillis()).list()));
        long fence = number(answer.getFirst());
        return fence == 0
                ? Optional.empty()
                : Optional.of(new Held(
                        fence,
                        answer.stream()
                                .skip(2)
                                .map(name -> Stream.of(shard, text(name)))
                                .toList(),
                        number(answer.get(1)) > 0));
    }

    @Override
    public void release(int shard, long fence) {
        Long _ = await(redis.unmarked(
                RELEASE,
                ScriptOutputType.INTEGER,
                List.of(OutboxKeys.lease(shard)),
                RedisArgs.of(fence).list()));
    }

    @Override
    public Optional<Page> index(Stream stream, long fence, long after, int most) {
        List<Object> answer = await(redis.unmarked(
                INDEX,
                ScriptOutputType.MULTI,
                List.of(OutboxKeys.lease(stream.shard()), stream.key(), stream.takenKey()),
                RedisArgs.of(fence, after, most).list()));
        if (number(answer.getFirst()) == 0) {
            return Optional.empty();
        }
        List<Ref> refs = new ArrayList<>();
        for (int i = REFS; i < answer.size(); i += REF_PARTS) {
            refs.add(new Ref(number(answer.get(i)), text(answer.get(i + 1)) + "/" + text(answer.get(i + 2)), (int)
                    number(answer.get(i + REF_PARTS - 1))));
        }
        return Optional.of(new Page(refs, number(answer.get(2)), number(answer.get(1)) == most));
    }

    @Override
    public Optional<List<Event>> bodies(Stream stream, long fence, List<Ref> refs) {
        RedisArgs args = RedisArgs.of(fence);
        refs.forEach(ref -> args.and(ref.seq()));
        List<Object> answer = await(redis.unmarked(BODIES, ScriptOutputType.MULTI, leaseAnd(stream), args.list()));
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
    public boolean finish(Stream stream, long fence, List<Ref> refs) {
        RedisArgs args = RedisArgs.of(fence, stream.name());
        refs.forEach(ref -> args.and(ref.seq()));
        CompletionStage<Long> answer =
                redis.unmarked(FINISH, ScriptOutputType.INTEGER, leaseAndAll(stream), args.list());
        return await(answer) == 1;
    }

    @Override
    public Optional<Claims> sweep(Stream stream, long fence) {
        List<byte[]> args = RedisArgs.of(fence, stream.name()).list();
        CompletionStage<Long> answer = redis.unmarked(SWEEP, ScriptOutputType.INTEGER, leaseAndAll(stream), args);
        long groups = await(answer);
        return groups < 0 ? Optional.empty() : Optional.of(groups == 0 ? Claims.NONE : Claims.GROUPS);
    }

    private static List<String> leaseAndAll(Stream stream) {
        List<String> keys = new ArrayList<>(List.of(OutboxKeys.lease(stream.shard())));
        keys.addAll(stream.keys());
        return keys;
    }

    private static List<String> leaseAnd(Stream stream) {
        return List.of(OutboxKeys.lease(stream.shard()), stream.key());
    }

    private static <T> T await(CompletionStage<T> answer) {
        return RedisStore.await(answer, Deadline.after(PATIENCE));
    }
}
