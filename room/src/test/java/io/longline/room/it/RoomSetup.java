package io.longline.room.it;

import io.longline.stores.junit.ZooKeeperExtension;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A room for all tests of a class, and a client for each. */
@Timeout(60)
abstract class RoomSetup {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    static RoomWorld world;
    NativeClient client;

    @BeforeAll
    static void open() {
        world = new RoomWorld(ZOOKEEPER.store(), Map.of("room.hello-timeout", "1s"));
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @BeforeEach
    void arrive() throws Exception {
        client = world.connect();
    }

    @AfterEach
    void leave() throws Exception {
        client.close();
    }

    NativeClient connect() throws Exception {
        client.close();
        client = world.connect();
        return client;
    }
}
