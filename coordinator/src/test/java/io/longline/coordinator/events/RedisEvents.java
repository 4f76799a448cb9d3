package io.longline.coordinator.events;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.longline.keeper.shard.Shards;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** The event streams as register writes them, and as anybody can look at them. */
final class RedisEvents implements AutoCloseable {
    private final AbstractRedisClient client;
    private final RedisClusterCommands<String, String> redis;

    /** {@code uri} of a Redis, or of a node of a Redis Cluster. */
    RedisEvents(URI uri) {
        RedisClient one = RedisClient.create(uri.toString());
        RedisCommands<String, String> first = one.connect().sync();
        if (first.info("cluster").contains("cluster_enabled:1")) {
            one.shutdown();
            RedisClusterClient all = RedisClusterClient.create(uri.toString());
            client = all;
            redis = all.connect().sync();
        } else {
            client = one;
            redis = first;
        }
    }

    static String key(int shard) {
        return Shards.tag(shard) + ":events";
    }

    /** As register's bind.lua does. */
    String replaced(String user, String room, long incarnation, long generation) {
        return happened("replaced", user, room, incarnation, generation);
    }

    /** As register's forget.lua does. */
    String forgotten(String user, String room, long incarnation, long generation) {
        return happened("forgotten", user, room, incarnation, generation);
    }

    /** As register's kick.lua does. */
    String kicked(String user, String room, long incarnation, long generation, String reason) {
        Map<String, String> fields = fields("forgotten", user, room, incarnation, generation);
        fields.put("reason", reason);
        return add(Shards.of("shop", user), fields);
    }

    /** As register's follow.lua does. */
    String follows(String user, String room, long incarnation, long generation) {
        return happened("follows", user, room, incarnation, generation);
    }

    private String happened(String type, String user, String room, long incarnation, long generation) {
        return add(Shards.of("shop", user), fields(type, user, room, incarnation, generation));
    }

    private static Map<String, String> fields(
            String type, String user, String room, long incarnation, long generation) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("type", type);
        fields.put("product", "shop");
        fields.put("user", user);
        fields.put("device", "phone");
        fields.put("room", room);
        fields.put("incarnation", Long.toString(incarnation));
        fields.put("loop", "1");
        fields.put("slot", "2");
        fields.put("slot_generation", "3");
        fields.put("generation", Long.toString(generation));
        fields.put("new_generation", Long.toString(generation + 1));
        return fields;
    }

    String add(int shard, Map<String, String> fields) {
        return redis.xadd(key(shard), fields);
    }

    /** Entries in the streams of all shards, whether pending or not. */
    long waiting() {
        long waiting = 0;
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            waiting += redis.xlen(key(shard));
        }
        return waiting;
    }

    /** Entries that were given to a coordinator and not finished. */
    long pending() {
        long pending = 0;
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            if (redis.exists(key(shard)) > 0 && !redis.xinfoGroups(key(shard)).isEmpty()) {
                pending += redis.xpending(key(shard), "coordinator").getCount();
            }
        }
        return pending;
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
