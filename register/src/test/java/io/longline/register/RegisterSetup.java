package io.longline.register;

import io.longline.register.endpoint.Endpoint;
import io.longline.register.testing.RegisterClient;
import io.longline.register.testing.RoomPeer;
import io.longline.register.testing.TestCluster;
import io.longline.register.testing.TestRedis;
import io.longline.stores.junit.RedisExtension;
import io.longline.stores.junit.ZooKeeperExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** For each test a register, a room, and a client that is both room and center. */
@Timeout(60)
abstract class RegisterSetup {
    static final Endpoint PHONE = new Endpoint("demo", "u:1", "phone");

    final TestRedis redis;
    final TestCluster cluster;
    RoomPeer room;
    RegisterClient client;

    private final String[] settings;

    /**
     * On the stores of a class.
     *
     * @param settings names and values of the register's configuration
     */
    RegisterSetup(RedisExtension redis, ZooKeeperExtension zookeeper, String... settings) {
        this.redis = new TestRedis(redis.uri());
        this.cluster = new TestCluster(redis.uri(), zookeeper.uri());
        this.settings = settings;
    }

    @BeforeEach
    void start() {
        room = cluster.room("room-1");
        cluster.register("register-1", settings);
        client = cluster.client("register-1");
    }

    @AfterEach
    void close() {
        cluster.close();
        redis.close();
    }
}
