package io.longline.keeper.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZkConfigTest {

    @Test
    void hasDefaults() {
        assertThat(ZkConfig.read(reader(Map.of())))
                .isEqualTo(new ZkConfig("127.0.0.1:2181", "local", Duration.ofSeconds(6)));
    }

    @Test
    void readsEveryKey() {
        ConfigReader reader =
                reader(Map.of("zookeeper.hosts", "a:1,b:2", "cluster", "blue", "zookeeper.session-timeout", "10s"));

        assertThat(ZkConfig.read(reader)).isEqualTo(new ZkConfig("a:1,b:2", "blue", Duration.ofSeconds(10)));
        reader.finish();
    }

    @Test
    void refusesAClusterThatIsNoPathElement() {
        ConfigReader reader = reader(Map.of("cluster", "a/b"));
        assertThat(ZkConfig.read(reader).cluster()).isEqualTo("a/b");

        assertThatThrownBy(reader::finish)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cluster is \"a/b\"");
    }

    private static ConfigReader reader(Map<String, String> flags) {
        return new ConfigReader(ConfigSource.builder().flags(flags).build());
    }
}
