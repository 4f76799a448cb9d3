package io.longline.room.it;

import io.longline.room.transport.LinkKind;
import io.longline.stores.junit.ZooKeeperExtension;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** A room for all tests of a class, and a client for each. The class says with which kinds of links. */
@Timeout(60)
abstract class RoomSetup {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Parameter
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // JUnit hands it to open
    LinkKind kind;

    @SuppressWarnings("NullAway.Init") // before the first test of each kind
    static RoomWorld world;

    NativeClient client;

    @BeforeParameterizedClassInvocation
    static void open(LinkKind kind) {
        world = new RoomWorld(ZOOKEEPER.store(), kind, Map.of("room.hello-timeout", "3s"));
    }

    @AfterParameterizedClassInvocation
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
