package io.longline.saver.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Device;
import io.longline.saver.journal.JournalEntry.Final;
import io.longline.saver.journal.JournalEntry.Row;
import io.longline.stores.junit.MariaDbExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
final class MysqlPurgeIT {
    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;
    private static final AtomicInteger users = new AtomicInteger();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private final Endpoint phone = new Endpoint("demo", "purge-user-" + users.incrementAndGet(), "phone");
    private final long now = System.currentTimeMillis();
    private final SaverMetrics metrics = new SaverMetrics(new SimpleMeterRegistry());
    private final AtomicBoolean behind = new AtomicBoolean();
    private MysqlDatabase database;
    private MysqlJournal journal;

    MysqlPurgeIT() {
        JournalConfig config =
                new JournalConfig(mysql.jdbcUrl(), 5, 10_000, 1 << 24, 1000, Duration.ofSeconds(10), Duration.ZERO);
        database = new MysqlDatabase(config);
        journal = new MysqlJournal(database, config, metrics);
    }

    @BeforeEach
    void open() {
        database.start();
        journal.start();
        assertThat(database.awaitReady(Deadline.after(Duration.ofSeconds(30)))).isTrue();
    }

    @AfterEach
    void close() {
        journal.close();
        database.close();
    }

    private MysqlPurge purge(Clock clock) {
        return new MysqlPurge(database, () -> Optional.of(new Mine()), behind::get, metrics, clock);
    }

    /** A lease nobody else wants. */
    private static final class Mine implements Lease {
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

    private void row(long sentMs, int number, String id, long expires) {
        journal.write(
                Durability.REDIS, new Row(phone, sentMs * 1024 + number, id, expires, ByteString.copyFromUtf8("body")));
    }

    private void flush() {
        assertThat(journal.flush(Deadline.after(Duration.ofSeconds(30)))).isTrue();
    }

    private List<String> left() {
        List<String> left = new ArrayList<>();
        new MysqlReader(database).messages(phone.shard(), new Extent(0, 0, 0), one -> {
            if (one.endpoint().equals(phone)) {
                left.add(one.messageId());
            }
        });
        return left;
    }

    @Test
    void whatHasEndedGoesADayLaterAndTheRestStays() throws SQLException {
        long old = now - 2 * DAY_MS;
        for (int i = 0; i < 4500; i++) {
            row(old, i, "acked" + i, now + DAY_MS);
        }
        journal.acked(phone, old * 1024 + 4499);
        row(old, 4500, "waits", now + DAY_MS);
        row(old, 4501, "expired", now - 3 * HOUR_MS);
        row(old, 4502, "dropped", now + DAY_MS);
        journal.write(Durability.REDIS, new Final(phone, old * 1024 + 4502, "dropped", CopyState.DROPPED, "offline"));
        row(now, 0, "expired now", now - 1);
        journal.write(Durability.REDIS, new Final(phone, now * 1024 + 1, "dropped now", CopyState.DROPPED, "offline"));
        flush();

        try (MysqlPurge purge = purge(Clock.systemUTC())) {
            assertThat(purge.purge(phone.shard())).isEqualTo(4502);
            assertThat(left()).containsExactly("waits", "expired now", "dropped now");
            assertThat(purge.purge(phone.shard())).isZero();
        }
    }

    @Test
    void aClockThatIsAheadDeletesNothingThatLivesAndNoIdThatIsStillRefused() throws SQLException {
        row(now - 2 * DAY_MS, 0, "lives", now + HOUR_MS / 2);
        row(now - 2 * DAY_MS, 1, "expired", now - 3 * HOUR_MS);
        row(now - 23 * HOUR_MS, 0, "ended", now - HOUR_MS);
        flush();

        try (MysqlPurge purge = purge(Clock.offset(Clock.systemUTC(), Duration.ofHours(30)))) {
            assertThat(purge.purge(phone.shard())).isEqualTo(1);
        }
        assertThat(left()).containsExactly("lives", "ended");
    }

