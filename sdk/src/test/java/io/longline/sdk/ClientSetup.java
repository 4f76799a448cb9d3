package io.longline.sdk;

import io.longline.sdk.state.MemoryStateStore;
import io.longline.sdk.state.StateStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/** A room, a dispatcher that knows it, and clients that end with the test. */
abstract class ClientSetup {
    static {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30)); // 10 s are short on a busy machine
    }

    final TestRoom room = new TestRoom();
    final TestDispatcher dispatcher = new TestDispatcher().rooms(room.address());
    final TestApp app = new TestApp();
    private final List<LonglineClient> clients = new ArrayList<>();

    ClientSetup() throws IOException {}

    @AfterEach
    void closeEverything() throws IOException {
        clients.forEach(LonglineClient::close);
        dispatcher.close();
        room.close();
    }

    LonglineBuilder builder() {
        return builder(new MemoryStateStore());
    }

    LonglineBuilder builder(StateStore store) {
        return LonglineClient.builder()
                .dispatcher(dispatcher.url())
                .product("demo")
                .user("u1")
                .device("phone")
                .token(() -> "token")
                .stateStore(store)
                .listener(app)
                .connectionListener(app)
                .random(new Random(360));
    }

    LonglineClient started(LonglineBuilder builder) {
        LonglineClient client = builder.build();
        clients.add(client);
        client.start();
        return client;
    }
}
