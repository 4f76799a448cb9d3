package io.longline.register.rebuild;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.register.RegisterMetrics;
import io.longline.register.endpoint.EndedSession;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowNote;
import io.longline.register.endpoint.LiveSession;
import io.longline.register.endpoint.Route;
import io.longline.register.endpoint.RouteKeys;
import io.longline.register.endpoint.ToldSession;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lost shards in Redis: found, claimed, filled, marked whole. The claim stands in the place of the mark and names the
 * run_id and the fencing number of the lease, so nothing is restored by a process that lost the lease, nor into another
 * Redis than was claimed, nor into one that was emptied meanwhile. Blocks; for virtual threads.
 */
public final class RedisRebuildStore {
    private static final RedisScript WHOLE = RedisScript.of(RedisRebuildStore.class, "whole.lua");
    private static final RedisScript CLAIM = RedisScript.of(RedisRebuildStore.class, "claim.lua");
    private static final RedisScript RESTORE_DEVICES = RedisScript.of(RedisRebuildStore.class, "restore_devices.lua");
    private static final RedisScript RESTORE_FOLLOWS = RedisScript.of(RedisRebuildStore.class, "restore_follows.lua");
    private static final RedisScript RESTORE_ROUTES = RedisScript.of(RedisRebuildStore.class, "restore_routes.lua");
    private static final RedisScript FINISH = RedisScript.of(RedisRebuildStore.class, "finish.lua");
    private static final Duration STEP = Duration.ofSeconds(5);

    private final RedisStore redis;
    private final int mostEvents;
    private final RegisterMetrics metrics;

    /** @param mostEvents a shard's stream of events takes no more than these */
    public RedisRebuildStore(RedisStore redis, int mostEvents, RegisterMetrics metrics) {
        this.redis = redis;
        this.mostEvents = mostEvents;
        this.metrics = metrics;
    }

    /** The shards that are lost, of those whose Redis answers: a node that is away is asked when it is back. */
    public Set<Integer> lost() {
        Set<Integer> all = IntStream.range(0, Shards.COUNT).boxed().collect(Collectors.toUnmodifiableSet());
        return ofThoseThatAnswer(WHOLE, all, RedisArgs.of(), whole -> whole == 0);
    }

    /** Those of them that are lost and are now this rebuild's to fill; none of a Redis that went away meanwhile. */
    Set<Integer> claim(Set<Integer> shards, long fencing) {
        return ofThoseThatAnswer(CLAIM, shards, RedisArgs.of(fencing), claimed -> claimed == 1);
    }

    /** The shards where the script gives such an answer. Fails if none answers at all. */
    private Set<Integer> ofThoseThatAnswer(
            RedisScript script, Set<Integer> shards, RedisArgs args, LongPredicate answer) {
        Deadline deadline = Deadline.after(STEP);
        Map<Integer, CompletionStage<Long>> asked = shards.stream()
                .collect(Collectors.toMap(
                        shard -> shard,
                        shard -> this.<Long>run(script, ScriptOutputType.INTEGER, shard, List.of(), args)));
        Set<Integer> such = new HashSet<>();
        LonglineException failure = null;
        int failed = 0;
        for (Map.Entry<Integer, CompletionStage<Long>> each : asked.entrySet()) {
            try {
                if (answer.test(RedisStore.await(each.getValue(), deadline))) {
                    such.add(each.getKey());
                }
            } catch (LonglineException e) {
                failure = e;
                failed++;
            }
        }
        if (failure != null && failed == asked.size()) {
            throw failure;
        }
        return such;
    }

    /** Inserts what is missing, and takes away what was forgotten. */
    void restoreDevices(int shard, List<JournaledDevice> devices, long fencing) {
        RouteKeys keys = RouteKeys.of(shard);
        RedisArgs args = RedisArgs.of(fencing);
        for (JournaledDevice device : devices) {
            Endpoint endpoint = device.endpoint();
            args.and(
                    endpoint.product() + "/" + endpoint.user(),
                    endpoint.device(),
                    device.generation(),
                    device.forgotten() ? 1 : 0);
        }
        List<String> touched =
                List.of(keys.generation(), keys.routes(), keys.devices(), keys.index(), keys.online(), keys.ended());
        Long restored = RedisStore.await(
                this.<Long>run(RESTORE_DEVICES, ScriptOutputType.INTEGER, shard, touched, args), Deadline.after(STEP));
        metrics.restoredDevices(restored.intValue());
    }

    /** Inserts what is missing, and takes away what is followed no more. Those of users come before those of devices. */
    void restoreFollows(int shard, List<FollowNote> follows, long fencing) {
        RouteKeys keys = RouteKeys.of(shard);
        RedisArgs args = RedisArgs.of(fencing);
        for (FollowNote note : follows) {
            Endpoint endpoint = note.endpoint();
            args.and(endpoint.product(), endpoint.user(), endpoint.device())
                    .and(note.topic(), state(note), note.from(), note.version());
        }
        List<String> touched = List.of(keys.generation(), keys.follows(), keys.followers());
        Long restored = RedisStore.await(
                this.<Long>run(RESTORE_FOLLOWS, ScriptOutputType.INTEGER, shard, touched, args), Deadline.after(STEP));
        metrics.restoredFollows(restored.intValue());
    }

    private static String state(FollowNote note) {
        if (note.follows()) {
            return "1";
        }
        return note.againstUser() ? "0" : "-";
    }

    /** Inserts what is missing or newer. May be called after the shard was marked whole, too. */
    void restoreRoutes(int shard, List<? extends ToldSession> sessions, long fencing) {
        RouteKeys keys = RouteKeys.of(shard);
        RedisArgs args = RedisArgs.of(fencing, mostEvents);
        for (ToldSession session : sessions) {
            Endpoint endpoint = session.endpoint();
            args.and(endpoint.product(), endpoint.user(), endpoint.device());
            switch (session) {
                case LiveSession(Endpoint _, Route route, String network) ->
                    args.and(route.place(), route.generation(), route.sinceMs(), network);
                case EndedSession(Endpoint _, long generation) -> args.and("", generation, 0, "");
            }
        }
        List<String> touched = List.of(
                keys.generation(),
                keys.dead(),
                keys.rooms(),
                keys.events(),
                keys.routes(),
                keys.devices(),
                keys.index(),
                keys.online(),
                keys.ended(),
                keys.presenceCompared(),
                keys.kicks());
        List<Long> restoredAndDropped = RedisStore.await(
                this.<List<Long>>run(RESTORE_ROUTES, ScriptOutputType.MULTI, shard, touched, args),
                Deadline.after(STEP));
        metrics.restoredRoutes(
                restoredAndDropped.get(0).intValue(), restoredAndDropped.get(1).intValue());
    }

    /** The shards are whole. */
    void finish(Set<Integer> shards, long fencing) {
        Deadline deadline = Deadline.after(STEP);
        List<CompletionStage<Long>> finished = shards.stream()
                .map(shard -> this.<Long>run(
                        FINISH,
                        ScriptOutputType.INTEGER,
                        shard,
                        List.of(RouteKeys.of(shard).presenceCompared()),
                        RedisArgs.of(fencing)))
                .toList();
        finished.forEach(stage -> RedisStore.await(stage, deadline));
    }

    private <T> CompletionStage<T> run(
            RedisScript script, ScriptOutputType type, int shard, List<String> touched, RedisArgs args) {
        List<String> keys = IntStream.range(0, touched.size() + 1)
                .mapToObj(i -> i == 0 ? RouteKeys.of(shard).mark() : touched.get(i - 1))
                .toList();
        return redis.unmarked(script, type, keys, args.list());
    }
}