    @Test
    void aClockThatIsBehindDeletesLater() throws SQLException {
        row(now - 30 * HOUR_MS, 0, "expired", now - 6 * HOUR_MS);
        flush();

        try (MysqlPurge purge = purge(Clock.offset(Clock.systemUTC(), Duration.ofHours(-5)))) {
            assertThat(purge.purge(phone.shard())).isZero();
        }
        assertThat(left()).containsExactly("expired");
    }

    @Test
    void watermarksAndForgottenDevicesGoAfterSixtyDays() throws SQLException {
        Endpoint pad = phone.withDevice("pad");
        journal.acked(phone, (now - 61 * DAY_MS) * 1024);
        journal.acked(pad, (now - 59 * DAY_MS) * 1024);
        journal.write(Durability.MYSQL, new Device(phone, 1, now - 61 * DAY_MS, true));
        journal.write(Durability.MYSQL, new Device(pad, 1, now - 61 * DAY_MS, false));
        flush();

        try (MysqlPurge purge = purge(Clock.systemUTC())) {
            purge.purge(phone.shard());
        }
        assertThat(count("acked")).isEqualTo(1);
        assertThat(count("device")).isEqualTo(1);
    }

    private int count(String table) throws SQLException {
        return database.use(MysqlUse.READ, connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT COUNT(*) FROM " + table + " WHERE user = '" + phone.user() + "'")) {
                rows.next();
                return rows.getInt(1);
            }
        });
    }

    @Test
    void aStepGoesOnWhereTheLastOneEndedAndReadsNothingTwice() throws SQLException {
        for (int i = 0; i < MysqlWalk.STRIDE + 100; i++) {
            row(now, i, "m" + i, now + DAY_MS);
        }
        flush();

        MysqlWalk walk = new MysqlWalk(phone.shard(), now * 1024, now);
        database.use(MysqlUse.PURGE, connection -> {
            long before = rowsRead(connection);
            walk.step(connection);
            long first = rowsRead(connection) - before;
            while (!walk.isOver()) {
                walk.step(connection);
            }
            long all = rowsRead(connection) - before;
            // Each row, and its watermark that is not there.
            assertThat(first).isLessThan(3 * MysqlWalk.STRIDE);
            assertThat(all - first).isLessThan(3L * (walk.read() - MysqlWalk.STRIDE) + 100);
            return walk;
        });
        assertThat(walk.read()).isGreaterThanOrEqualTo(MysqlWalk.STRIDE + 100);
        assertThat(walk.deleted()).isZero();
    }

    private static long rowsRead(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW SESSION STATUS LIKE 'Handler_read%'")) {
            long read = 0;
            while (rows.next()) {
                read += rows.getLong(2);
            }
            return read;
        }
    }

    @Test
    void itGoesThroughTheShardsByItselfAndWaitsWhileTheJournalIsBehind() {
        row(now - 2 * DAY_MS, 0, "expired", now - 3 * HOUR_MS);
        flush();
        behind.set(true);
        List<String> before = left();

        try (MysqlPurge purge = new MysqlPurge(
                database,
                () -> Optional.of(new Mine()),
                behind::get,
                metrics,
                Clock.systemUTC(),
                new MysqlPurge.Pace(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(50)))) {
            purge.start();
            Awaitility.await()
                    .during(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> left().equals(before));
            behind.set(false);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> left().isEmpty());
        }
    }

    @Test
    void whereMysqlFailsItTheLeaseIsGivenBackSoThatAnotherSaverHasItsTurn() {
        List<Mine> granted = new CopyOnWriteArrayList<>();
        try (MysqlPurge purge = new MysqlPurge(
                database,
                () -> {
                    granted.add(new Mine());
                    return Optional.of(granted.getLast());
                },
                behind::get,
                metrics,
                Clock.systemUTC(),
                new MysqlPurge.Pace(Duration.ofMillis(50), Duration.ofMillis(1), Duration.ofMillis(50)))) {
            database.close();
            purge.start();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> granted.size() > 1);
            assertThat(granted.getFirst().closed).isTrue();
        }
    }
}
