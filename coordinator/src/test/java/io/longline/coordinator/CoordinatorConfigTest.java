package io.longline.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.coordinator.audit.AuditConfig;
import io.longline.coordinator.backlog.BacklogConfig;
import io.longline.coordinator.callback.CallbackConfig;
import io.longline.coordinator.events.EventConfig;
import io.longline.coordinator.group.GroupConfig;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.coordinator.presence.PresenceConfig;
import io.longline.coordinator.uplink.UplinkConfig;
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
        assertThat(config.outbox())
                .isEqualTo(new OutboxConfig(
                        new OutboxConfig.Limits(1_000, 4_096, 4 << 20),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1),
                        new OutboxConfig.Retries(Duration.ofSeconds(1), Duration.ofMinutes(5)),
                        Duration.ofHours(24)));
        assertThat(config.backlog()).isEqualTo(new BacklogConfig(Duration.ofSeconds(5), Duration.ofSeconds(5)));
        assertThat(config.uplinks())
                .isEqualTo(new UplinkConfig(
                        Duration.ofHours(24),
                        new UplinkConfig.Unclaimed(16, 128, 128 << 10),
                        new UplinkConfig.Replies(1_000, 1 << 20, Duration.ofSeconds(1), Duration.ofSeconds(30))));
        assertThat(config.groups())
                .isEqualTo(new GroupConfig(1_000, 32, 1 << 20, Duration.ofMillis(250), Duration.ofSeconds(5), 2_048));
        assertThat(config.presence())
                .isEqualTo(new PresenceConfig(
                        Duration.ofMillis(500),
                        Duration.ofMinutes(10),
                        new PresenceConfig.Log(100_000, Duration.ofHours(24))));
        assertThat(config.audit())
                .isEqualTo(new AuditConfig(
                        500, 5_000, Duration.ofMinutes(5), Duration.ofSeconds(5), Duration.ofSeconds(15)));
    }

    @Test
    void everyKeyCanBeSet() {
        CoordinatorConfig config = read(Map.ofEntries(
                Map.entry("instance", "c1"),
                Map.entry("advertise.host", "10.0.0.1"),
                Map.entry("coordinator.replaced.busy-pause", "1ms"),
                Map.entry("coordinator.replaced.idle-pause", "2ms"),
                Map.entry("coordinator.replaced.claim-every", "4ms"),
                Map.entry("coordinator.replaced.abandoned-after", "8ms"),
                Map.entry("coordinator.replaced.unseen-grace", "16ms"),
                Map.entry("coordinator.replaced.held-per-room", "16"),
                Map.entry("coordinator.outbox.waiting-per-endpoint", "1"),
                Map.entry("coordinator.outbox.waiting-per-stream", "2"),
                Map.entry("coordinator.outbox.stream-bytes", "2KiB"),
                Map.entry("coordinator.backlog.let-go-after", "12ms"),
                Map.entry("coordinator.backlog.retry-after", "13ms"),
                Map.entry("coordinator.callback.in-flight", "3"),
                Map.entry("coordinator.callback.references", "4000"),
                Map.entry("coordinator.uplink.remember-ids", "3ms"),
                Map.entry("coordinator.uplink.unclaimed-types", "4"),
                Map.entry("coordinator.uplink.unclaimed-per-stream", "5"),
                Map.entry("coordinator.uplink.unclaimed-bytes", "6KiB"),
                Map.entry("coordinator.uplink.replies-per-shard", "7"),
                Map.entry("coordinator.uplink.reply-bytes", "8KiB"),
                Map.entry("coordinator.uplink.reply-first-retry", "9ms"),
                Map.entry("coordinator.uplink.reply-most-retry", "10ms"),
                Map.entry("coordinator.groups.types", "7"),
                Map.entry("coordinator.groups.per-type", "8"),
                Map.entry("coordinator.groups.pull-bytes", "9KiB"),
                Map.entry("coordinator.groups.look-every", "10ms"),
                Map.entry("coordinator.groups.idle-look-every", "11ms"),
                Map.entry("coordinator.groups.waiting", "11"),
                Map.entry("coordinator.outbox.lease", "4ms"),
                Map.entry("coordinator.outbox.look-every", "5ms"),
                Map.entry("coordinator.outbox.first-retry", "6ms"),
                Map.entry("coordinator.presence.look-every", "8ms"),
                Map.entry("coordinator.presence.compare-every", "9ms"),
                Map.entry("coordinator.presence.log-events", "100"),
                Map.entry("coordinator.presence.log-keep", "10ms"),
                Map.entry("coordinator.outbox.most-retry", "7ms"),
                Map.entry("coordinator.outbox.dead-after", "8ms"),
                Map.entry("coordinator.audit.rate-per-s", "0"),
                Map.entry("coordinator.audit.run-rate-per-s", "8"),
                Map.entry("coordinator.audit.pause", "9ms"),
                Map.entry("coordinator.audit.confirm-after", "10ms"),
                Map.entry("coordinator.audit.unseen-grace", "11ms")));

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
        assertThat(config.outbox())
                .isEqualTo(new OutboxConfig(
                        new OutboxConfig.Limits(1, 2, 2048),
                        Duration.ofMillis(4),
                        Duration.ofMillis(5),
                        new OutboxConfig.Retries(Duration.ofMillis(6), Duration.ofMillis(7)),
                        Duration.ofMillis(8)));
        assertThat(config.backlog()).isEqualTo(new BacklogConfig(Duration.ofMillis(12), Duration.ofMillis(13)));
        assertThat(config.uplinks())
                .isEqualTo(new UplinkConfig(
                        Duration.ofMillis(3),
                        new UplinkConfig.Unclaimed(4, 5, 6 << 10),
                        new UplinkConfig.Replies(7, 8 << 10, Duration.ofMillis(9), Duration.ofMillis(10))));
        assertThat(config.callbacks()).isEqualTo(new CallbackConfig(3, 4_000));
        assertThat(config.groups())
                .isEqualTo(new GroupConfig(7, 8, 9 << 10, Duration.ofMillis(10), Duration.ofMillis(11), 11));
        assertThat(config.presence())
                .isEqualTo(new PresenceConfig(
                        Duration.ofMillis(8),
                        Duration.ofMillis(9),
                        new PresenceConfig.Log(100, Duration.ofMillis(10))));
        assertThat(config.audit())
                .isEqualTo(new AuditConfig(0, 8, Duration.ofMillis(9), Duration.ofMillis(10), Duration.ofMillis(11)));
    }

    @Test
    void aMisspeltKeyIsNamedWithTheOneMeant() {
        assertThatThrownBy(() -> read(Map.of("coordinator.replaced.claim-evry", "3s")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("coordinator.replaced.claim-every");
    }
}
