package io.longline.keeper.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.stores.junit.ZooKeeperExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a configuration was after each change. */
class ConfigHistoryIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private ZkSession session;
    private ZkConfigNode node;

    @BeforeEach
    void connect(TestInfo test) {
        String cluster = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        session = new ZkSession(new ZkConfig(ZOOKEEPER.uri(), cluster, Duration.ofSeconds(6)));
        session.start();
        node = new ZkConfigNode(session, "room");
    }

    @AfterEach
    void disconnect() {
        session.close();
    }

    private void set(String key, String value) {
        node.update("ann, test", before -> {
            Map<String, String> after = new HashMap<>(before);
            after.put(key, value);
            return after;
        });
    }

    @Test
    void eachChangeIsAVersionWithItsTimeAndItsAuthor() {
        Instant before = Instant.now().minusMillis(1);
        assertThat(node.history()).isEmpty();
        set("room.deny", "10.0.0.0/8");
        node.update("bob,\nin two lines", _ -> Map.of("room.weight", "50"));

        List<ConfigVersion> history = node.history();
        assertThat(history).extracting(ConfigVersion::number).containsExactly(1L, 2L);
        assertThat(history).extracting(ConfigVersion::by).containsExactly("ann, test", "bob, in two lines");
        assertThat(history)
                .extracting(ConfigVersion::values)
                .containsExactly(Map.of("room.deny", "10.0.0.0/8"), Map.of("room.weight", "50"));
        assertThat(history).allSatisfy(version -> assertThat(version.at()).isBetween(before, Instant.now()));
        assertThat(node.read()).isEqualTo(Map.of("room.weight", "50"));
        assertThat(new ZkConfigNode(session, "center").history()).isEmpty();
    }

    @Test
    void whatChangesNothingIsNoVersion() {
        session.write("/config/room", "# by hand\nroom.weight = 50\n".getBytes(StandardCharsets.UTF_8));
        set("room.weight", "50");
        assertThat(node.history()).as("what was there before").hasSize(1);
        assertThat(session.read("/config/room"))
                .hasValueSatisfying(text ->
                        assertThat(text).asString(StandardCharsets.UTF_8).startsWith("# by hand"));

        assertThatThrownBy(() -> node.update("ann", _ -> {
                    throw new IllegalStateException("not this one");
                }))
                .hasMessage("not this one");
        assertThat(node.history()).as("what was there before").hasSize(1);
    }

    @Test
    void whatWasThereBeforeAnythingWasNotedIsTheFirstVersion() {
        session.write("/config/room", "room.weight = 50\n".getBytes(StandardCharsets.UTF_8));
        set("room.weight", "60");
        assertThat(node.history())
                .extracting(ConfigVersion::values)
                .containsExactly(Map.of("room.weight", "50"), Map.of("room.weight", "60"));
    }

    @Test
    void onlyTheLastHundredAreKept() {
        for (int i = 1; i <= 103; i++) {
            set("room.weight", Integer.toString(i));
        }
        List<ConfigVersion> history = node.history();
        assertThat(history).hasSize(100);
        assertThat(history.getFirst().number()).isEqualTo(4);
        assertThat(history.getLast().values()).isEqualTo(Map.of("room.weight", "103"));
    }

    @Test
    void ofSeveralAuthorsNoChangeIsLostAndEachHasItsVersion() throws Exception {
        try (ExecutorService authors = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> changes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String key = "room.key-" + i;
                changes.add(authors.submit(() -> set(key, "x")));
            }
            for (Future<?> change : changes) {
                change.get();
            }
        }
        assertThat(node.read()).hasSize(20);
        assertThat(node.history())
                .extracting(version -> version.values().size())
                .isEqualTo(IntStream.rangeClosed(1, 20).boxed().toList());
    }
}
