package io.longline.saver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.saver.away.AwayConfig;
import io.longline.saver.backlog.BacklogConfig;
import io.longline.saver.budget.BudgetConfig;
import io.longline.saver.budget.Kind;
import io.longline.saver.deadletter.DeadLetterConfig;
import io.longline.saver.endpoint.MessageEventsConfig;
import io.longline.saver.journal.JournalConfig;
import io.longline.saver.topic.TopicConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SaverConfigTest {

    @Test
    void nothingHasToBeConfigured() {
        SaverConfig config = read(Map.of());

        assertThat(config.service().instance()).matches("saver-[0-9a-f]{6}");
        assertThat(config.service().advertiseHost()).isEqualTo("127.0.0.1");
        assertThat(config.rpc().port()).isZero();
        assertThat(config.service().admin().port()).isZero();
        assertThat(config.service().zookeeper().cluster()).isEqualTo("local");
        assertThat(config.redis().uri()).isEqualTo("redis://127.0.0.1:6379");
        assertThat(config.lostShardPatience()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.startWait()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.budget())
                .isEqualTo(new BudgetConfig(Map.of(
                        Kind.INBOX,
                        0L,
                        Kind.COPY,
                        0L,
                        Kind.RECORD,
                        0L,
                        Kind.SCHEDULE,
                        0L,
                        Kind.EXPLAIN,
                        0L,
                        Kind.TOPIC,
                        0L)));
        assertThat(config.topic()).isEqualTo(new TopicConfig(10_000, 16 << 20, 32 << 20));
        assertThat(config.messageEvents()).isEqualTo(new MessageEventsConfig(1_000, 4_096));
        assertThat(config.deadLetters()).isEqualTo(new DeadLetterConfig(50_000, Duration.ofDays(30)));
        assertThat(config.backlog()).isEqualTo(new BacklogConfig(1_000_000, 1 << 30));
        assertThat(config.away()).isEqualTo(new AwayConfig(Duration.ofHours(1)));
        assertThat(config.journal())
                .isEqualTo(new JournalConfig(
                        "jdbc:mysql://127.0.0.1:3306/longline?user=longline&password=longline",
                        12,
                        20_000,
                        32 << 20,
                        100_000,
                        Duration.ofSeconds(2),
                        Duration.ofMillis(500)));
    }

    @Test
    void eachKeyIsHeeded() {
        Map<String, String> flags = new HashMap<>();
        flags.put("instance", "saver-a");
        flags.put("advertise.host", "10.0.0.7");
        flags.put("rpc.port", "7301");
        flags.put("admin.port", "7901");
        flags.put("cluster", "east");
        flags.put("redis.uri", "redis://redis.example:6380");
        flags.put("mysql.url", "jdbc:mysql://mysql.example/longline");
        flags.put("mysql.connections", "20");
        flags.put("saver.journal.queue", "500");
        flags.put("saver.journal.bytes", "1MiB");
        flags.put("saver.journal.watermarks", "700");
        flags.put("saver.journal.timeout", "800ms");
        flags.put("saver.journal.linger", "50ms");
        flags.put("saver.budget.inbox", "2GiB");
        flags.put("saver.budget.copy", "1GiB");
        flags.put("saver.budget.record", "512MiB");
        flags.put("saver.budget.schedule", "256MiB");
        flags.put("saver.budget.explain", "128MiB");
        flags.put("saver.budget.topic", "64MiB");
        flags.put("saver.topic.messages", "500");
        flags.put("saver.topic.bytes", "1MiB");
        flags.put("saver.topic.cache", "2MiB");
        flags.put("saver.message-events.waiting-per-endpoint", "7");
        flags.put("saver.message-events.waiting-per-shard", "70");
        flags.put("saver.dead-letters.per-product", "7");
        flags.put("saver.dead-letters.kept", "2d");
        flags.put("saver.backlog.per-product", "8");
        flags.put("saver.backlog.bytes-per-product", "9KiB");
        flags.put("saver.away.after", "10m");
        flags.put("saver.lost-shard-patience", "7s");
        flags.put("saver.start-wait", "3s");
        SaverConfig config = read(flags);

        assertThat(config.service().instance()).isEqualTo("saver-a");
        assertThat(config.service().advertiseHost()).isEqualTo("10.0.0.7");
        assertThat(config.rpc().port()).isEqualTo(7301);
        assertThat(config.service().admin().port()).isEqualTo(7901);
        assertThat(config.service().zookeeper().cluster()).isEqualTo("east");
        assertThat(config.redis().uri()).isEqualTo("redis://redis.example:6380");
        assertThat(config.lostShardPatience()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.startWait()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.budget())
                .isEqualTo(new BudgetConfig(Map.of(
                        Kind.INBOX,
                        2L << 30,
                        Kind.COPY,
                        1L << 30,
                        Kind.RECORD,
                        512L << 20,
                        Kind.SCHEDULE,
                        256L << 20,
                        Kind.EXPLAIN,
                        128L << 20,
                        Kind.TOPIC,
                        64L << 20)));
        assertThat(config.topic()).isEqualTo(new TopicConfig(500, 1 << 20, 2 << 20));
        assertThat(config.messageEvents()).isEqualTo(new MessageEventsConfig(7, 70));
        assertThat(config.deadLetters()).isEqualTo(new DeadLetterConfig(7, Duration.ofDays(2)));
        assertThat(config.backlog()).isEqualTo(new BacklogConfig(8, 9 << 10));
        assertThat(config.away()).isEqualTo(new AwayConfig(Duration.ofMinutes(10)));
        assertThat(config.journal())
                .isEqualTo(new JournalConfig(
                        "jdbc:mysql://mysql.example/longline",
                        20,
                        500,
                        1 << 20,
                        700,
                        Duration.ofMillis(800),
                        Duration.ofMillis(50)));
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        Map<String, String> flags = Map.of(
                "saver.journal.queue", "0",
                "saver.journal.timout", "4s",
                "mysql.url", "jdbc:mariadb://127.0.0.1/longline");

        assertThatThrownBy(() -> read(flags))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("saver.journal.queue")
                .hasMessageContaining("did you mean saver.journal.timeout")
                .hasMessageContaining("mysql.url");
    }

    private static SaverConfig read(Map<String, String> flags) {
        ConfigReader reader =
                new ConfigReader(ConfigSource.builder().flags(flags).build());
        SaverConfig config = SaverConfig.read(reader);
        reader.finish();
        return config;
    }
}
