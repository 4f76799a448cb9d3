package io.longline.keeper.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedisConfigTest {

    @Test
    void hasDefaults() {
        assertThat(RedisConfig.read(reader(Map.of())))
                .isEqualTo(new RedisConfig("redis://127.0.0.1:6379", Duration.ofSeconds(2)));
    }

    @Test
    void readsEveryKey() {
        ConfigReader reader = reader(Map.of("redis.uri", "rediss://u:p@db:1/2", "redis.timeout", "500ms"));

        assertThat(RedisConfig.read(reader)).isEqualTo(new RedisConfig("rediss://u:p@db:1/2", Duration.ofMillis(500)));
        reader.finish();
    }

    @Test
    void refusesWhatIsNoUri() {
        ConfigReader reader = reader(Map.of("redis.uri", "db:6379", "redis.timeout", "0s"));
        assertThat(RedisConfig.read(reader).uri()).isEqualTo("db:6379");

        assertThatThrownBy(reader::finish)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("redis.uri is \"db:6379\"")
                .hasMessageContaining("redis.timeout is \"0s\"");
    }

    @Test
    void takesSeveralUris() {
        RedisConfig config = RedisConfig.read(reader(Map.of("redis.uri", "redis://a:1, rediss://u:p@b:2")));

        assertThat(config.uris()).extracting(RedisNode::address).containsExactly("a:1", "b:2");
        assertThat(config.uris().getLast().isSsl()).isTrue();
    }

    private static ConfigReader reader(Map<String, String> flags) {
        return new ConfigReader(ConfigSource.builder().flags(flags).build());
    }
}
