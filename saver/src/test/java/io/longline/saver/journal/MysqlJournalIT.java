package io.longline.saver.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Device;
import io.longline.saver.journal.JournalEntry.Final;
import io.longline.saver.journal.JournalEntry.Heir;
import io.longline.saver.journal.JournalEntry.Moved;
import io.longline.saver.journal.JournalEntry.Row;
import io.longline.saver.journal.MysqlReader.Acked;
import io.longline.saver.journal.MysqlReader.Journaled;
import io.longline.stores.junit.MariaDbExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(180)
final class MysqlJournalIT {
    private static final Deadline LONG = Deadline.after(Duration.ofHours(1));
    private static final Duration GIVEN_UP = Duration.ofSeconds(3);
    private static final AtomicInteger users = new AtomicInteger();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private final Endpoint phone = new Endpoint("demo", "journal-user-" + users.incrementAndGet(), "phone");
    private final long now = System.currentTimeMillis();
    private final long seq = now * 1024;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private MysqlDatabase database;
    private MysqlJournal journal;

    MysqlJournalIT() {
        JournalConfig config = config(1000);
        database = new MysqlDatabase(config);
        journal = new MysqlJournal(database, config, new SaverMetrics(registry));
    }

    /** Patient: what is under test is not how fast this machine is. */
    private static JournalConfig config(int limit) {
        return config(limit, Duration.ofSeconds(20), Duration.ofMillis(300));
    }

    private static JournalConfig config(int limit, Duration timeout, Duration linger) {
        return new JournalConfig(mysql.jdbcUrl(), 5, limit, 10_000_000, limit, timeout, linger);
    }

    /** Gives up after {@link #GIVEN_UP}, which a machine that stands still for a moment does not reach. */
    private void giveUpSoon() {
        restart(config(1000, GIVEN_UP, Duration.ofMillis(300)));
    }

    private void restart(JournalConfig config) {
        journal.close();
        journal = new MysqlJournal(database, config, new SaverMetrics(registry));
        journal.start();
    }

    @BeforeEach
    void open() {
        database.start();
        journal.start();
        assertThat(database.awaitReady(Deadline.after(Duration.ofSeconds(30)))).isTrue();
    }

    @AfterEach
    void close() {
        mysql.store().resume();
        journal.close();
        database.close();
    }

    private Row row(long number, String id) {
        return new Row(phone, number, id, now + 60_000, ByteString.copyFromUtf8("body of " + id));
    }

    private void write(JournalEntry... entries) {
        for (JournalEntry entry : entries) {
            journal.write(Durability.MYSQL, entry).await(LONG);
        }
    }

    private List<Journaled> messages() {
        List<Journaled> found = new ArrayList<>();
        new MysqlReader(database).messages(phone.shard(), new Extent(now, 0, 0), found::add);
        return found.stream()
                .filter(one -> one.endpoint().user().equals(phone.user()))
                .toList();
    }

    private List<Device> devices() {
        List<Device> found = new ArrayList<>();
        new MysqlReader(database).devices(phone.shard(), found::add);
        return found.stream()
                .filter(one -> one.endpoint().user().equals(phone.user()))
                .toList();
    }

    private List<Acked> watermarks() {
        List<Acked> found = new ArrayList<>();
        new MysqlReader(database).watermarks(phone.shard(), found::add);
        return found.stream()
                .filter(one -> one.endpoint().user().equals(phone.user()))
                .toList();
    }

    @Test
    void aMessageIsReadAsItWasWrittenAnyBytes() {
        ByteString bytes = ByteString.copyFrom(new byte[] {0, -1, 39, 34, 92, 10, 26, -61, 40});
        write(new Row(phone, seq, "m1", now + 1, bytes), new Row(phone, seq + 1, "m'2\"\\", now + 2, ByteString.EMPTY));

        assertThat(messages())
                .containsExactly(
                        new Journaled(phone, seq, "m1", now + 1, Optional.empty(), "", bytes),
                        new Journaled(phone, seq + 1, "m'2\"\\", now + 2, Optional.empty(), "", ByteString.EMPTY));
    }

    @Test
    void idsThatDifferInCaseAreDifferent() {
        Endpoint upper = new Endpoint("demo", phone.user(), "PHONE");
        journal.acked(phone, 5);
        journal.acked(upper, 7);
        assertThat(journal.flush(Deadline.after(Duration.ofSeconds(30)))).isTrue();

        assertThat(watermarks()).containsExactlyInAnyOrder(new Acked(phone, 5), new Acked(upper, 7));
    }

    @Test
    void anEntryTakenTwiceIsThereOnce() {
        write(row(seq, "m1"), row(seq, "m1"));

        assertThat(messages()).hasSize(1);
    }

