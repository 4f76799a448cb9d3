package io.longline.saver.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.journal.JournalConfig;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlUse;
import io.longline.stores.junit.MariaDbExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs that kick users, in MySQL: what they have of their own beside those of messages. */
@Timeout(120)
final class MysqlKicksIT {
    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static final long DAY_MS = 86_400_000;
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Kick KICK = new Kick("déconnecté", 60);
    private static final AtomicInteger names = new AtomicInteger();
    private static MysqlDatabase database;
    private static MysqlJobLists lists;
    private static MysqlJobs jobs;
    private static MysqlJobRuns runs;
    private static MysqlKicks kicks;

    private final String product = "shop-" + names.incrementAndGet();
    private final long now = System.currentTimeMillis();

    @BeforeAll
    static void open() {
        database = new MysqlDatabase(
                new JournalConfig(mysql.jdbcUrl(), 12, 1, 1, 1, Duration.ofSeconds(20), Duration.ZERO));
        database.start();
        assertThat(database.awaitReady(Deadline.after(Duration.ofSeconds(30)))).isTrue();
        lists = new MysqlJobLists(database);
        jobs = new MysqlJobs(database);
        runs = new MysqlJobRuns(database);
        kicks = new MysqlKicks(database);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** Nobody else's job is taken by the next test. */
    @AfterEach
    void clear() throws SQLException {
        sql("DELETE FROM job");
        sql("DELETE FROM job_part");
    }

    private static int sql(String statement, Object... values) throws SQLException {
        return database.use(MysqlUse.READ, connection -> MysqlJobTable.update(connection, statement, values));
    }

    /** Of seven users, three a part. */
    private Job fresh(String id) {
        return new Job(
                product,
                id,
                id,
                JobState.QUEUED,
                now,
                now + DAY_MS,
                0,
                7,
                new Progress(0, 0, 0, Map.of()),
                "",
                false,
                false,
                Broadcast.NONE,
                KICK);
    }

    private void upload(String id, int parts) {
        for (int part = 0; part < parts; part++) {
            lists.append(product, id, id, part, ByteString.copyFromUtf8(id + "/" + part));
        }
    }

    private Job queue(String id) {
        upload(id, 3);
        return kicks.submit(fresh(id), KICK, 3);
    }

    private void queueMessage(String id) {
        upload(id, 3);
        Job job = new Job(
                product,
                id,
                "message of " + id,
                JobState.QUEUED,
                now,
                now + DAY_MS,
                0,
                7,
                new Progress(0, 0, 0, Map.of()),
                "",
                false,
                false,
                Broadcast.NONE,
                null);
        jobs.submit(new NewJob(job, ByteString.copyFromUtf8("hash"), ByteString.copyFromUtf8("push"), 3));
    }

    private static Optional<TakenJob> take(TakeWhat what) {
        return runs.take("center-1", what, LONG, System.currentTimeMillis(), Deadline.after(LONG));
    }

    private static String takenId(TakeWhat what) {
        return take(what).map(taken -> taken.job().id()).orElse("none");
    }

    private static Report report(Progress progress, JobState end) {
        return new Report(progress, "", end, LONG, false);
    }

    private Job want(String id, JobState state) {
        return jobs.change(
                product,
                id,
                new JobWish(state, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), false),
                Deadline.after(LONG));
    }

