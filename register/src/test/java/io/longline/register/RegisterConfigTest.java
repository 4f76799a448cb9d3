package io.longline.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.register.deadrooms.DeadRoomsConfig;
import io.longline.register.follow.FollowConfig;
import io.longline.register.rebuild.RebuildConfig;
import io.longline.register.route.RouteConfig;
import io.longline.register.unseen.UnseenConfig;
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
        assertThat(config.follow()).isEqualTo(new FollowConfig(200));
        assertThat(config.rebuild()).isEqualTo(new RebuildConfig(Duration.ofSeconds(10), Duration.ofSeconds(60)));
        assertThat(config.deadRooms())
                .isEqualTo(new DeadRoomsConfig(Duration.ofSeconds(30), Duration.ofSeconds(15), Duration.ofHours(24)));
        assertThat(config.unseen()).isEqualTo(new UnseenConfig(Duration.ofHours(6), Duration.ofMillis(100)));
    }

    @Test
    void eachKeyIsHeeded() {
        RegisterConfig config = read(Map.ofEntries(
                Map.entry("instance", "register-a"),
                Map.entry("advertise.host", "10.0.0.7"),
                Map.entry("rpc.port", "7301"),
                Map.entry("register.lost-shard-patience", "3s"),
                Map.entry("register.most-events", "77"),
                Map.entry("register.follow.most-topics", "88"),
                Map.entry("register.rebuild.period", "4s"),
                Map.entry("register.rebuild.room-patience", "5s"),
                Map.entry("register.dead-rooms.period", "6s"),
                Map.entry("register.dead-rooms.unseen-grace", "7s"),
                Map.entry("register.dead-rooms.remember", "8h"),
                Map.entry("register.unseen.period", "9h"),
                Map.entry("register.unseen.pause", "10ms")));

        assertThat(config.service().instance()).isEqualTo("register-a");
        assertThat(config.service().advertiseHost()).isEqualTo("10.0.0.7");
        assertThat(config.rpc().port()).isEqualTo(7301);
        assertThat(config.route()).isEqualTo(new RouteConfig(Duration.ofSeconds(3), 77));
        assertThat(config.follow()).isEqualTo(new FollowConfig(88));
        assertThat(config.rebuild()).isEqualTo(new RebuildConfig(Duration.ofSeconds(4), Duration.ofSeconds(5)));
        assertThat(config.deadRooms())
                .isEqualTo(new DeadRoomsConfig(Duration.ofSeconds(6), Duration.ofSeconds(7), Duration.ofHours(8)));
        assertThat(config.unseen()).isEqualTo(new UnseenConfig(Duration.ofHours(9), Duration.ofMillis(10)));
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
