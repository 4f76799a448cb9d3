package io.longline.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.register.endpoint.Endpoint;
import io.longline.register.testing.RegisterClient;
import io.longline.register.testing.TestCluster;
import io.longline.stores.EmbeddedRedis;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a register comes and goes. */
@Timeout(60)
class RegisterServerIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");

    private final EmbeddedRedis redis = EmbeddedRedis.temporary().start();
    private final TestCluster cluster = new TestCluster(redis.uri(), ZOOKEEPER.uri());

    @AfterEach
    void close() {
        cluster.close();
        redis.close();
    }

    @Test
    void aRegisterThatIsClosedIsNoLongerFound() {
        RegisterServer register = cluster.register("register-1");

        register.close();

        await().atMost(SOON).until(() -> !cluster.sees("register-1"));
        register.close();
    }

    @Test
    void aRegisterStartsWithoutRedisAndServesWhenItComes() {
        redis.stop();
        cluster.register("register-1");
        RegisterClient client = cluster.client("register-1");
        assertThatThrownBy(() -> client.locate(PHONE)).hasMessageContaining("Redis");

        redis.start();

        await().atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(client.locate(PHONE).hasOffline()).isTrue());
    }

    @Test
    void aPortInUseEndsTheStartAndLeavesNothingBehind() {
        int taken = cluster.register("register-1").rpcPort();

        assertThatThrownBy(() -> cluster.register("register-2", "rpc.port", Integer.toString(taken)))
                .isNotInstanceOf(AssertionError.class);
        assertThat(cluster.sees("register-2")).isFalse();
    }
}
