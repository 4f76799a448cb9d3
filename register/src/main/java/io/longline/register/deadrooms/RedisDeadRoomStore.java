package io.longline.register.deadrooms;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.RouteKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** The incarnations in Redis: which have routes, and the sweep of one that is gone. Blocks; for virtual threads. */
public final class RedisDeadRoomStore {
    private static final RedisScript SWEEP = RedisScript.of(RedisDeadRoomStore.class, "sweep.lua");
    /** Looked at by one script: some tenths of a millisecond, in which Redis serves nobody else. */
    private static final int CHUNK = 100;

    private static final Duration STEP = Duration.ofSeconds(5);

    private final RedisStore redis;
    private final Duration remember;

    /** @param remember how long a dead incarnation is refused */
    public RedisDeadRoomStore(RedisStore redis, Duration remember) {
        this.redis = redis;
        this.remember = remember;
    }

    /** Every incarnation that has, or had, routes and was not swept, as far as the nodes of Redis answer; one has to. */
    Set<Incarnation> bound() {
        Deadline deadline = Deadline.after(STEP);
        List<CompletionStage<Set<byte[]>>> asked = IntStream.range(0, Shards.COUNT)
                .mapToObj(shard -> RouteKeys.of(shard).rooms())
                .map(rooms -> redis.<Set<byte[]>>command(rooms, commands -> commands.smembers(rooms)))
                .toList();
        Set<Incarnation> bound = new HashSet<>();
        List<LonglineException> failures = new ArrayList<>();
        for (CompletionStage<Set<byte[]>> stage : asked) {
            try {
                for (byte[] member : RedisStore.await(stage, deadline)) {
                    bound.add(Incarnation.parse(new String(member, StandardCharsets.UTF_8)));
                }
            } catch (LonglineException e) {
                failures.add(e);
            }
        }
        if (failures.size() == asked.size()) {
            throw failures.getFirst();
        }
        return bound;
    }

    /**
     * Takes away all its routes, having forbidden it to bind, in all shards side by side. One that fails keeps no other.
     *
     * @return how many it had
     * @throws LonglineException what the first shard said that could not be swept, SHARD_LOST for one; others are done then
     */
    int sweep(Incarnation incarnation) {
        int swept = 0;
        List<LonglineException> failures = new ArrayList<>();
        List<Integer> shards = IntStream.range(0, Shards.COUNT).boxed().toList();
        while (!shards.isEmpty()) {
            Deadline deadline = Deadline.after(STEP);
            List<CompletionStage<List<Long>>> asked =
                    shards.stream().map(shard -> sweep(shard, incarnation)).toList();
            List<Integer> unfinished = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                try {
                    List<Long> takenAndLeft = RedisStore.await(asked.get(i), deadline);
                    swept += takenAndLeft.get(0).intValue();
                    if (takenAndLeft.get(1) > 0) {
                        unfinished.add(shards.get(i));
                    }
                } catch (LonglineException e) {
                    failures.add(e);
                }
            }
            shards = unfinished;
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        return swept;
    }

    private CompletionStage<List<Long>> sweep(int shard, Incarnation incarnation) {
        RouteKeys keys = RouteKeys.of(shard);
        List<String> touched = List.of(
                keys.dead(),
                keys.rooms(),
                keys.index(incarnation),
                keys.routes(),
                keys.devices(),
                keys.online(),
                keys.presence());
        RedisArgs args = RedisArgs.of(incarnation.room(), incarnation.number(), CHUNK, remember.toMillis());
        return redis.script(SWEEP, ScriptOutputType.MULTI, keys.mark(), touched, args.list());
    }
}
