package io.longline.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class EmbeddedRedisClusterIT {

    @Test
    void aReplicaThatLagsTakesTheKilledMastersPlaceWithWhatItHas() {
        try (EmbeddedRedisCluster cluster = EmbeddedRedisCluster.withReplicas().start()) {
            EmbeddedRedis master = cluster.owner("{s1}:a");
            master.tell("SET", "{s1}:a", "before");
            cluster.lag(master);
            master.tell("SET", "{s1}:a", "after");

            cluster.failOver(master);

            EmbeddedRedis successor = cluster.owner("{s1}:a");
            assertThat(successor).isSameAs(cluster.replicaOf(master));
            assertThat(successor.tell("GET", "{s1}:a")).isEqualTo("before");
        }
    }

    @Test
    void aSlotMovesWithItsKeysAndTheOthersStay() {
        try (EmbeddedRedisCluster cluster =
                EmbeddedRedisCluster.withoutReplicas().start()) {
            EmbeddedRedis from = cluster.owner("{s1}:a");
            EmbeddedRedis to = cluster.masters().stream()
                    .filter(node -> node != from)
                    .findFirst()
                    .orElseThrow();
            from.tell("SET", "{s1}:a", "1");

            cluster.moveSlot("{s1}:a", to);

            assertThat(cluster.owner("{s1}:a")).isSameAs(to);
            assertThat(to.tell("GET", "{s1}:a")).isEqualTo("1");
            assertThatThrownBy(() -> from.tell("GET", "{s1}:a")).hasStackTraceContaining("MOVED");
            assertThat(cluster.masters()).hasSize(3).allMatch(EmbeddedRedis::isRunning);
        }
    }

    @Test
    void ofAPairTheReplicaHasNothingOfWhatWasWrittenWhileItLagged() {
        try (EmbeddedRedisPair pair = new EmbeddedRedisPair().start()) {
            pair.master().tell("SET", "a", "before");
            pair.lag();
            pair.master().tell("SET", "a", "after");
            assertThat(pair.replica().isRunning()).isTrue();

            pair.failOver();

            assertThat(pair.replica().info("role")).isEqualTo("master");
            assertThat(pair.replica().tell("GET", "a")).isEqualTo("before");
            assertThat(pair.master().isRunning()).isFalse();
        }
    }
}
