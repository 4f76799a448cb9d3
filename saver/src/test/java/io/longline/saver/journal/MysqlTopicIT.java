package io.longline.saver.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.JournalEntry.Follow;
import io.longline.saver.journal.JournalEntry.Follow.Says;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.Settled.How;
import io.longline.saver.journal.JournalEntry.TopicRow;
import io.longline.saver.journal.MysqlTopicReader.Logged;
import io.longline.saver.journal.MysqlTopicReader.Passed;
import io.longline.stores.junit.MariaDbExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Topics in MySQL: their messages, how far endpoints are in them, and who follows what; written, read, purged. */
@Timeout(120)
final class MysqlTopicIT {
    private static final Deadline LONG = Deadline.after(Duration.ofHours(1));
    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;
    private static final AtomicInteger names = new AtomicInteger();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private final int number = names.incrementAndGet();
    private final Topic topic = new Topic("demo", "topic-" + number);
    private final Endpoint phone = new Endpoint("demo", "topic-user-" + number, "phone");
    private final long now = System.currentTimeMillis();
    private final SaverMetrics metrics = new SaverMetrics(new SimpleMeterRegistry());
    private MysqlDatabase database;
    private MysqlJournal journal;

    MysqlTopicIT() {
        JournalConfig config =
                new JournalConfig(mysql.jdbcUrl(), 5, 10_000, 1 << 24, 2, Duration.ofSeconds(20), Duration.ZERO);
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

    private void write(JournalEntry... entries) {
        journal.write(Durability.MYSQL, List.of(entries)).await(LONG);
    }

    private TopicRow row(Topic of, long offset, long expiresAtMs) {
        return new TopicRow(of, offset, "m" + offset, 5, expiresAtMs, ByteString.copyFromUtf8("body of " + offset));
    }

    private List<Logged> read(long missingFrom, int most) {
        List<Logged> found = new ArrayList<>();
        Extent extent = new Extent(now, (now - DAY_MS) * 1024, missingFrom);
        new MysqlTopicReader(database).messages(topic.shard(), extent, most, found::add);
        return found.stream().filter(one -> one.row().topic().equals(topic)).toList();
    }

    private List<TopicRow> messages(long missingFrom, int most) {
        return read(missingFrom, most).stream()
                .filter(Logged::isInLog)
                .map(Logged::row)
                .toList();
    }

    private List<Long> offsets(long missingFrom, int most) {
        return messages(missingFrom, most).stream().map(TopicRow::offset).toList();
    }

    private List<Follow> follows() {
        List<Follow> found = new ArrayList<>();
        new MysqlTopicReader(database).follows(phone.shard(), found::add);
        return found.stream()
                .filter(follow -> follow.endpoint().user().equals(phone.user()))
                .toList();
    }

    private List<Passed> passed() {
        List<Passed> found = new ArrayList<>();
        new MysqlTopicReader(database).offsets(phone.shard(), found::add);
        return found.stream()
                .filter(one -> one.endpoint().user().equals(phone.user()))
                .toList();
    }

    @Test
    void aMessageIsReadAsItWasWrittenHoweverOften() {
        TopicRow row = row(topic, 7, now + HOUR_MS);
        write(row);
        write(row, row);
        assertThat(messages(0, 10)).containsExactly(row);
    }

    @Test
    void onlyTheNewestAreReadInTheOrderOfTheirOffsets() {
        for (long offset : new long[] {9, 7, 11, 8, 10}) {
            write(row(topic, offset, now + HOUR_MS));
        }
        write(row(topic, 12, now - 1));
        assertThat(offsets(0, 10)).containsExactly(7L, 8L, 9L, 10L, 11L);
        assertThat(offsets(0, 2)).containsExactly(10L, 11L);
        assertThat(offsets(9, 10)).as("redis has what is below").containsExactly(9L, 10L, 11L);
    }

    @Test
    void ofTopicsWithFewMessagesAllAreReadAndOfThoseBetweenThemTheNewest() {
        List<Topic> others = Stream.of("dem/a-", "dem/b-", "demo/a-", "demo/z-", "demo-2/a-")
                .map(this::beside)
                .toList();
        others.forEach(one -> write(row(one, 7, now + HOUR_MS), row(one, 8, now + HOUR_MS)));
        Topic busy = others.get(1);
        write(row(topic, 6, now + HOUR_MS), row(topic, 7, now - 1), row(topic, 8, now + HOUR_MS));
        write(row(busy, 9, now + HOUR_MS), row(busy, 10, now + HOUR_MS));

        List<TopicRow> read = new ArrayList<>();
        new MysqlTopicReader(database)
                .messages(topic.shard(), new Extent(now, Long.MAX_VALUE, 0), 3, one -> read.add(one.row()));
        Map<Topic, List<Long>> offsets = read.stream()
                .collect(Collectors.groupingBy(
                        TopicRow::topic, Collectors.mapping(TopicRow::offset, Collectors.toList())));
        assertThat(offsets)
                .containsEntry(topic, List.of(6L, 8L))
                .containsEntry(busy, List.of(8L, 9L, 10L))
                .containsEntry(others.get(0), List.of(7L, 8L))
                .containsEntry(others.get(2), List.of(7L, 8L))
                .containsEntry(others.get(3), List.of(7L, 8L))
                .containsEntry(others.get(4), List.of(7L, 8L));
        assertThat(read).doesNotHaveDuplicates();
    }

    @Test
    void whatIsNotInItsLogIsReadWithoutItsContentAsLongAsItsIdIsRefused() {
        long old = (now - 25 * HOUR_MS) * 1024;
        long young = (now - 23 * HOUR_MS) * 1024;
        write(row(topic, old, now - 1), row(topic, old + 1, now + HOUR_MS));
        write(row(topic, young, now - 1), row(topic, young + 1, now + HOUR_MS), row(topic, young + 2, now + HOUR_MS));

        assertThat(read(0, 1))
                .containsExactly(gone(young, now - 1), gone(young + 1, now + HOUR_MS), inLog(young + 2, now + HOUR_MS));
        assertThat(read(0, 10))
                .containsExactly(
                        inLog(old + 1, now + HOUR_MS),
                        gone(young, now - 1),
                        inLog(young + 1, now + HOUR_MS),
                        inLog(young + 2, now + HOUR_MS));
        assertThat(read(young + 1, 10)).as("redis has what is below").hasSize(2);
    }

    private Logged inLog(long offset, long expiresAtMs) {
        return new Logged(row(topic, offset, expiresAtMs), true);
    }

    private Logged gone(long offset, long expiresAtMs) {
        return new Logged(new TopicRow(topic, offset, "m" + offset, 5, expiresAtMs, ByteString.EMPTY), false);
    }

    /** One in the same shard. */
    private Topic beside(String begin) {
        return IntStream.range(0, 100_000)
                .mapToObj(i -> Topic.parse(begin + number + "-" + i))
                .filter(other -> other.shard() == topic.shard())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTopicThatWasBusyForLongTakesNoLongerThanItsLog() throws SQLException {
        TopicRow[] rows = LongStream.range(1, 5001)
                .mapToObj(offset -> row(topic, offset, now + HOUR_MS))
                .toArray(TopicRow[]::new);
        write(rows);
        long before = rowsRead();
        assertThat(offsets(0, 3)).containsExactly(4998L, 4999L, 5000L);
        assertThat(rowsRead() - before).isLessThan(1000);
    }

    /** By all connections. */
    private long rowsRead() throws SQLException {
        return database.use(MysqlUse.READ, connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet status = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Handler_read%'")) {
                long read = 0;
                while (status.next()) {
                    read += status.getLong(2);
                }
                return read;
            }
        });
    }

