package io.longline.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.register.deadrooms.DeadRoomsConfig;
import io.longline.register.rebuild.RebuildConfig;
import io.longline.register.route.RouteConfig;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegisterConfigTest {

    @Test
    void nothingHasToBeConfigured() {
        RegisterConfig config = read(Map.of());

        assertThat(config.service().instance()).matches("register-[0-9a-f]{6}");
        assertThat(config.service().advertiseHost()).isEqualTo("127.0.0.1");
        assertThat(config.rpc().port()).isZero();
        assertThat(config.service().admin().port()).isZero();
        assertThat(config.service().zookeeper().cluster()).isEqualTo("local");
        assertThat(config.route()).isEqualTo(new RouteConfig(Duration.ofSeconds(2), 10_000));
        assertThat(config.rebuild()).isEqualTo(new RebuildConfig(Duration.ofSeconds(10), Duration.ofSeconds(60)));
        assertThat(config.deadRooms())
                .isEqualTo(new DeadRoomsConfig(Duration.ofSeconds(30), Duration.ofSeconds(15), Duration.ofHours(24)));
    }

    @Test
    void eachKeyIsHeeded() {
        RegisterConfig config = read(Map.of(
                "instance", "register-a",
                "advertise.host", "10.0.0.7",
                "rpc.port", "7301",
                "register.lost-shard-patience", "3s",
                "register.most-events", "77",
                "register.rebuild.period", "4s",
                "register.rebuild.room-patience", "5s",
                "register.dead-rooms.period", "6s",
                "register.dead-rooms.unseen-grace", "7s",
                "register.dead-rooms.remember", "8h"));

        assertThat(config.service().instance()).isEqualTo("register-a");
        assertThat(config.service().advertiseHost()).isEqualTo("10.0.0.7");
        assertThat(config.rpc().port()).isEqualTo(7301);
        assertThat(config.route()).isEqualTo(new RouteConfig(Duration.ofSeconds(3), 77));
        assertThat(config.rebuild()).isEqualTo(new RebuildConfig(Duration.ofSeconds(4), Duration.ofSeconds(5)));
        assertThat(config.deadRooms())
                .isEqualTo(new DeadRoomsConfig(Duration.ofSeconds(6), Duration.ofSeconds(7), Duration.ofHours(8)));
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        Map<String, String> flags = Map.of("register.most-events", "0", "register.rebuild.periot", "4s");

        assertThatThrownBy(() -> read(flags))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("register.most-events")
                .hasMessageContaining("did you mean register.rebuild.period");
    }

    private static RegisterConfig read(Map<String, String> flags) {
        ConfigReader reader =
                new ConfigReader(ConfigSource.builder().flags(flags).build());
        RegisterConfig config = RegisterConfig.read(reader);
        reader.finish();
        return config;
    }
}
