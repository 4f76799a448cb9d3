package io.longline.saver.away;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.saver.SaverMetrics;
import io.longline.saver.budget.Budgets;
import io.longline.saver.journal.JournalConfig;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlJournal;
import io.longline.saver.testing.ToldProducts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A saver to which no store is there. */
@Timeout(60)
class AbsenteesIT {
    private static final String NOBODY = "127.0.0.1:1";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SaverMetrics metrics = new SaverMetrics(registry);
    private final List<OneLease> granted = new CopyOnWriteArrayList<>();

    private static final class OneLease implements Lease {
        private volatile boolean closed;

        @Override
        public long fencing() {
            return 1;
        }

        @Override
        public boolean valid() {
            return !closed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private Optional<Lease> grant() {
        granted.add(new OneLease());
        return Optional.of(granted.getLast());
    }

    @Test
    void itGivesTheLeaseBackSoThatAnotherHasItsTurn() {
        JournalConfig config = JournalConfig.read(new ConfigReader(ConfigSource.builder()
                .flags(Map.of("mysql.url", "jdbc:mysql://" + NOBODY + "/longline"))
                .build()));
        try (RedisStore redis = new RedisStore(new RedisConfig("redis://" + NOBODY, Duration.ofMillis(100)), registry);
                MysqlDatabase database = new MysqlDatabase(config);
                MysqlJournal journal = new MysqlJournal(database, config, metrics)) {
            redis.start();
            RedisAway away = new RedisAway(redis, ToldProducts.nobody());
            try (Absentees absentees = new Absentees(
                    away,
                    new LeaveFlow(away, new MysqlInboxes(database), journal),
                    journal,
                    new Budgets(kind -> {}),
                    this::grant,
                    new AwayConfig(Duration.ofMillis(50)),
                    metrics)) {
                absentees.start();
                await().until(() -> granted.size() > 1);
            }
        }
        assertThat(granted).allMatch(lease -> lease.closed);
    }
}
