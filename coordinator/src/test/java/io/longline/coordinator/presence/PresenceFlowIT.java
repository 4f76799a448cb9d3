package io.longline.coordinator.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.longline.coordinator.CoordinatorConfig;
import io.longline.coordinator.CoordinatorServer;
import io.longline.coordinator.callback.BackEnd;
import io.longline.coordinator.callback.BackEnd.Mood;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.presence.PresenceKeys;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Callbacks;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.PresenceRules;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.shard.Shards;
import io.longline.stores.junit.RedisExtension;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whole coordinators on a real Redis and ZooKeeper; what register does there is done by hand. */
@Timeout(120)
class PresenceFlowIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Duration LONG = Duration.ofSeconds(60);

    private final String product = "pres-" + UUID.randomUUID().toString().substring(0, 8);
    private final int shard = Shards.of(product, "u1");
    private final LifeCycle life = new LifeCycle();
    private final ZkConfig zookeeper =
            new ZkConfig(ZOOKEEPER.uri(), "it-" + UUID.randomUUID().toString().substring(0, 8), Duration.ofSeconds(6));
    private final BackEnd backEnd = new BackEnd();
    private final RedisClient client = RedisClient.create(REDIS.uri().toString());
    private final RedisCommands<String, String> redis = client.connect().sync();

    @SuppressWarnings("NullAway.Init")
    private ZkProducts products;

    @BeforeEach
    void start() {
        ZkSession session = life.add(new ZkSession(zookeeper));
        session.start();
        products = life.add(new ZkProducts(session));
        products.start();
        String runId = redis.info("server")
                .lines()
                .filter(line -> line.startsWith("run_id:"))
                .findFirst()
                .orElseThrow()
                .substring("run_id:".length());
        redis.set(PresenceKeys.mark(shard), runId);
        product(Callback.Per.DEVICE);
    }

    @AfterEach
    void stop() {
        life.close();
        client.shutdown();
        backEnd.close();
    }

    private void product(Callback.Per per) {
        Callback callback = new Callback("presence", backEnd.url(), "secret-of-presence", 4, 10_000, List.of(), per);
        products.put(Product.create(product, Durability.REDIS)
                .with("presence", new PresenceRules(false, false, 0))
                .with("callbacks", new Callbacks(List.of(callback), List.of("127.0.0.0/8"))));
    }

    private CoordinatorServer coordinator(String instance) {
        Map<String, String> flags = new HashMap<>(Map.of(
                "instance",
                instance,
                "cluster",
                zookeeper.cluster(),
                "zookeeper.hosts",
                zookeeper.hosts(),
                "redis.uri",
                REDIS.uri().toString(),
                "coordinator.outbox.first-retry",
                "50ms",
                "coordinator.outbox.most-retry",
                "200ms",
                "coordinator.outbox.look-every",
                "200ms",
                "coordinator.presence.look-every",
                "100ms"));
        CoordinatorServer server = life.add(new CoordinatorServer(CoordinatorConfig.read(
                new ConfigReader(ConfigSource.builder().flags(flags).build()))));
        server.start();
        return server;
    }

    // ---- what register does ----

    private void comes(String device, long generation) {
        redis.hset(
                PresenceKeys.routes(shard, product) + "u1",
                device,
                "room-1 1786000000000001 0 7 1 " + generation + " 1786000000000");
        redis.zadd(PresenceKeys.online(shard, product), 0, "u1");
        mark("u1/" + device, generation + " bound 0 1");
    }

    private void goes(String device, long generation) {
        redis.hdel(PresenceKeys.routes(shard, product) + "u1", device);
        mark("u1/" + device, generation + " unbound 0 1");
    }

    private void mark(String name, String how) {
        redis.hset(PresenceKeys.of(shard) + "changed:" + product, name, how);
        redis.zadd(PresenceKeys.of(shard) + "due:" + product, (double) System.currentTimeMillis(), name);
        redis.sadd(PresenceKeys.products(shard), product);
    }

    private List<String> told() {
        return backEnd.taken().stream()
                .map(event ->
                        event.path("type").asText() + " " + event.path("device").asText() + " "
                                + event.path("generation").asLong())
                .distinct()
                .toList();
    }

    private void awaitTold(String... events) {
        await().atMost(LONG).untilAsserted(() -> assertThat(told()).containsExactly(events));
    }

    @Test
    void whoComesAndGoesReachesTheCallbackAndTheLog() {
        coordinator("c1");
        comes("phone", 41);
        awaitTold("presence.online phone 41");
        goes("phone", 41);

        awaitTold("presence.online phone 41", "presence.offline phone 41");
        assertThat(backEnd.taken().getFirst().path("reason").asText()).isEqualTo("bound");
        assertThat(backEnd.taken().getLast().path("reason").asText()).isEqualTo("unbound");
        await().atMost(LONG).until(() -> redis.xlen(PresenceKeys.events(product)) == 2);
        await().atMost(LONG).until(() -> !redis.sismember(PresenceKeys.products(shard), product));
    }

    @Test
    void aBackEndThatWasDownIsToldAllInItsOrder() {
        CoordinatorServer first = coordinator("c1");
        backEnd.is(Mood.FAILS);
        comes("phone", 41);
        await().atMost(LONG).until(() -> !backEnd.requests().isEmpty());
        goes("phone", 41);
        await().atMost(LONG).until(() -> redis.xlen(PresenceKeys.events(product)) == 2);

        first.close();
        backEnd.is(Mood.WELL);
        coordinator("c2");

        awaitTold("presence.online phone 41", "presence.offline phone 41");
    }

    @Test
    void whatWasToldAndIsLostWithRedisIsToldAgainAndWhoWentMeanwhileIsFoundToo() {
        CoordinatorServer first = coordinator("c1");
        comes("phone", 41);
        awaitTold("presence.online phone 41");
        first.close();

        redis.hset(PresenceKeys.told(shard, product), "u1/desk", "42 1"); // was told, and no mark says that it went
        redis.hdel(PresenceKeys.told(shard, product), "u1/phone");
        redis.del(PresenceKeys.compared(Shards.tag(shard)));
        coordinator("c2");

        await().atMost(LONG)
                .until(() -> told().contains("presence.offline desk 42")
                        && backEnd.taken().stream()
                                        .filter(event ->
                                                event.path("device").asText().equals("phone"))
                                        .count()
                                >= 2);
        assertThat(told()).containsOnlyOnce("presence.online phone 41");
    }

    @Test
    void aProductThatWantsToBeToldOfUsersIsToldOfThemFromThenOn() {
        coordinator("c1");
        comes("phone", 41);
        awaitTold("presence.online phone 41");

        product(Callback.Per.USER);

        awaitTold("presence.online phone 41", "presence.online  41");
        assertThat(backEnd.taken().getLast().has("device")).isFalse();
        await().atMost(LONG).until(() -> !redis.hexists(PresenceKeys.told(shard, product), "u1/phone"));
    }

    @Test
    void ofAProductThatWantsToKnowNothingMoreNothingIsKept() {
        coordinator("c1");
        comes("phone", 41);
        awaitTold("presence.online phone 41");

        products.put(Product.create(product, Durability.REDIS));

        await().atMost(LONG).until(() -> redis.exists(PresenceKeys.told(shard, product)) == 0);
        assertThat(redis.sismember(PresenceKeys.tellers(shard), product)).isFalse();
    }
}
