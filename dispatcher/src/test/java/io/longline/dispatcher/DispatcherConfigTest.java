package io.longline.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.dispatcher.dispatch.Balancing;
import io.longline.dispatcher.dispatch.CallerRegions;
import io.longline.dispatcher.dispatch.CallerRegions.Entry;
import io.longline.dispatcher.dispatch.DispatchConfig;
import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.net.Network;
import io.longline.keeper.net.Networks;
import java.time.Duration;
import java.util.List;
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
                .isEqualTo(new DispatchConfig(
                        Balancing.CONSISTENT_HASH,
                        new CallerRegions(List.of()),
                        new Networks(List.of()),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1)));
    }

    @Test
    void everyKeyCanBeSet() {
        DispatcherConfig config = read(Map.of(
                "instance", "d1",
                "advertise.host", "10.0.0.1",
                "dispatcher.port", "0",
                "dispatcher.balancer", "smooth-weighted",
                "dispatcher.regions", "10.0.0.0/8=bj, 10.2.0.0/16=sh/unicom",
                "dispatcher.proxies", "10.9.0.0/24",
                "dispatcher.cache-ttl", "30s",
                "dispatcher.backoff.base", "500ms",
                "dispatcher.backoff.max", "20s"));

        assertThat(config.service().instance()).isEqualTo("d1");
        assertThat(config.service().advertiseHost()).isEqualTo("10.0.0.1");
        assertThat(config.http().port()).isZero();
        assertThat(config.dispatch())
                .isEqualTo(new DispatchConfig(
                        Balancing.SMOOTH_WEIGHTED,
                        new CallerRegions(List.of(
                                new Entry(network("10.2.0.0/16"), "sh/unicom"),
                                new Entry(network("10.0.0.0/8"), "bj"))),
                        new Networks(List.of(network("10.9.0.0/24"))),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(20)));
    }

    private static Network network(String text) {
        return Network.parse(text).orElseThrow();
    }

    @Test
    void whatIsNoNetworkWithARegionIsNamed() {
        for (String wrong : List.of("10.0.0.0/8", "10.0.0.1/8=bj", "10.0.0.0/8=", "10.0.0.0/8=a/b/c", "=bj", "x=bj")) {
            assertThatThrownBy(() -> read(Map.of("dispatcher.regions", wrong)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("dispatcher.regions")
                    .hasMessageContaining("NETWORK=REGION");
        }
    }

    @Test
    void aBalancerThatIsNoneIsToldOfTheOnesThereAre() {
        assertThatThrownBy(() -> read(Map.of("dispatcher.balancer", "least-loaded")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("one of consistent-hash, random, round-robin, smooth-weighted");
    }

    @Test
    void aMisspeltKeyIsNamedWithTheOneMeant() {
        assertThatThrownBy(() -> read(Map.of("dispatcher.cache-tll", "3s")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("dispatcher.cache-ttl");
    }
}
