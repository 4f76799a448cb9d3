package io.longline.keeper.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import io.longline.stores.EmbeddedRedis;
import io.longline.stores.EmbeddedRedisCluster;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** One store over a Redis Cluster: first as it is made, then with moved slots, at last after two fail-overs. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RedisClusterIT {
    private static final EmbeddedRedisCluster cluster = EmbeddedRedisCluster.withReplicas();
    private static final Duration SOON = Duration.ofSeconds(30);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    /** A silent node is given up before the cluster does so. */
    private final RedisConfig config = new RedisConfig(cluster.uris(), Duration.ofSeconds(3));

    private final RedisStore store = new RedisStore(config, metrics);
    private final MarkedKeys keys = new MarkedKeys(store);

    @BeforeAll
    static void make() {
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
        cluster.start();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @BeforeEach
    void connect() {
        store.start();
        await().atMost(SOON).until(store::connected);
        keys.markAll();
    }

    @AfterEach
    void disconnect() {
        store.close();
        metrics.close();
    }

    @Test
    @Order(1)
    void eachScriptRunsWhereItsKeyIsAndWithTheRunIdOfThatNode() {
        Map<Integer, String> nodes = IntStream.range(0, Shards.COUNT)
                .boxed()
                .collect(Collectors.toMap(shard -> shard, shard -> {
                    MarkedKeys.RunIds runIds = keys.runIds(shard);
                    assertThat(runIds.given()).isEqualTo(runIds.here()).isEqualTo(store.runId(MarkedKeys.mark(shard)));
                    return runIds.here();
                }));

        assertThat(new HashSet<>(nodes.values())).hasSize(3);
        assertThat(keys.lost()).isEmpty();
        assertThat(metrics.get("longline.redis.nodes").gauge().value()).isEqualTo(3);
        List<String> replies = MarkedKeys.wait(store.everywhere(redis ->
                redis.info("server").thenApply(info -> RedisFacts.of(info).runId())));
        assertThat(replies).containsExactlyInAnyOrderElementsOf(new HashSet<>(nodes.values()));
        assertThat(repeats("moved")).isZero();
    }

    @Test
    @Order(2)
    void aSlotThatMovesIsLostAndTheOthersAreNot() {
        List<Set<String>> told = new CopyOnWriteArrayList<>();
        store.onConnect(told::add);
        await().until(() -> told.size() == 1);
        String moving = MarkedKeys.mark(7);
        EmbeddedRedis to = cluster.masters().stream()
                .filter(node -> node != cluster.owner(moving))
                .findFirst()
                .orElseThrow();

        cluster.moveSlot(moving, to);

        // It is asked where it was, and then where it is.
        assertThat(keys.lost()).containsExactly(7);
        assertThat(store.runId(moving)).isEqualTo(to.info("run_id"));
        await().until(() -> told.size() == 2);
        keys.markAll();
        assertThat(keys.lost()).isEmpty();
    }

    @Test
    @Order(3)
    void whenAMasterIsKilledItsKeysAloneWaitAndThenAreLost() {
        EmbeddedRedis dying = cluster.owner(MarkedKeys.mark(0));
        Set<Integer> his = IntStream.range(0, Shards.COUNT)
                .filter(shard -> cluster.owner(MarkedKeys.mark(shard)) == dying)
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
        Set<Integer> others = IntStream.range(0, Shards.COUNT)
                .boxed()
                .filter(shard -> !his.contains(shard))
                .collect(Collectors.toUnmodifiableSet());
        Map<Integer, String> failures = new ConcurrentHashMap<>();
        AtomicBoolean over = new AtomicBoolean();
        Thread flow = Thread.startVirtualThread(() -> {
            while (!over.get()) {
                others.forEach(shard -> keys.failure(shard).ifPresent(code -> failures.put(shard, code.name())));
            }
        });

        cluster.failOver(dying);
        await().atMost(SOON).until(store::connected);
        over.set(true);
        await().until(() -> !flow.isAlive());

        assertThat(failures).isEmpty();
        assertThat(keys.lost()).isEqualTo(his);
        assertThat(keys.runIds(0).here())
                .isEqualTo(cluster.replicaOf(dying).info("run_id"))
                .isEqualTo(keys.runIds(0).given());
    }

    /** It has its run_id still, and what it holds has the right marks for that. */
    @Test
    @Order(4)
    void aStoppedMasterThatWasReplacedIsNotBelievedWhenItWakes() {
        EmbeddedRedis sleeper = cluster.masters().stream()
                .filter(EmbeddedRedis::isRunning)
                .findFirst()
                .orElseThrow();
        int shard = IntStream.range(0, Shards.COUNT)
                .filter(one -> cluster.owner(MarkedKeys.mark(one)) == sleeper)
                .findFirst()
                .orElseThrow();
        String former = sleeper.info("run_id");
        sleeper.pause();
        await().atMost(SOON).until(() -> runId(shard).filter(other -> !other.equals(former)), Optional::isPresent);
        List<String> seen = new CopyOnWriteArrayList<>();

        sleeper.resume();
        await().atMost(SOON).until(() -> {
            runId(shard).ifPresent(seen::add);
            return sleeper.info("role").equals("slave") && seen.size() > 20;
        });

        assertThat(seen).doesNotContain(former);
        assertThat(keys.failure(shard)).hasValue(ErrorCode.SHARD_LOST);
    }

    /** Of the node where a script on this shard ran, if it did. */
    private Optional<String> runId(int shard) {
        try {
            return Optional.of(keys.runIds(shard).here());
        } catch (LonglineException e) {
            return Optional.empty();
        }
    }

    private double repeats(String reason) {
        return metrics.get("longline.redis.repeats")
                .tag("reason", reason)
                .counter()
                .count();
    }
}
