package io.longline.saver.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.journal.JournalConfig;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlUse;
import io.longline.stores.junit.MariaDbExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Broadcasts of one topic that are taken to be sent together: who has them, what becomes of each, and what may begin afterwards. */
@Timeout(180)
final class MysqlBehindIT {
    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration NO_TIME = Duration.ofMillis(1);
    private static final AtomicInteger names = new AtomicInteger();
    private static MysqlDatabase database;
    private static MysqlJobs jobs;
    private static MysqlJobRuns runs;
    private static MysqlBroadcasts broadcasts;
    private static MysqlBehind behind;

    private final String product = "shop-" + names.incrementAndGet();
    private final long now = System.currentTimeMillis();

    @BeforeAll
    static void open() {
        database = new MysqlDatabase(
                new JournalConfig(mysql.jdbcUrl(), 12, 1, 1, 1, Duration.ofSeconds(20), Duration.ZERO));
        database.start();
        assertThat(database.awaitReady(Deadline.after(Duration.ofSeconds(60)))).isTrue();
        jobs = new MysqlJobs(database);
        runs = new MysqlJobRuns(database);
        broadcasts = new MysqlBroadcasts(database);
        behind = new MysqlBehind(database);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @AfterEach
    void clear() throws SQLException {
        sql("DELETE FROM job");
    }

    private static void sql(String statement, Object... values) throws SQLException {
        database.use(MysqlUse.READ, connection -> MysqlJobTable.update(connection, statement, values));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private void queue(String id, int ratePerS, int canary) {
        Job job = new Job(
                product,
                id,
                "message of " + id,
                JobState.QUEUED,
                now,
                now + 3_600_000,
                ratePerS,
                0,
                new Progress(0, 0, 0, Map.of()),
                "",
                false,
                false,
                Broadcast.fresh("*", canary, ByteRate.NONE),
                null);
        broadcasts.submit(
                new NewJob(job, ByteString.copyFromUtf8("body"), ByteString.copyFromUtf8("push of " + id), 1));
    }

    private void queue(String... ids) {
        for (String id : ids) {
            queue(id, 0, 0);
        }
    }

    private static TakenJob first(String id) {
        TakenJob taken = Awaitility.await()
                .until(MysqlBehindIT::take, Optional::isPresent)
                .orElseThrow();
        assertThat(taken.job().id()).isEqualTo(id);
        return taken;
    }

    private static Optional<TakenJob> take() {
        return runs.take("center-1", TakeWhat.TO_BROADCAST, LONG, System.currentTimeMillis(), soon());
    }

    private List<TakenJob> behind(TakenJob first, int most, long mostBytes) {
        return behind.take(
                product,
                first.job().id(),
                new MysqlBehind.Taking("center-2", first.run(), LONG, most, mostBytes),
                soon());
    }

    private List<TakenJob> behind(TakenJob first) {
        return behind(first, 15, 100_000);
    }

    private static List<String> ids(List<TakenJob> taken) {
        return taken.stream().map(one -> one.job().id()).toList();
    }

    private Job job(String id) {
        return jobs.byId(product, id);
    }

    private JobState state(String id) {
        return job(id).state();
    }

    private void want(String id, JobState state) {
        jobs.change(
                product,
                id,
                new JobWish(state, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), false),
                soon());
    }

    private Optional<Standing> tell(TakenJob taken, @Nullable JobState end, Duration lease, boolean givesBack) {
        BroadcastReport report = new BroadcastReport(7, Map.of(), "", end, lease, givesBack);
        return broadcasts.report(product, taken.job().id(), taken.run(), report, soon());
    }

    private void end(TakenJob taken, JobState end) {
        assertThat(tell(taken, end, NO_TIME, false))
                .hasValueSatisfying(now -> assertThat(now.state()).isEqualTo(end));
    }

    private void giveBack(TakenJob taken) {
        assertThat(tell(taken, null, NO_TIME, true)).isPresent();
    }

    private static void letGo(String... ids) throws SQLException {
        for (String id : ids) {
            sql("UPDATE job SET run_until_ms = 1 WHERE id = ?", id);
        }
    }

    @Test
    void theyAreTakenInOrderUpToTheFirstThatIsToBeSentAlone() {
        queue("j1", "j2", "j3");
        queue("j4", 5, 0);
        queue("j5");
        TakenJob first = first("j1");

        List<TakenJob> taken = behind(first);

        assertThat(ids(taken)).containsExactly("j2", "j3");
        assertThat(taken).extracting(TakenJob::run).containsOnly(1L);
        assertThat(taken.getFirst().push().toStringUtf8()).isEqualTo("push of j2");
        assertThat(taken.getFirst().givenBack()).isTrue();
        assertThat(taken.getFirst().sharing()).as("they count as one").isEqualTo(1);
        assertThat(List.of(state("j2"), state("j3"), state("j4")))
                .containsExactly(JobState.RUNNING, JobState.RUNNING, JobState.QUEUED);
        assertThat(job("j3").held()).isTrue();
        assertThat(take()).isEmpty();
        assertThat(behind(first)).as("asked again").isEmpty();
    }

    @Test
    void onlySoManyAndSoManyBytesAndOnlyByWhoHasTheFirst() {
        queue("j1", "j2", "j3", "j4");
        TakenJob first = first("j1");
        assertThat(behind.take(product, "j1", new MysqlBehind.Taking("center-2", 9, LONG, 5, 1_000), soon()))
                .isEmpty();
        assertThat(ids(behind(first, 1, 1_000))).containsExactly("j2");
        assertThat(ids(behind(first, 15, 10)))
                .as("what is taken already comes first")
                .isEmpty();
    }

    @Test
    void eachIsDoneByItselfAndHandsThePlaceOn() {
        queue("j1", "j2", "j3", "j4");
        TakenJob first = first("j1");
        List<TakenJob> taken = behind(first, 2, 1_000);
        end(first, JobState.DONE);
        assertThat(take()).as("the next of them has the place").isEmpty();
        assertThat(state("j2")).isEqualTo(JobState.RUNNING);
        end(taken.get(0), JobState.DONE);
        assertThat(take()).isEmpty();
        end(taken.get(1), JobState.DONE);
        assertThat(ids(List.of(first("j4")))).containsExactly("j4");
    }

    @Test
    void whatIsGivenBackIsQueuedAgainAndComesBeforeAllThatWasNotTaken() {
        queue("j1", "j2", "j3", "j4");
        want("j2", JobState.PAUSED);
        TakenJob first = first("j1");
        List<TakenJob> taken = behind(first, 1, 1_000);
        assertThat(ids(taken)).as("who rests and has not begun is passed over").containsExactly("j3");
        want("j2", JobState.RUNNING);
        giveBack(taken.getFirst());
        assertThat(state("j3")).isEqualTo(JobState.QUEUED);
        end(first, JobState.DONE);

        TakenJob next = first("j3");
        assertThat(next.run()).isEqualTo(2);
        assertThat(next.givenBack()).isTrue();
        assertThat(next.job().broadcast().offset()).isEqualTo(7);
        assertThat(behind(next)).as("j2 comes before j4").isEmpty();
    }

    @Test
    void whereSeveralAreGivenBackTheyComeOneAfterTheOther() {
        queue("j1", "j2", "j3");
        TakenJob first = first("j1");
        behind(first).forEach(this::giveBack);
        end(first, JobState.DONE);

        TakenJob next = first("j2");
        end(next, JobState.DONE);
        first("j3");
    }

    @Test
    void oneThatRestsKeepsThoseBehindItWaitingWhenThoseBeforeItAreDone() throws SQLException {
        queue("j1", "j2", "j3");
        TakenJob first = first("j1");
        List<TakenJob> taken = behind(first);
        want("j2", JobState.PAUSED);
        assertThat(tell(taken.getFirst(), null, LONG, false).orElseThrow().state())
                .isEqualTo(JobState.PAUSED);
        taken.forEach(this::giveBack);
        letGo("j2", "j3");
        assertThat(state("j2")).isEqualTo(JobState.PAUSED);
        assertThat(behind(first)).isEmpty();
        end(first, JobState.DONE);
        assertThat(take()).isEmpty();

        want("j2", JobState.RUNNING);
        assertThat(ids(behind(first("j2")))).containsExactly("j3");
    }

    @Test
    void oneThatGoesOnBeforeItsOwnerHeardOfTheRestRuns() {
        queue("j1", "j2");
        TakenJob taken = behind(first("j1")).getFirst();
        want("j2", JobState.PAUSED);
        want("j2", JobState.RUNNING);
        assertThat(tell(taken, null, LONG, false).orElseThrow().state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void oneThatIsCancelledIsSettledWhenItsTurnComes() {
        queue("j1", "j2", "j3");
        TakenJob first = first("j1");
        List<TakenJob> taken = behind(first);
        want("j2", JobState.CANCELLED);
        taken.forEach(this::giveBack);
        end(first, JobState.DONE);

        TakenJob ended = first("j2");
        assertThat(ended.job().state()).isEqualTo(JobState.CANCELLED);
        assertThat(take()).isEmpty();
        end(ended, JobState.CANCELLED);
        first("j3");
    }

    @Test
    void whoDoesNotReportIsFollowedByAnotherWhoTakesAllOfThem() throws SQLException {
        queue("j1", "j2", "j3");
        TakenJob first = first("j1");
        List<TakenJob> taken = behind(first);
        letGo("j1", "j3");
        TakenJob again = first("j1");
        assertThat(again.run()).isEqualTo(2);
        assertThat(behind(again)).as("j2 is still had").isEmpty();
        letGo("j2");
        assertThat(behind(again)).extracting(TakenJob::run).containsExactly(2L, 2L);
        assertThat(tell(taken.getFirst(), JobState.DONE, LONG, false)).isEmpty();
        assertThat(behind(first)).as("who had it before").isEmpty();
    }

    /** It clears the place of the one that is done, and hands it to nobody; of one behind it says no more than that it is done. */
    @Test
    void whatASaverOfTheReleaseBeforeSettlesIsRight() throws SQLException {
        queue("j1", "j2", "j3", "j4");
        TakenJob first = first("j1");
        behind(first, 2, 1_000);
        sql("UPDATE job SET state = 5, running = NULL, run_until_ms = 0 WHERE id IN ('j1', 'j2')");
        assertThat(take()).as("j3 is had").isEmpty();
        letGo("j3");
        TakenJob next = first("j3");
        end(next, JobState.DONE);
        first("j4");
    }
}