    @Test
    void whatHasExpiredIsPurgedWhenItsIdIsNotRefusedAnyMoreAndNothingElse() throws SQLException {
        long young = (now - 25 * HOUR_MS) * 1024;
        write(row(topic, 7, now - 3 * HOUR_MS), row(topic, 8, now - HOUR_MS), row(topic, 9, now + HOUR_MS));
        write(row(topic, young, now - 3 * HOUR_MS));
        purge(topic.shard());
        List<Long> left = new ArrayList<>();
        new MysqlTopicReader(database).messages(topic.shard(), new Extent(0, 0, 0), 10, row -> {
            if (row.row().topic().equals(topic)) {
                left.add(row.row().offset());
            }
        });
        assertThat(left).containsExactly(8L, 9L, young);
    }

    private List<Settled> settled(Topic of) {
        List<Settled> found = new ArrayList<>();
        new MysqlTopicReader(database).settled(of.shard(), found::add);
        return found.stream().filter(one -> one.topic().equals(of)).toList();
    }

    @Test
    void whatBecameOfABroadcastIsKeptAndWhatWasRemovedStaysSo() {
        Topic all = new Topic("demo", "*" + number);
        Settled removed = new Settled(all, 8, How.REMOVE);
        write(new Settled(all, 7, How.OPEN), removed, removed);
        write(new Settled(all, 8, How.OPEN), new Settled(all, 9, How.OPEN));
        write(new Settled(all, 9, How.REMOVE));
        assertThat(settled(all))
                .containsExactlyInAnyOrder(new Settled(all, 7, How.OPEN), removed, new Settled(all, 9, How.REMOVE));
    }

