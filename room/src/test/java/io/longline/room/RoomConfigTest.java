package io.longline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.PublicAddress;
import io.longline.keeper.net.Network;
import io.longline.keeper.net.Networks;
import io.longline.room.transport.LinkConfig;
import io.longline.room.transport.LinkKind;
import io.longline.room.transport.door.DoorConfig;
import io.netty.channel.epoll.Epoll;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoomConfigTest {

    private static RoomConfig read(Map<String, String> flags) {
        ConfigReader reader =
                new ConfigReader(ConfigSource.builder().flags(flags).build());
        RoomConfig config = RoomConfig.read(reader);
        reader.finish();
        return config;
    }

    private static Networks networks(String... all) {
        return new Networks(Arrays.stream(all)
                .map(text -> Network.parse(text).orElseThrow())
                .toList());
    }

    @Test
    void defaults() {
        RoomConfig config = read(Map.of());

        assertThat(config.instance()).matches("room-[0-9a-f]{6}");
        assertThat(config.advertiseHost()).isEqualTo("127.0.0.1");
        assertThat(config.addresses()).isEmpty();
        assertThat(config.region()).isEmpty();
        assertThat(config.weight()).isEqualTo(100);
        assertThat(config.limits())
                .isEqualTo(new RoomConfig.Limits(1_000_000, 256, 20_000, Duration.ofSeconds(10), 64, 3_000, 3_000));
        assertThat(config.waits()).isEqualTo(new RoomConfig.Waits(Duration.ofSeconds(2), Duration.ofMillis(500)));
        assertThat(config.door()).isEqualTo(new DoorConfig(0, 0, 0, networks(), networks()));
        assertThat(config.broadcastBytesPerS()).isZero();
        assertThat(config.loseHints()).isZero();
        assertThat(config.links())
                .isEqualTo(new LinkConfig(
                        Epoll.isAvailable() ? LinkKind.LEAN : LinkKind.CHANNEL,
                        List.of(7100),
                        0,
                        64 * 1024,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2)));
    }

    @Test
    void everyKeySet() {
        RoomConfig config = read(Map.ofEntries(
                Map.entry("instance", "room-1"),
                Map.entry("advertise.host", "10.0.0.7"),
                Map.entry("room.links", "channel"),
                Map.entry("room.listen", "443, 80"),
                Map.entry(
                        "room.advertise",
                        "a.example.com:443,tls,region=bj,10.0.0.7:80,[::1]:7100,tls-name=b.example.com"),
                Map.entry("room.region", "bj"),
                Map.entry("room.weight", "50"),
                Map.entry("room.max-sessions", "10"),
                Map.entry("room.handshakes-at-once", "2"),
                Map.entry("room.max-handshakes", "5"),
                Map.entry("room.handshake-wait", "2s"),
                Map.entry("room.answer-wait", "4s"),
                Map.entry("room.load-wait", "700ms"),
                Map.entry("room.max-sessions-per-link", "3"),
                Map.entry("room.max-pings-per-minute", "9"),
                Map.entry("room.max-requests-per-minute", "10"),
                Map.entry("room.max-connections", "7"),
                Map.entry("room.max-connections-per-address", "6"),
                Map.entry("room.max-connects-per-address", "8"),
                Map.entry("room.allow", "10.0.0.0/8, 192.0.2.7"),
                Map.entry("room.deny", "10.1.0.0/16"),
                Map.entry("room.broadcast-bytes-per-s", "5MiB"),
                Map.entry("room.fault.lose-hints", "3"),
                Map.entry("room.loops", "4"),
                Map.entry("room.max-frame", "128KiB"),
                Map.entry("room.hello-timeout", "3s"),
                Map.entry("room.linger", "1s")));

        assertThat(config.instance()).isEqualTo("room-1");
        assertThat(config.advertiseHost()).isEqualTo("10.0.0.7");
        assertThat(config.addresses())
                .containsExactly(
                        new PublicAddress("a.example.com", 443, true, "a.example.com", "bj"),
                        new PublicAddress("10.0.0.7", 80, false, "", ""),
                        new PublicAddress("[::1]", 7100, true, "b.example.com", ""));
        assertThat(config.region()).isEqualTo("bj");
        assertThat(config.weight()).isEqualTo(50);
        assertThat(config.limits()).isEqualTo(new RoomConfig.Limits(10, 2, 5, Duration.ofSeconds(2), 3, 9, 10));
        assertThat(config.waits()).isEqualTo(new RoomConfig.Waits(Duration.ofSeconds(4), Duration.ofMillis(700)));
        assertThat(config.door())
                .isEqualTo(new DoorConfig(7, 6, 8, networks("10.0.0.0/8", "192.0.2.7"), networks("10.1.0.0/16")));
        assertThat(config.broadcastBytesPerS()).isEqualTo(5 * 1024 * 1024);
        assertThat(config.loseHints()).isEqualTo(3);
        assertThat(config.links())
                .isEqualTo(new LinkConfig(
                        LinkKind.CHANNEL,
                        List.of(443, 80),
                        4,
                        128 * 1024,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1)));
    }

    @Test
    void allErrorsAreToldAtOnce() {
        assertThatThrownBy(() -> read(Map.of(
                        "room.listen",
                        "http",
                        "room.advertise",
                        "tls,here",
                        "room.max-frame",
                        "1B",
                        "room.lisen",
                        "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("room.listen", "room.advertise", "room.max-frame", "room.lisen");
    }
}
