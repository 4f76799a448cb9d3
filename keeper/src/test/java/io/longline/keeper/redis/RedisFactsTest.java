package io.longline.keeper.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.LonglineException;
import org.junit.jupiter.api.Test;

class RedisFactsTest {

    @Test
    void infoIsRead() {
        String info = """
                # Server
                run_id:r1
                executable:/a:b
                # Persistence
                loading:0
                # Replication
                role:slave
                master_replid:h1
                master_replid2:h0
                # Cluster
                cluster_enabled:1
                """.replace("\n", "\r\n");

        assertThat(RedisFacts.of(info)).isEqualTo(new RedisFacts("r1", false, true, true, "h1", "h0"));
    }

    @Test
    void aRedisWithoutRunIdIsNone() {
        assertThatThrownBy(() -> RedisFacts.of("role:master\r\n"))
                .isInstanceOf(LonglineException.class)
                .hasMessageContaining("run_id");
    }

    @Test
    void whoWasAReplicaOfAnotherAndIsAMasterNowSucceededIt() {
        RedisFacts former = new RedisFacts("r1", false, false, false, "h1", "0000");
        RedisFacts promoted = new RedisFacts("r2", false, false, false, "h2", "h1");

        assertThat(promoted.succeeded(former)).isTrue();
        assertThat(former.succeeded(promoted)).isFalse();
        assertThat(former.succeeded(former)).isFalse();
    }
}
