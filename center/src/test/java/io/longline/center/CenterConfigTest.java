package io.longline.center;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.center.due.DueConfig;
import io.longline.center.job.JobConfig;
import io.longline.center.place.PlaceConfig;
import io.longline.center.sweep.SweepConfig;
import io.longline.center.topic.TopicConfig;
import io.longline.center.unicast.UnicastConfig;
import io.longline.center.uplink.PullConfig;
import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CenterConfigTest {

    private static CenterConfig read(Map<String, String> flags) {
        return CenterConfig.read(
                new ConfigReader(ConfigSource.builder().flags(flags).build()));
    }

    @Test
    void theDefaultsServeALocalCluster() {
        CenterConfig config = read(Map.of());

        assertThat(config.service().instance()).matches("center-[0-9a-f]{6}");
        assertThat(config.service().advertiseHost()).isEqualTo("127.0.0.1");
        assertThat(config.http().port()).isEqualTo(7200);
        assertThat(config.http().maxBodyBytes()).isEqualTo(1 << 20);
        assertThat(config.patience()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.unicast()).isEqualTo(new UnicastConfig(Duration.ofSeconds(1), Duration.ofMillis(200)));
        assertThat(config.limits()).isEqualTo(new CenterConfig.Limits(2048, 3072, 256, 1024));
        assertThat(config.places()).isEqualTo(new PlaceConfig(50_000, Duration.ofMinutes(10)));
        assertThat(config.sweep()).isEqualTo(new SweepConfig(Duration.ofMillis(500), Duration.ofSeconds(2)));
        assertThat(config.schedule()).isEqualTo(new DueConfig(Duration.ofSeconds(1), 256));
        assertThat(config.jobs()).isEqualTo(new JobConfig(Duration.ofSeconds(1), 4, 16, 16));
        assertThat(config.topics())
                .isEqualTo(new TopicConfig(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2)));
        assertThat(config.pulls()).isEqualTo(new PullConfig(1_024));
    }

    @Test
    void everyKeyCanBeSet() {
        CenterConfig config = read(Map.ofEntries(
                Map.entry("instance", "c1"),
                Map.entry("center.port", "0"),
                Map.entry("center.patience", "3s"),
                Map.entry("center.hand-over-wait", "2s"),
                Map.entry("center.settle-wait", "300ms"),
                Map.entry("center.max-requests-per-product", "10"),
                Map.entry("center.max-requests-mysql", "15"),
                Map.entry("center.max-lists", "17"),
                Map.entry("center.max-hints-per-room", "20"),
                Map.entry("center.places.most", "0"),
                Map.entry("center.places.life", "1m"),
                Map.entry("center.schedule.interval", "3s"),
                Map.entry("center.schedule.at-once", "8"),
                Map.entry("center.jobs.interval", "2s"),
                Map.entry("center.jobs.at-once", "7"),
                Map.entry("center.broadcasts.at-once", "8"),
                Map.entry("center.jobs.lists", "9"),
                Map.entry("center.max-pulls", "11"),
                Map.entry("center.topics.tell-wait", "100ms"),
                Map.entry("center.topics.interval", "3s"),
                Map.entry("center.topics.older-than", "4s"),
                Map.entry("center.sweep.interval", "1s"),
                Map.entry("center.sweep.older-than", "4s")));

        assertThat(config.service().instance()).isEqualTo("c1");
        assertThat(config.http().port()).isZero();
        assertThat(config.patience()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.unicast()).isEqualTo(new UnicastConfig(Duration.ofSeconds(2), Duration.ofMillis(300)));
        assertThat(config.limits()).isEqualTo(new CenterConfig.Limits(10, 15, 17, 20));
        assertThat(config.places()).isEqualTo(new PlaceConfig(0, Duration.ofMinutes(1)));
        assertThat(config.sweep()).isEqualTo(new SweepConfig(Duration.ofSeconds(1), Duration.ofSeconds(4)));
        assertThat(config.schedule()).isEqualTo(new DueConfig(Duration.ofSeconds(3), 8));
        assertThat(config.jobs()).isEqualTo(new JobConfig(Duration.ofSeconds(2), 7, 8, 9));
        assertThat(config.topics())
                .isEqualTo(new TopicConfig(Duration.ofMillis(100), Duration.ofSeconds(3), Duration.ofSeconds(4)));
        assertThat(config.pulls()).isEqualTo(new PullConfig(11));
    }

    @Test
    void aMisspeltKeyIsNamedWithTheOneMeant() {
        assertThatThrownBy(() -> read(Map.of("center.patienec", "3s")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("center.patienec")
                .hasMessageContaining("center.patience");
    }
}
