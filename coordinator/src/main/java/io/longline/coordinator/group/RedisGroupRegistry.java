package io.longline.coordinator.group;

import io.lettuce.core.ScriptOutputType;
import io.longline.coordinator.redis.RedisAnswer;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** {@link GroupRegistry} in Redis, all of a product in one slot. */
public final class RedisGroupRegistry implements GroupRegistry {
    private static final RedisScript TYPE = RedisScript.of(RedisGroupRegistry.class, "type.lua");
    private static final RedisScript ENTER = RedisScript.of(RedisGroupRegistry.class, "enter.lua");
    private static final RedisScript DEPART = RedisScript.of(RedisGroupRegistry.class, "depart.lua");
    private static final RedisScript CALLED = RedisScript.of(RedisGroupRegistry.class, "called.lua");
    private static final int MOST_CONSUMERS = 1_000;

    private final RedisStore redis;
    private final GroupConfig config;

    public RedisGroupRegistry(RedisStore redis, GroupConfig config) {
        this.redis = redis;
        this.config = config;
    }

    @Override
    public boolean admit(String product, String type, int mostUnclaimed, Deadline deadline) {
        List<String> keys = List.of(unclaimed(product), read(product));
        return integer(TYPE, keys, deadline, RedisArgs.of(type, mostUnclaimed)) == 1;
    }

    @Override
    public Entered enter(String product, String type, String group, Deadline deadline) {
        List<String> keys = List.of(unclaimed(product), read(product), groupsOf(product, type));
        long answer = integer(ENTER, keys, deadline, RedisArgs.of(type, group, config.types(), config.perType()));
        if (answer == 1) {
            return Entered.ENTERED;
        }
        return answer == 0 ? Entered.GROUPS_FULL : Entered.TYPES_FULL;
    }

    @Override
    public boolean depart(String product, String type, String group, Deadline deadline) {
        List<String> keys =
                List.of(unclaimed(product), read(product), groupsOf(product, type), consumersOf(product, type, group));
        return integer(DEPART, keys, deadline, RedisArgs.of(type, group)) == 1;
    }

    @Override
    public void release(String product, String type, Deadline deadline) {
        String key = unclaimed(product);
        Long _ = RedisStore.await(
                redis.command(key, commands -> commands.zrem(key, type.getBytes(StandardCharsets.UTF_8))), deadline);
    }

    @Override
    public Set<String> groups(String product, String type, Deadline deadline) {
        String key = groupsOf(product, type);
        Set<byte[]> names = RedisStore.await(redis.command(key, commands -> commands.smembers(key)), deadline);
        return names.stream().map(RedisAnswer::text).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public List<String> types(String product, Deadline deadline) {
        CompletionStage<Set<byte[]>> read = redis.command(read(product), commands -> commands.smembers(read(product)));
        CompletionStage<List<byte[]>> unclaimed =
                redis.command(unclaimed(product), commands -> commands.zrange(unclaimed(product), 0, -1));
        Set<String> types = new TreeSet<>();
        RedisStore.await(read, deadline).forEach(name -> types.add(RedisAnswer.text(name)));
        RedisStore.await(unclaimed, deadline).forEach(name -> types.add(RedisAnswer.text(name)));
        return List.copyOf(types);
    }

    @Override
    public void called(String product, String type, String group, String consumer, Duration counts, Deadline deadline) {
        long _ = RedisStore.await(called(product, type, group, consumer, counts), deadline);
    }

    @Override
    public Map<String, Integer> consumers(
            String product, String type, Set<String> groups, Duration within, Deadline deadline) {
        Map<String, CompletionStage<Long>> asked = new HashMap<>();
        groups.forEach(group -> asked.put(group, called(product, type, group, "", within)));
        Map<String, Integer> counts = new HashMap<>();
        asked.forEach((group, count) ->
                counts.put(group, RedisStore.await(count, deadline).intValue()));
        return counts;
    }

    /** By nobody where there is no name. */
    private CompletionStage<Long> called(String product, String type, String group, String consumer, Duration counts) {
        return redis.unmarked(
                CALLED,
                ScriptOutputType.INTEGER,
                List.of(consumersOf(product, type, group)),
                RedisArgs.of(consumer, counts.toMillis(), MOST_CONSUMERS).list());
    }

    private long integer(RedisScript script, List<String> keys, Deadline deadline, RedisArgs args) {
        CompletionStage<Long> answer = redis.unmarked(script, ScriptOutputType.INTEGER, keys, args.list());
        return RedisStore.await(answer, deadline);
    }

    private static String unclaimed(String product) {
        return "{p:" + product + "}:uplink:unclaimed";
    }

    private static String read(String product) {
        return "{p:" + product + "}:uplink:types";
    }

    private static String groupsOf(String product, String type) {
        return "{p:" + product + "}:uplink:groups:" + type;
    }

    private static String consumersOf(String product, String type, String group) {
        return "{p:" + product + "}:uplink:consumers:" + type + "/" + group;
    }
}