    @Test
    void ofTwoFinalStatesTheHigherRankedStaysInWhicheverOrderTheyCome() {
        Final dropped = new Final(phone, seq, "m1", CopyState.DROPPED, "offline");
        Final expired = new Final(phone, seq, "m1", CopyState.EXPIRED, "late");
        write(row(seq, "m1"), dropped, expired, row(seq, "m1"));
        write(expiredOf(seq + 1), expiredOf(seq + 1), new Final(phone, seq + 1, "m2", CopyState.DROPPED, "offline"));

        assertThat(messages()).hasSize(2).allSatisfy(one -> {
            assertThat(one.end()).contains(CopyState.DROPPED);
            assertThat(one.reason()).isEqualTo("offline");
        });
    }

    /** A message of durability redis waits for half a second, and may have been taken over meanwhile. */
    @Test
    void aMessageThatComesAfterItWasTakenOverStaysWithWhoeverTookItOver() {
        Endpoint nobody = phone.withDevice(Endpoint.DEFAULT_DEVICE);
        journal.write(Durability.REDIS, new Row(nobody, seq, "m1", now + 60_000, ByteString.copyFromUtf8("late")));
        write(row(seq, "m1"), new JournalEntry.TakenOver(phone, List.of(seq)));
        assertThat(journal.flush(Deadline.after(Duration.ofSeconds(30)))).isTrue();

        assertThat(messages())
                .singleElement()
                .satisfies(one -> assertThat(one.endpoint()).isEqualTo(phone));
    }

    private Final expiredOf(long number) {
        return new Final(phone, number, "m2", CopyState.EXPIRED, "late");
    }

    @Test
    void aFinalStateMayComeBeforeItsMessage() {
        write(new Final(phone, seq, "m1", CopyState.DROPPED, "offline"), row(seq, "m1"));

        assertThat(messages())
                .singleElement()
                .satisfies(one -> assertThat(one.end()).contains(CopyState.DROPPED));
    }

    @Test
    void whatMovedToAnotherSeqIsNotRead() {
        write(row(seq, "m1"), new Moved(phone, seq), row(seq + 9, "m1"), new Moved(phone, seq + 1), row(seq + 1, "m2"));

        assertThat(messages()).extracting(Journaled::seq).containsExactly(seq + 9);
    }

    @Test
    void aWatermarkNeverFalls() {
        journal.acked(phone, 9);
        assertThat(journal.flush(Deadline.after(Duration.ofSeconds(30)))).isTrue();
        journal.acked(phone, 5);
        assertThat(journal.flush(Deadline.after(Duration.ofSeconds(30)))).isTrue();

        assertThat(watermarks()).containsExactly(new Acked(phone, 9));
    }

