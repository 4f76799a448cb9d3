package io.longline.saver.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.saver.SaverMetrics;
import io.longline.saver.journal.JournalEntry.ScheduleEnd;
import io.longline.saver.journal.JournalEntry.Scheduled;
import io.longline.saver.journal.MysqlReader.JournaledSchedule;
import io.longline.saver.journal.MysqlReader.JournaledSchedule.Stage;
import io.longline.stores.junit.MariaDbExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is to be sent later, in MySQL: written, read, purged. */
@Timeout(120)
final class MysqlScheduleIT {
    private static final Deadline LONG = Deadline.after(Duration.ofHours(1));
    private static final long HOUR_MS = 3_600_000;
    private static final AtomicInteger ids = new AtomicInteger();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private final String id = "later-" + ids.incrementAndGet();
    private final int shard = Shards.of("demo", id);
    private final long now = System.currentTimeMillis();
    private final SaverMetrics metrics = new SaverMetrics(new SimpleMeterRegistry());
    private final ByteString hash = ByteString.copyFrom(new byte[] {0, -1, 13});
    private final ByteString push = ByteString.copyFromUtf8("push");
    private MysqlDatabase database;
    private MysqlJournal journal;

    MysqlScheduleIT() {
        JournalConfig config =
                new JournalConfig(mysql.jdbcUrl(), 5, 10_000, 1 << 24, 1000, Duration.ofSeconds(20), Duration.ZERO);
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

    private void keep(long sendAtMs, long expiresAtMs) {
        write(new Scheduled("demo", id, hash, sendAtMs, expiresAtMs, "u1/ u2/phone", push));
    }

    private void end(boolean sent, long atMs) {
        write(new ScheduleEnd("demo", id, sent, atMs));
    }

    private void write(JournalEntry entry) {
        journal.write(Durability.MYSQL, entry).await(LONG);
    }

    private Optional<JournaledSchedule> found(long endedSinceMs) {
        List<JournaledSchedule> found = new ArrayList<>();
        new MysqlReader(database).schedule(shard, endedSinceMs, found::add);
        return found.stream().filter(one -> one.messageId().equals(id)).findFirst();
    }

    private JournaledSchedule found() {
        return found(now - 24 * HOUR_MS).orElseThrow();
    }

    private JournaledSchedule row(Stage stage, long overAtMs, ByteString body) {
        return new JournaledSchedule("demo", id, hash, now + HOUR_MS, overAtMs, stage, "u1/ u2/phone", body);
    }

    @Test
    void whatWaitsIsReadAsItWasWritten() {
        keep(now + HOUR_MS, now + 2 * HOUR_MS);
        keep(now + HOUR_MS, now + 2 * HOUR_MS);
        assertThat(found()).isEqualTo(row(Stage.WAITING, now + 2 * HOUR_MS, push));
    }

    @Test
    void anEndStaysWhicheverComesFirstAndThenThereIsNothingToSend() {
        keep(now + HOUR_MS, now + 2 * HOUR_MS);
        end(true, now);
        assertThat(found()).isEqualTo(row(Stage.SENT, now, ByteString.EMPTY));
        keep(now + HOUR_MS, now + 2 * HOUR_MS);
        assertThat(found()).isEqualTo(row(Stage.SENT, now, ByteString.EMPTY));
    }

    @Test
    void whatTakesAnIdThatIsOverWaits() {
        keep(now - 26 * HOUR_MS, now - 25 * HOUR_MS);
        end(true, now - 24 * HOUR_MS);

        keep(now + HOUR_MS, now + 2 * HOUR_MS);
        assertThat(found()).isEqualTo(row(Stage.WAITING, now + 2 * HOUR_MS, push));
        end(false, now);
        assertThat(found()).isEqualTo(row(Stage.RECALLED, now, ByteString.EMPTY));
    }

    @Test
    void anEndBeforeItsBeginningIsCompletedByIt() {
        end(false, now);
        keep(now + HOUR_MS, now + 2 * HOUR_MS);
        assertThat(found()).isEqualTo(row(Stage.RECALLED, now, ByteString.EMPTY));
    }

    @Test
    void recalledOutranksSent() {
        keep(now + HOUR_MS, now + 2 * HOUR_MS);
        end(false, now);
        end(true, now + 1);
        assertThat(found()).isEqualTo(row(Stage.RECALLED, now, ByteString.EMPTY));
    }

    @Test
    void inOneGroupTheHigherStateStaysToo() {
        journal.write(
                        Durability.MYSQL,
                        List.of(
                                new ScheduleEnd("demo", id, true, now),
                                new Scheduled(
                                        "demo", id, hash, now + HOUR_MS, now + 2 * HOUR_MS, "u1/ u2/phone", push)))
                .await(LONG);
        assertThat(found()).isEqualTo(row(Stage.SENT, now, ByteString.EMPTY));
    }

    @Test
    void whatEndedLongAgoIsNotRead() {
        keep(now - 50 * HOUR_MS, now - 26 * HOUR_MS);
        assertThat(found(now - 24 * HOUR_MS)).isEmpty();
        assertThat(found(now - 27 * HOUR_MS)).isPresent();
    }

    @Test
    void whatEndedMoreThanADayAgoIsPurgedAndNothingElse() throws SQLException {
        keep(now + HOUR_MS, now + 2 * HOUR_MS);
        purge();
        assertThat(found(0)).as("waits").isPresent();
        end(true, now - 25 * HOUR_MS);
        purge();
        assertThat(found(0)).as("its id is still refused").isPresent();
    }

    @Test
    void whatWasSentOrExpiredBeforeThatIsPurged() throws SQLException {
        keep(now + HOUR_MS, now + 2 * HOUR_MS);
        end(true, now - 27 * HOUR_MS);
        purge();
        assertThat(found(0)).isEmpty();
        keep(now - 50 * HOUR_MS, now - 27 * HOUR_MS);
        purge();
        assertThat(found(0)).isEmpty();
    }

    private void purge() throws SQLException {
        new MysqlPurge(database, Optional::empty, () -> false, metrics, Clock.systemUTC()).purge(shard);
    }
}
