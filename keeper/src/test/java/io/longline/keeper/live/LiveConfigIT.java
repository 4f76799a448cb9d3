package io.longline.keeper.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.stores.junit.ZooKeeperExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

class LiveConfigIT {

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private record Pace(int perSecond, Duration share) {

        static Pace read(ConfigReader reader) {
            return new Pace(reader.integer("pace.per-second", 100, 1, 1000), reader.duration("pace.share", "3s"));
        }
    }

    private ZkSession session;

    @BeforeEach
    void connect(TestInfo test) {
        String cluster = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        session = new ZkSession(new ZkConfig(ZOOKEEPER.uri(), cluster, Duration.ofSeconds(6)));
        session.start();
    }

    @AfterEach
    void disconnect() {
        session.close();
    }

    @Test
    void aChangeInZookeeperTakesEffectAndIsTold() {
        ZkConfigNode node = new ZkConfigNode(session, "center");
        try (LiveConfig<Pace> live = live(ConfigSource.builder().build())) {
            List<Pace> told = new CopyOnWriteArrayList<>();
            live.onChange(told::add);
            live.start(session);
            assertThat(live.current()).isEqualTo(new Pace(100, Duration.ofSeconds(3)));

            node.write(Map.of("pace.per-second", "200"));
            await().until(() -> live.current().perSecond() == 200);
            node.write(Map.of("pace.per-second", "300", "pace.share", "1s"));
            await().until(() -> live.current().perSecond() == 300);

            await().untilAsserted(() -> assertThat(told)
                    .containsExactly(new Pace(200, Duration.ofSeconds(3)), new Pace(300, Duration.ofSeconds(1))));
            assertThat(node.read()).isEqualTo(Map.of("pace.per-second", "300", "pace.share", "1s"));
        }
    }

    @Test
    void aChangeThatDoesNotValidateIsRefusedWhole() {
        ZkConfigNode node = new ZkConfigNode(session, "center");
        node.write(Map.of("pace.per-second", "200"));
        try (LiveConfig<Pace> live = live(ConfigSource.builder().build())) {
            List<Pace> told = new CopyOnWriteArrayList<>();
            live.start(session);
            live.onChange(told::add);
            assertThat(live.current().perSecond()).isEqualTo(200);

            node.write(Map.of("pace.per-second", "0", "pace.share", "7s"));
            node.write(Map.of("pace.per-secnd", "400"));
            session.write("/config/center", "no configuration at all".getBytes(StandardCharsets.UTF_8));
            node.write(Map.of("pace.per-second", "300"));
            await().until(() -> live.current().perSecond() == 300);

            await().untilAsserted(() -> assertThat(told).containsExactly(new Pace(300, Duration.ofSeconds(3))));
        }
    }

    @Test
    void environmentAndFlagsStillWin() {
        new ZkConfigNode(session, "center").write(Map.of("pace.per-second", "200", "pace.share", "9s"));
        ConfigSource source =
                ConfigSource.builder().flags(Map.of("pace.per-second", "7")).build();
        try (LiveConfig<Pace> live = live(source)) {
            live.start(session);

            assertThat(live.current()).isEqualTo(new Pace(7, Duration.ofSeconds(9)));
        }
    }

    @Test
    void whileZookeeperIsAwayWhatItLastSaidStays() {
        ConfigSource source = ConfigSource.builder()
                .zookeeper(Map.of("pace.per-second", "200"))
                .build();
        new ZkConfigNode(session, "center").write(Map.of("pace.per-second", "300"));
        ZOOKEEPER.store().stop();
        try (LiveConfig<Pace> live = live(source)) {
            live.start(session);
            assertThat(live.current().perSecond()).isEqualTo(200);

            ZOOKEEPER.store().start();
            await().until(() -> live.current().perSecond() == 300);
        }
    }

    @Test
    void atStartABadConfigurationIsAnError() {
        ConfigSource source =
                ConfigSource.builder().zookeeper(Map.of("pace.per-second", "0")).build();

        assertThatThrownBy(() -> live(source))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("pace.per-second");
    }

    @Test
    void whatCannotBeReadBackIsNotWritten() {
        ZkConfigNode node = new ZkConfigNode(session, "center");

        assertThatThrownBy(() -> node.write(Map.of("pace.share", "1s\npace.per-second = 5")))
                .isInstanceOf(ConfigException.class);
        assertThat(node.read()).isEmpty();
    }

    private static LiveConfig<Pace> live(ConfigSource source) {
        return new LiveConfig<>("center", source, Pace::read);
    }
}