    @Test
    void itIsQueuedWhenItsListIsWholeAndSaysWhomAndHow() {
        upload("k1", 2);
        assertThatThrownBy(() -> kicks.submit(fresh("k1"), KICK, 3))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_NOT_FOUND));
        upload("k1", 3);

        Job queued = kicks.submit(fresh("k1"), KICK, 3);

        assertThat(queued).isEqualTo(fresh("k1")).isEqualTo(jobs.byId(product, "k1"));
        assertThat(kicks.submit(fresh("k1"), new Kick("another", 1), 3))
                .as("asked again")
                .isEqualTo(queued);
        assertThat(jobs.page(product, "", 10)).containsExactly(queued);
        assertThatThrownBy(() -> jobs.byMessage(product, "k1"))
                .as("it is of no message")
                .isInstanceOf(LonglineException.class);
    }

    @Test
    void onlyWhoAsksForKicksIsGivenOneAndOfAProductOneAtATime() {
        queue("k1");
        queue("k2");

        assertThat(takenId(TakeWhat.ANY)).isEqualTo("none");
        assertThat(takenId(TakeWhat.TO_SEND)).isEqualTo("none");
        assertThat(takenId(TakeWhat.TO_RECALL)).isEqualTo("none");
        assertThat(takenId(TakeWhat.TO_BROADCAST)).isEqualTo("none");
        TakenJob taken = take(TakeWhat.TO_KICK).orElseThrow();
        assertThat(taken.job().id()).isEqualTo("k1");
        assertThat(taken.job().kick()).isEqualTo(KICK);
        assertThat(taken.partSize()).isEqualTo(3);
        assertThat(takenId(TakeWhat.TO_KICK)).isEqualTo("none");

        Progress all = new Progress(7, 6, 9, Map.of("unknown", 1L));
        runs.report(product, "k1", taken.run(), report(all, JobState.DONE), Deadline.after(LONG));

        Job done = jobs.byId(product, "k1");
        assertThat(done.state()).isEqualTo(JobState.DONE);
        assertThat(done.progress()).isEqualTo(all);
        assertThat(takenId(TakeWhat.TO_KICK)).isEqualTo("k2");
    }

    @Test
    void kicksAndMessagesOfAProductDoNotWaitForEachOther() {
        queueMessage("m1");
        queue("k1");

        TakenJob message = take(TakeWhat.TO_SEND).orElseThrow();
        TakenJob kick = take(TakeWhat.TO_KICK).orElseThrow();

        assertThat(message.job().id()).isEqualTo("m1");
        assertThat(message.job().kick()).isNull();
        assertThat(kick.job().id()).isEqualTo("k1");
        assertThat(message.sharing()).isEqualTo(1);
        Standing standing = runs.report(
                        product,
                        "m1",
                        message.run(),
                        new Report(message.job().progress(), "", null, LONG, false),
                        Deadline.after(LONG))
                .orElseThrow();
        assertThat(standing.sharing()).as("a kick has no part in the rate").isEqualTo(1);
    }

    @Test
    void whoDoesNotReportIsFollowedByAnotherWithAHigherRun() throws SQLException {
        queue("k1");
        TakenJob first = take(TakeWhat.TO_KICK).orElseThrow();
        Progress some = new Progress(3, 3, 3, Map.of());
        runs.report(product, "k1", first.run(), new Report(some, "", null, LONG, false), Deadline.after(LONG));
        assertThat(takenId(TakeWhat.TO_KICK)).isEqualTo("none");
        sql("UPDATE job SET run_until_ms = 0 WHERE id = 'k1'");

        TakenJob second = take(TakeWhat.TO_KICK).orElseThrow();

        assertThat(second.run()).isGreaterThan(first.run());
        assertThat(second.job().progress()).isEqualTo(some);
        assertThat(runs.report(product, "k1", first.run(), report(some, JobState.DONE), Deadline.after(LONG)))
                .as("the first one is refused")
                .isEmpty();
    }

    @Test
    void itRestsGoesOnAndEndsAsABackEndWants() {
        queue("k1");
        assertThat(want("k1", JobState.PAUSED).state()).isEqualTo(JobState.PAUSED);
        assertThat(takenId(TakeWhat.TO_KICK)).isEqualTo("none");
        assertThat(want("k1", JobState.RUNNING).state()).isEqualTo(JobState.QUEUED);
        assertThat(takenId(TakeWhat.TO_KICK)).isEqualTo("k1");

        Job cancelled = want("k1", JobState.CANCELLED);

        assertThat(cancelled.state()).isEqualTo(JobState.CANCELLED);
        assertThat(Objects.requireNonNull(cancelled.kick())).isEqualTo(KICK);
    }

    @Test
    void oneThatNobodyCameToWithinItsTimeIsCancelled() throws SQLException {
        queue("k1");
        sql("UPDATE job SET ends_at_ms = 1 WHERE id = 'k1'");

        assertThat(takenId(TakeWhat.TO_KICK)).isEqualTo("none");

        assertThat(jobs.byId(product, "k1").state()).isEqualTo(JobState.CANCELLED);
        assertThat(jobs.byId(product, "k1").reason()).isEqualTo("ttl");
    }
}
