package io.longline.deploy.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.cluster.ClusterOptions;
import io.longline.deploy.cluster.ClusterPorts;
import io.longline.deploy.cluster.GivenStores;
import io.longline.deploy.cluster.LocalCluster;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.OwnHome;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.deploy.service.ThisProcess;
import io.longline.keeper.shard.Shards;
import io.longline.stores.EmbeddedRedis;
import io.longline.stores.EmbeddedRedisCluster;
import io.longline.stores.EmbeddedRedisPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pushes are answered with success that only a Redis has which then dies; a replica that lags takes its place. MySQL and
 * ZooKeeper are those of the shared cluster, with a database and a name of their own.
 */
@Timeout(240)
@Tag("faults")
final class RedisFailOverIT {
    private static final int USERS = 30;
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    @TempDir
    Path folder;

    private final List<String> users =
            IntStream.range(0, USERS).mapToObj(i -> SharedCluster.fresh("heir")).toList();

    /** What is done to Redis, and what it does to the shards. */
    private interface Fault {
        /** From now on the replica has nothing of what is written. */
        void lag();

        /** Returns when the replica is in the master's place. */
        void failOver();

        /** How many shards the dying master has. */
        long shards();
    }

    @Test
    void onARedisClusterNothingIsLostWithAMasterAndOnlyItsShardsAreRebuilt() {
        try (EmbeddedRedisCluster redis = EmbeddedRedisCluster.withReplicas().start()) {
            EmbeddedRedis dying = redis.owner(tagOf(users.getFirst()));
            survives(redis.uris(), new Fault() {
                @Override
                public void lag() {
                    redis.lag(dying);
                }

                @Override
                public void failOver() {
                    redis.failOver(dying);
                }

                @Override
                public long shards() {
                    return IntStream.range(0, Shards.COUNT)
                            .filter(shard -> redis.owner(Shards.tag(shard)) == dying)
                            .count();
                }
            });
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "longline.test.long", matches = "true")
    void ofOneRedisNothingIsLostWhenAReplicaIsPromoted() {
        try (EmbeddedRedisPair redis = new EmbeddedRedisPair().start()) {
            survives(redis.uris(), new Fault() {
                @Override
                public void lag() {
                    redis.lag();
                }

                @Override
                public void failOver() {
                    redis.failOver();
                }

                @Override
                public long shards() {
                    return Shards.COUNT;
                }
            });
        }
    }

    private static String tagOf(String user) {
        return Shards.tag(Shards.of(TestProduct.DEMO.id(), user));
    }

    private void survives(String redis, Fault fault) {
        try (OwnHome _ = new OwnHome(folder.resolve("home"));
                LocalCluster cluster = new LocalCluster(options(redis), new ThisProcess(), line -> {})) {
            cluster.start();
            PushLog pushes = new PushLog(cluster);
            ClusterGauges gauges = new ClusterGauges(cluster);
            List<JsonLink> links =
                    users.stream().map(user -> connect(cluster, user)).toList();
            users.forEach(user -> pushes.push("before", user));
            long routes = gauges.shardsOfRoutes();
            long inboxes = gauges.shardsOfInboxes();
            long shards = fault.shards();

            fault.lag();
            // Half of them go, and come back after it.
            links.subList(0, USERS / 2).forEach(JsonLink::close);
            users.forEach(user -> pushes.push("answered-by-the-old-one", user));
            try (PushFlow flow = new PushFlow(pushes, users)) {
                fault.failOver();
                flow.awaitAnswers(100);
            }
            users.forEach(user -> pushes.push("after", user));

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(users.subList(USERS / 2, USERS))
                            .allMatch(user -> pushes.isOnline(user), "is online, as its room says"));
            pushes.repeatAll("answered-by-the-old-one");
            for (String user : users) {
                pushes.check(user, inbox(cluster, user));
            }
            assertThat(gauges.shardsOfRoutes() - routes).isEqualTo(shards);
            assertThat(gauges.shardsOfInboxes() - inboxes).isEqualTo(shards);
            links.forEach(JsonLink::close);
        }
    }

    private ClusterOptions options(String redis) {
        String name = SharedCluster.fresh("failover");
        GivenStores stores = new GivenStores(
                Optional.of(redis),
                Optional.of(shared.cluster()
                        .stores()
                        .mariaDb()
                        .orElseThrow()
                        .jdbcUrl("longline_" + name.replace('-', '_'))),
                Optional.of(shared.cluster().stores().zookeeperHosts()));
        return new ClusterOptions(name, 1, 1, folder.resolve(name), false, ClusterPorts.ANY, stores, false, Map.of());
    }

    private static JsonLink connect(LocalCluster cluster, String user) {
        JsonLink link = JsonLink.bound(cluster.room(0), TestProduct.DEMO, user, "phone");
        link.frames().pushesUntilCaughtUp();
        return link;
    }

    /** Everything that waits for the user, who has acknowledged nothing so far. */
    private static List<JsonNode> inbox(LocalCluster cluster, String user) {
        try (JsonLink link = JsonLink.bound(cluster.room(0), TestProduct.DEMO, user, "phone")) {
            return link.frames()
                    .pushesUntilCaughtUp(push -> link.ack(1, push.get("seq").asLong()));
        }
    }
}
