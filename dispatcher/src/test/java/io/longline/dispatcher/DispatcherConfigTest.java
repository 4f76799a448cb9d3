package io.longline.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.dispatcher.dispatch.DispatchConfig;
import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DispatcherConfigTest {

    private static DispatcherConfig read(Map<String, String> flags) {
        return DispatcherConfig.read(
                new ConfigReader(ConfigSource.builder().flags(flags).build()));
    }

    @Test
    void theDefaultsServeALocalCluster() {
        DispatcherConfig config = read(Map.of());

        assertThat(config.service().instance()).matches("dispatcher-[0-9a-f]{6}");
        assertThat(config.http().port()).isEqualTo(7000);
        assertThat(config.dispatch())
                .isEqualTo(new DispatchConfig(Duration.ofMinutes(10), Duration.ofSeconds(1), Duration.ofMinutes(1)));
    }

    @Test
    void everyKeyCanBeSet() {
        DispatcherConfig config = read(Map.of(
                "instance", "d1",
                "advertise.host", "10.0.0.1",
                "dispatcher.port", "0",
                "dispatcher.cache-ttl", "30s",
                "dispatcher.backoff.base", "500ms",
                "dispatcher.backoff.max", "20s"));

        assertThat(config.service().instance()).isEqualTo("d1");
        assertThat(config.service().advertiseHost()).isEqualTo("10.0.0.1");
        assertThat(config.http().port()).isZero();
        assertThat(config.dispatch())
                .isEqualTo(new DispatchConfig(Duration.ofSeconds(30), Duration.ofMillis(500), Duration.ofSeconds(20)));
    }

    @Test
    void aMisspeltKeyIsNamedWithTheOneMeant() {
        assertThatThrownBy(() -> read(Map.of("dispatcher.cache-tll", "3s")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("dispatcher.cache-ttl");
    }
}
