package io.longline.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.coordinator.events.EventConfig;
import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoordinatorConfigTest {

    private static CoordinatorConfig read(Map<String, String> flags) {
        return CoordinatorConfig.read(
                new ConfigReader(ConfigSource.builder().flags(flags).build()));
    }

    @Test
    void theDefaultsServeALocalCluster() {
        CoordinatorConfig config = read(Map.of());

        assertThat(config.service().instance()).matches("coordinator-[0-9a-f]{6}");
        assertThat(config.events())
                .isEqualTo(new EventConfig(
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(15),
                        4096));
    }

    @Test
    void everyKeyCanBeSet() {
        CoordinatorConfig config = read(Map.of(
                "instance", "c1",
                "advertise.host", "10.0.0.1",
                "coordinator.replaced.busy-pause", "1ms",
                "coordinator.replaced.idle-pause", "2ms",
                "coordinator.replaced.claim-every", "4ms",
                "coordinator.replaced.abandoned-after", "8ms",
                "coordinator.replaced.unseen-grace", "16ms",
                "coordinator.replaced.held-per-room", "16"));

        assertThat(config.service().instance()).isEqualTo("c1");
        assertThat(config.service().advertiseHost()).isEqualTo("10.0.0.1");
        assertThat(config.events())
                .isEqualTo(new EventConfig(
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(4),
                        Duration.ofMillis(8),
                        Duration.ofMillis(16),
                        16));
    }

    @Test
    void aMisspeltKeyIsNamedWithTheOneMeant() {
        assertThatThrownBy(() -> read(Map.of("coordinator.replaced.claim-evry", "3s")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("coordinator.replaced.claim-every");
    }
}
