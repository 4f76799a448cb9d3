package io.longline.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedZooKeeperIT {
    private static final int SESSION_MS = 6000;

    @TempDir
    Path directory;

    private final List<ZooKeeper> clients = new ArrayList<>();

    @Test
    void aRestartKeepsThePortTheDataAndTheSessions() throws Exception {
        try (EmbeddedZooKeeper store = EmbeddedZooKeeper.in(directory, 0).start()) {
            ZooKeeper client = connect(store);
            int port = store.port();
            create(client, "/kept", CreateMode.PERSISTENT);
            create(client, "/session", CreateMode.EPHEMERAL);

            store.restart();

            assertThat(store.port()).isEqualTo(port);
            await().ignoreExceptions() // it may not have noticed yet
                    .untilAsserted(() -> assertThat(client.getData("/kept", false, null))
                            .asString()
                            .isEqualTo("x"));
            assertThat(client.exists("/session", false)).isNotNull();
        }
    }

    @Test
    void anExpiredSessionLosesItsEphemeralNodes() throws Exception {
        try (EmbeddedZooKeeper store = EmbeddedZooKeeper.temporary().start()) {
            ZooKeeper watched = connect(store);
            ZooKeeper watcher = connect(store);
            create(watched, "/session", CreateMode.EPHEMERAL);
            store.expireSession(watched.getSessionId());
            await().until(() -> watcher.exists("/session", false) == null);
        }
    }

    @Test
    void aPortInUseIsNamed() {
        try (EmbeddedZooKeeper store = EmbeddedZooKeeper.temporary().start();
                EmbeddedZooKeeper second = EmbeddedZooKeeper.in(directory, store.port())) {
            assertThatThrownBy(second::start).hasMessageContaining("port " + store.port());
        }
    }

    @AfterEach
    void closeClients() throws InterruptedException {
        for (ZooKeeper client : clients) {
            client.close();
        }
    }

    private ZooKeeper connect(EmbeddedZooKeeper store) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(store.uri(), SESSION_MS, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        clients.add(client);
        assertThat(connected.await(30, TimeUnit.SECONDS)).isTrue();
        return client;
    }

    private static void create(ZooKeeper client, String path, CreateMode mode) throws Exception {
        client.create(path, "x".getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }
}