    @Test
    void aWatermarkIsWrittenWithinASecondByItself() {
        journal.acked(phone, 9);

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> watermarks().size() == 1);
    }

    @Test
    void heirsAreReadInTheOrderOfTheirVersions() {
        write(
                new Heir("demo", phone.user(), 20, "pad"),
                new Heir("demo", phone.user(), 10, "phone"),
                new Heir("demo", phone.user(), 20, "pad"));

        List<Heir> found = new ArrayList<>();
        new MysqlReader(database).heirs(phone.shard(), found::add);
        assertThat(found)
                .filteredOn(one -> one.user().equals(phone.user()))
                .extracting(Heir::heir)
                .containsExactly("phone", "pad");
    }

    @Test
    void anOlderNoteOfADeviceNeverUndoesANewerOne() {
        write(new Device(phone, 20, 2000, false), new Device(phone, 10, 1000, true));
        assertThat(devices()).containsExactly(new Device(phone, 20, 2000, false));

        write(new Device(phone, 20, 2500, true), new Device(phone, 20, 2600, false));
        assertThat(devices()).containsExactly(new Device(phone, 20, 2600, true));

        write(new Device(phone, 30, 3000, false));
        assertThat(devices()).containsExactly(new Device(phone, 30, 3000, false));
    }

    @Test
    void aGroupIsOneCommit() {
        List<Receipt> receipts = new ArrayList<>();
        mysql.store().pause(); // so that they gather, however slow this thread is
        for (int i = 0; i < 500; i++) {
            receipts.add(journal.write(Durability.MYSQL, row(seq + i, "m" + i)));
        }
        mysql.store().resume();
        receipts.forEach(receipt -> receipt.await(LONG));

        assertThat(messages()).hasSize(500);
        assertThat(registry.get("longline.saver.journal.group").summary().count())
                .isLessThan(100);
    }

    @Test
    void aValueMysqlRefusesFailsAlone() {
        mysql.store().pause(); // so that all three are in one group, behind this one
        Receipt first = journal.write(Durability.MYSQL, row(seq, "m1"));
        Receipt second = journal.write(Durability.MYSQL, row(seq + 1, "m2"));
        Receipt bad = journal.write(Durability.MYSQL, row(seq + 2, "x".repeat(200)));
        Receipt third = journal.write(Durability.MYSQL, row(seq + 3, "m3"));
        mysql.store().resume();

        first.await(LONG);
        second.await(LONG);
        third.await(LONG);
        assertThatThrownBy(() -> bad.await(LONG))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
        assertThat(messages()).extracting(Journaled::messageId).containsExactly("m1", "m2", "m3");
    }

    @Test
    void whatIsKeptIsCommittedBeforeItsReceiptSaysSoOfBothDurabilities() {
        for (Durability durability : Durability.values()) {
            Endpoint device = phone.withDevice(durability.word());
            journal.keep(durability, List.of(new Device(device, 1, now, false))).await(LONG);
            assertThat(devices()).extracting(Device::endpoint).contains(device);
        }
    }

    @Test
    void whatIsKeptOfDurabilityRedisIsWaitedForHalfASecondAndNotAtAllWhileMysqlIsKnownToBeAway() {
        giveUpSoon();
        mysql.store().pause();
        Device device = new Device(phone, 1, now, false);
        journal.keep(Durability.REDIS, List.of(device)).await(LONG);
        Awaitility.await().until(journal::isAway);
        assertThat(journal.keep(Durability.REDIS, List.of(device))).isSameAs(Receipt.DONE);
        assertDown(() -> journal.keep(Durability.MYSQL, List.of(device)));

        mysql.store().resume();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(devices()).containsExactly(device));
    }

    @Test
    void whileMysqlHangsItsProductsAreToldSoAndTheOthersGoOn() {
        giveUpSoon();
        mysql.store().pause();
        Receipt first = journal.write(Durability.MYSQL, row(seq, "m1"));
        long began = System.nanoTime();
        assertDown(() -> first.await(LONG));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(GIVEN_UP.plusSeconds(5));

        Awaitility.await().until(journal::isAway);
        assertDown(() -> journal.write(Durability.MYSQL, row(seq + 1, "m2")));
        journal.write(Durability.REDIS, row(seq + 2, "m3")).await(LONG);
        journal.acked(phone, seq);

        mysql.store().resume();
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(messages()).extracting(Journaled::messageId).containsExactly("m1", "m3");
            assertThat(watermarks()).containsExactly(new Acked(phone, seq));
        });
        write(row(seq + 1, "m2"));
    }

    @Test
    void whenMysqlWasStoppedItGoesOnByItself() {
        giveUpSoon();
        mysql.store().stop();
        try {
            Receipt receipt = journal.write(Durability.MYSQL, row(seq, "m1"));
            assertDown(() -> receipt.await(LONG));
            Awaitility.await().until(journal::isAway);
        } finally {
            mysql.store().start();
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !journal.isAway());
        write(row(seq + 1, "m2"));
        assertThat(messages()).extracting(Journaled::messageId).containsExactly("m1", "m2");
    }

    @Test
    void whatBelongsTogetherIsOneCommit() {
        List<JournalEntry> entries = new ArrayList<>();
        entries.add(new Heir("demo", phone.user(), seq + 1, "phone"));
        for (int i = 0; i < 300; i++) {
            entries.add(row(seq + i, "m" + i));
        }
        journal.write(Durability.MYSQL, entries).await(LONG);

        assertThat(messages()).hasSize(300);
        assertThat(registry.get("longline.saver.journal.group").summary().max()).isEqualTo(301);
    }

    @Test
    void aMessageOfDurabilityRedisThatIsAcknowledgedAtOnceIsNeverWritten() {
        restart(config(1000, Duration.ofSeconds(20), Duration.ofSeconds(3))); // time to acknowledge
        journal.write(Durability.REDIS, row(seq, "m1"));
        journal.write(Durability.REDIS, row(seq + 1, "m2"));
        journal.acked(phone, seq);

        Awaitility.await().untilAsserted(() -> {
            assertThat(messages()).extracting(Journaled::messageId).containsExactly("m2");
            assertThat(watermarks()).containsExactly(new Acked(phone, seq));
        });
        assertThat(registry.get("longline.saver.journal.cancels").counter().count())
                .isEqualTo(1);
    }

    @Test
    void aRowThatSomebodyElseHasLockedIsWrittenWhenItIsFree() throws SQLException {
        giveUpSoon();
        write(row(seq, "m1"));
        try (Connection other = DriverManager.getConnection(mysql.jdbcUrl());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT * FROM inbox FOR UPDATE");
            Receipt receipt = journal.write(Durability.MYSQL, new Final(phone, seq, "m1", CopyState.DROPPED, ""));
            assertDown(() -> receipt.await(LONG));
            other.rollback();
            receipt.await(LONG);
        }

        assertThat(messages())
                .singleElement()
                .satisfies(one -> assertThat(one.end()).contains(CopyState.DROPPED));
    }

    @Test
    void aDeadlockIsNoOutageAndTriedAgainAtOnce() throws SQLException {
        try (Connection other = DriverManager.getConnection(mysql.jdbcUrl());
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE trap (armed INT) ENGINE = MyISAM"); // no rollback takes its rows back
            statement.execute("INSERT INTO trap VALUES (2)");
            statement.execute("""
                    CREATE TRIGGER deadlock BEFORE INSERT ON inbox FOR EACH ROW
                    IF (SELECT armed FROM trap) > 0 THEN
                      UPDATE trap SET armed = armed - 1;
                      SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213;
                    END IF""");
            try {
                write(row(seq, "m1"));
            } finally {
                statement.execute("DROP TRIGGER deadlock");
                statement.execute("DROP TABLE trap");
            }
        }
        assertThat(messages()).hasSize(1);
        assertThat(registry.get("longline.saver.journal.failures").counter().count())
                .isZero();
    }

    @Test
    void whatWasCommittedOutlivesAKilledMysqlAndTheRestGoesOnByItself() {
        giveUpSoon();
        write(row(seq, "m1"));
        Receipt receipt;
        mysql.store().kill();
        try {
            receipt = journal.write(Durability.MYSQL, row(seq + 1, "m2"));
            assertDown(() -> receipt.await(LONG));
        } finally {
            mysql.store().start();
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !journal.isAway());

        assertThat(messages()).extracting(Journaled::messageId).containsExactly("m1", "m2");
    }

    @Test
    void manyReadersNeitherStarveTheWriterNorFail() {
        write(row(seq, "m1"));
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        MysqlReader reader = new MysqlReader(database);
        List<CompletableFuture<?>> reads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            reads.add(CompletableFuture.runAsync(
                    () -> reader.messages(phone.shard(), new Extent(now, 0, 0), row -> {
                        inside.incrementAndGet();
                        awaitQuietly(gate);
                    }),
                    Thread::startVirtualThread));
        }
        Awaitility.await().until(() -> inside.get() >= 1);
        try {
            write(row(seq + 1, "m2"));
            journal.acked(phone, seq);
            assertThat(journal.flush(Deadline.after(Duration.ofSeconds(20)))).isTrue();
            assertThat(journal.isAway()).isFalse();
        } finally {
            gate.countDown();
        }
        reads.forEach(CompletableFuture::join);
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertDown(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(LonglineException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(e.dependency()).contains("mysql");
            assertThat(e.retryAfter()).isPresent();
        });
    }

    @Test
    void aFullQueueRefusesMysqlProductsAndCountsTheOthers() {
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        MysqlJournal small =
                new MysqlJournal(database, config(2), new SaverMetrics(own)); // not started: nobody empties it
        small.write(Durability.REDIS, row(seq, "m1"));
        small.write(Durability.REDIS, row(seq + 1, "m2"));
        small.write(Durability.MYSQL, row(seq, "m1"));
        small.write(Durability.MYSQL, row(seq + 1, "m2"));

        assertThatThrownBy(() -> small.write(Durability.MYSQL, row(seq + 2, "m3")))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        small.write(Durability.REDIS, row(seq + 2, "m3")).await(LONG);
        assertThat(own.get("longline.saver.journal.rejects")
                        .tag("durability", "redis")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(own.get("longline.saver.journal.depth").gauges())
                .extracting(gauge -> (int) gauge.value())
                .containsExactlyInAnyOrder(2, 2);
    }

    @Test
    void aFullTableOfWatermarksRefusesAcksBeforeTheyAreTaken() {
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        MysqlJournal small = new MysqlJournal(database, config(1), new SaverMetrics(own));
        small.acked(phone, 5);
        small.requireRoomForAck(phone);

        Endpoint other = phone.withDevice("pad");
        assertThatThrownBy(() -> small.requireRoomForAck(other))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        small.acked(other, 5);
        assertThat(own.get("longline.saver.watermarks.drops").counter().count()).isEqualTo(1);
    }

    @Test
    void whatWaitsIsWrittenAtTheEnd() {
        for (int i = 0; i < 300; i++) {
            journal.write(Durability.REDIS, row(seq + i, "m" + i));
        }
        journal.acked(phone.withDevice("pad"), seq);
        journal.close();

        assertThat(messages()).hasSize(300);
        assertThat(watermarks()).hasSize(1);
    }
}