    @Test
    void whatBecameOfABroadcastIsPurgedWithItsMessageAndNotWhereThatIsYetToCome() throws SQLException {
        Topic all = new Topic("demo", "*" + number);
        long old = (now - 27 * HOUR_MS) * 1024;
        long young = (now - 25 * HOUR_MS) * 1024;
        write(row(all, old, now - 3 * HOUR_MS), row(all, old + 1, now + HOUR_MS));
        write(
                new Settled(all, old, How.OPEN),
                new Settled(all, old + 1, How.REMOVE),
                new Settled(all, old + 2, How.REMOVE),
                new Settled(all, young, How.OPEN));
        purge(all.shard());
        assertThat(settled(all)).extracting(Settled::offset).containsExactly(old + 1, young);
    }

    @Test
    void anOffsetIsWrittenWhenTheJournalIsClosedAtTheLatestAndNeverFalls() {
        journal.passed(phone, "news", 7);
        journal.passed(phone, "news", 9);
        journal.passed(phone, "sport", 5);
        journal.passed(phone, "one too many", 5);
        reopen();
        assertThat(passed()).containsExactlyInAnyOrder(new Passed(phone, "news", 9), new Passed(phone, "sport", 5));

        journal.passed(phone, "news", 8);
        reopen();
        assertThat(passed()).contains(new Passed(phone, "news", 9));
    }

    private void reopen() {
        journal.close();
        journal = new MysqlJournal(
                database,
                new JournalConfig(mysql.jdbcUrl(), 5, 10_000, 1 << 24, 2, Duration.ofSeconds(20), Duration.ZERO),
                new SaverMetrics(new SimpleMeterRegistry()));
        journal.start();
    }

    @Test
    void theNewestNoteOfWhatIsFollowedStays() {
        Endpoint user = phone.withDevice("");
        Follow ofUser = new Follow(user, "news", Says.FOLLOWS, 60, 8);
        write(new Follow(phone, "news", Says.FOLLOWS, 50, 7), ofUser);
        assertThat(follows()).containsExactlyInAnyOrder(new Follow(phone, "news", Says.FOLLOWS, 50, 7), ofUser);

        write(new Follow(phone, "news", Says.AGAINST_USER, 0, 9));
        write(new Follow(phone, "news", Says.FOLLOWS, 50, 8));
        write(ofUser);
        assertThat(follows()).containsExactlyInAnyOrder(new Follow(phone, "news", Says.AGAINST_USER, 0, 9), ofUser);
        write(new Follow(phone, "news", Says.NOTHING, 0, 10));
        assertThat(follows()).containsExactlyInAnyOrder(new Follow(phone, "news", Says.NOTHING, 0, 10), ofUser);
    }

    @Test
    void aNoteThatSaysNothingGoesAfterADayAndOthersNever() throws SQLException {
        long ancient = (now - 400 * DAY_MS) * 1024;
        long old = (now - 27 * HOUR_MS) * 1024;
        long young = (now - 25 * HOUR_MS) * 1024;
        write(
                new Follow(phone, "gone", Says.NOTHING, 0, old),
                new Follow(phone, "gone lately", Says.NOTHING, 0, young),
                new Follow(phone, "followed", Says.FOLLOWS, 0, ancient),
                new Follow(phone, "against its user", Says.AGAINST_USER, 0, ancient));
        purge(phone.shard());
        assertThat(follows())
                .extracting(Follow::topic)
                .containsExactlyInAnyOrder("gone lately", "followed", "against its user");
    }

    @Test
    void oldOffsetsGoAfterSixtyDays() throws SQLException {
        journal.passed(phone, "gone", (now - 61 * DAY_MS) * 1024);
        journal.passed(phone, "lately", (now - 59 * DAY_MS) * 1024);
        reopen();
        purge(phone.shard());
        assertThat(passed()).extracting(Passed::topic).containsExactly("lately");
    }

    private void purge(int shard) throws SQLException {
        new MysqlPurge(database, Optional::empty, () -> false, metrics, Clock.systemUTC()).purge(shard);
    }
}
