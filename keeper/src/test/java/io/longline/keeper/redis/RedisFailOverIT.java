package io.longline.keeper.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.shard.Shards;
import io.longline.stores.EmbeddedRedis;
import io.longline.stores.EmbeddedRedisPair;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One Redis and a replica that takes its place. */
@Timeout(120)
class RedisFailOverIT {
    private final EmbeddedRedisPair pair = new EmbeddedRedisPair().start();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final RedisStore store = store(pair.uris(), Duration.ofSeconds(30));
    private final MarkedKeys keys = new MarkedKeys(store);

    private RedisStore store(String uris, Duration timeout) {
        return new RedisStore(new RedisConfig(uris, timeout), metrics);
    }

    @BeforeEach
    void connect() {
        store.start();
        keys.markAll();
    }

    @AfterEach
    void close() {
        store.close();
        pair.close();
        metrics.close();
    }

    @Test
    void aReplicaIsNotUsedWhereverItStandsInTheList() {
        try (RedisStore other = store(pair.replica().uri() + "," + pair.master().uri(), Duration.ofSeconds(30))) {
            other.start();
            assertThat(other.runId("{s1}:a")).isEqualTo(pair.master().info("run_id"));
        }
    }

    @Test
    void whenTheMasterDiesCallersWaitForThePromotedReplicaWhichHasNoShardOfIts() {
        pair.lag();
        assertThat(MarkedKeys.wait(keys.set(1, "written to the old one only"))).isPositive();

        pair.failOver();

        assertThat(keys.lost()).hasSize(Shards.COUNT);
        assertThat(store.runId("{s1}:a")).isEqualTo(pair.replica().info("run_id"));
        assertThat(pair.replica().tell("EXISTS", "{s1}:value")).isEqualTo("0");
        keys.markAll();
        assertThat(keys.lost()).isEmpty();
    }

    @Test
    void aMasterThatBecameAReplicaIsLeftAtTheFirstWriteWhichGoesToItsSuccessor() {
        pair.replica().promote();
        pair.master().follow(pair.replica());

        assertThat(keys.lost()).hasSize(Shards.COUNT);
        keys.markAll();

        assertThat(MarkedKeys.wait(keys.set(1, "abc"))).isEqualTo(3);
        assertThat(pair.replica().tell("GET", "{s1}:value")).isEqualTo("abc");
        assertThat(metrics.get("longline.redis.repeats")
                        .tag("reason", "demoted")
                        .counter()
                        .count())
                .isPositive();
    }

    @Test
    void ofTwoMastersTheOneThatWasPromotedFromTheOtherIsUsed() {
        pair.replica().promote();

        try (RedisStore other = store(pair.uris(), Duration.ofSeconds(30))) {
            other.start();
            assertThat(other.runId("{s1}:a")).isEqualTo(pair.replica().info("run_id"));
        }
    }

    @Test
    void withoutAMasterCallersAreToldSoUntilThereIsOne() {
        EmbeddedRedis replica = pair.replica();
        pair.master().kill();
        await().until(() -> !store.connected());
        try (RedisStore impatient = store(pair.uris(), Duration.ofSeconds(1))) {
            impatient.start();
            assertThat(new MarkedKeys(impatient).failure(1)).isPresent();
        }

        replica.promote();

        await().until(store::connected);
        assertThat(keys.lost()).hasSize(Shards.COUNT);
    }
}
