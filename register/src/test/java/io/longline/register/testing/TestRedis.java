package io.longline.register.testing;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.RouteKeys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** An emptied Redis, the store over it, and a connection to look at what the scripts left there. */
public final class TestRedis implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AbstractRedisClient client;
    private final RedisClusterCommands<String, String> raw;
    private final RedisStore store;

    /** {@code uri} of a Redis, or of a node of a Redis Cluster. */
    public TestRedis(URI uri) {
        RedisClient one = RedisClient.create(uri.toString());
        RedisCommands<String, String> first = one.connect().sync();
        if (first.info("cluster").contains("cluster_enabled:1")) {
            one.shutdown();
            RedisClusterClient all = RedisClusterClient.create(uri.toString());
            client = all;
            raw = all.connect().sync();
        } else {
            client = one;
            raw = first;
        }
        raw.flushall();
        store = new RedisStore(new RedisConfig(uri.toString(), Duration.ofSeconds(10)), new SimpleMeterRegistry());
        store.start();
    }

    public RedisStore store() {
        return store;
    }

    public RedisClusterCommands<String, String> raw() {
        return raw;
    }

    public <T> T await(CompletionStage<T> stage) {
        return RedisStore.await(stage, Deadline.after(PATIENCE));
    }

    /** As after a rebuild that found nothing. */
    public TestRedis allWhole() {
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            String mark = RouteKeys.of(shard).mark();
            raw().set(mark, store.runId(mark));
        }
        return this;
    }

    public void lose(Endpoint endpoint) {
        raw().del(keys(endpoint).mark());
    }

    public RouteKeys keys(Endpoint endpoint) {
        return RouteKeys.of(endpoint.product(), endpoint.user());
    }

    public Map<String, String> routes(Endpoint endpoint) {
        return raw().hgetall(keys(endpoint).routes(endpoint.product(), endpoint.user()));
    }

    public Map<String, String> devices(Endpoint endpoint) {
        return raw().hgetall(keys(endpoint).devices(endpoint.product(), endpoint.user()));
    }

    /** What its user's records say of followed topics. */
    public Map<String, String> follows(Endpoint endpoint) {
        return raw().hgetall(keys(endpoint).follows(endpoint.product(), endpoint.user()));
    }

    /** Who of the endpoint's shard follows a topic. */
    public List<String> followers(Endpoint endpoint, String topic) {
        return raw().zrange(keys(endpoint).followers(endpoint.product(), topic), 0, -1);
    }

    /** The bodies of the events in the endpoint's shard, the oldest first. */
    public List<Map<String, String>> events(Endpoint endpoint) {
        List<Map<String, String>> bodies = new ArrayList<>();
        for (StreamMessage<String, String> message :
                raw().xrange(keys(endpoint).events(), io.lettuce.core.Range.unbounded())) {
            bodies.add(message.getBody());
        }
        return bodies;
    }

    @Override
    public void close() {
        store.close();
        client.shutdown();
    }
}
