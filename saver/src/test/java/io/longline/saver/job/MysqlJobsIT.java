package io.longline.saver.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.journal.JournalConfig;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlUse;
import io.longline.stores.junit.MariaDbExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs in MySQL: lists as they come, what back ends see and want, who works on which, and what is left of them. */
@Timeout(120)
final class MysqlJobsIT {
    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static final long HOUR_MS = 3_600_000;
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration NO_TIME = Duration.ofMillis(1);
    private static final Deadline IN_TIME = Deadline.after(Duration.ofMinutes(10));
    private static final AtomicInteger names = new AtomicInteger();
    private static MysqlDatabase database;
    private static MysqlJobLists lists;
    private static MysqlJobs jobs;
    private static MysqlJobRuns runs;

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

    private static long count(String statement, Object... values) throws SQLException {
        return database.use(MysqlUse.READ, connection -> MysqlJobTable.number(connection, statement, values));
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    /** Of seven targets, three a part. */
    private NewJob fresh(String id, String messageId, String body) {
        Job job = new Job(
                product,
                id,
                messageId,
                JobState.QUEUED,
                now,
                now + HOUR_MS,
                50,
                7,
                new Progress(0, 0, 0, Map.of()),
                "",
                false,
                false,
                Broadcast.NONE,
                null);
        return new NewJob(job, bytes(body), bytes("push of " + id), 3);
    }

    private void upload(String id, String messageId, int parts) {
        for (int part = 0; part < parts; part++) {
            lists.append(product, id, messageId, part, bytes(id + "/" + part));
        }
    }

    private Job queue(String id) {
        upload(id, "message of " + id, 3);
        return jobs.submit(fresh(id, "message of " + id, "body"));
    }

    private Job job(String id) {
        return jobs.byId(product, id);
    }

    private static Optional<TakenJob> take(Duration lease) {
        return runs.take("center-1", TakeWhat.ANY, lease, System.currentTimeMillis(), IN_TIME);
    }

    private static TakenJob taken(Duration lease) {
        return take(lease).orElseThrow();
    }

    private Optional<Standing> report(TakenJob taken, Progress progress, @Nullable JobState end) {
        return report(taken, new Report(progress, "", end, LONG, false));
    }

    private Optional<Standing> report(TakenJob taken, Report report) {
        return runs.report(product, taken.job().id(), taken.run(), report, soon());
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private Job change(String id, JobWish wish) {
        return jobs.change(product, id, wish, soon());
    }

    private Job want(String id, @Nullable JobState state) {
        return change(id, new JobWish(state, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), false));
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    // ---- lists ----

    @Test
    void aJobIsThereWhenItsListIsWhole() {
        upload("j1", "m1", 3);
        assertCode(ErrorCode.JOB_NOT_FOUND, () -> job("j1"));
        assertCode(ErrorCode.JOB_NOT_FOUND, () -> jobs.byMessage(product, "m1"));
        assertThat(jobs.page(product, "", 10)).isEmpty();
        assertThat(take(LONG)).isEmpty();

        Job queued = jobs.submit(fresh("j1", "m1", "body"));

        assertThat(queued).isEqualTo(fresh("j1", "m1", "body").job()).isEqualTo(job("j1"));
        assertThat(jobs.byMessage(product, "m1")).isEqualTo(new KnownJob(queued, bytes("body")));
        assertThat(jobs.page(product, "", 10)).containsExactly(queued);
        assertThat(lists.part(product, "j1", 2)).isEqualTo(bytes("j1/2"));
        assertCode(ErrorCode.JOB_NOT_FOUND, () -> lists.part(product, "j1", 3));
        assertCode(ErrorCode.JOB_NOT_FOUND, () -> lists.part("other", "j1", 2));
        assertCode(ErrorCode.JOB_NOT_FOUND, () -> jobs.byId("other", "j1"));
    }

    @Test
    void whatIsRepeatedChangesNothing() {
        upload("j1", "m1", 3);
        upload("j1", "m1", 3);
        Job queued = jobs.submit(fresh("j1", "m1", "body"));
        assertThat(jobs.submit(fresh("j1", "m1", "body"))).isEqualTo(queued);
        assertThat(lists.part(product, "j1", 0)).isEqualTo(bytes("j1/0"));
    }

    @Test
    void aListWithoutAPartIsNotWhole() {
        upload("j1", "m1", 2);
        assertCode(ErrorCode.JOB_NOT_FOUND, () -> jobs.submit(fresh("j1", "m1", "body")));
        assertThat(take(LONG)).isEmpty();
    }

    @Test
    void ofADroppedListNothingRemainsAndAQueuedOneStays() throws SQLException {
        upload("j1", "m1", 3);
        lists.drop(product, "j1");
        assertThat(count("SELECT COUNT(*) FROM job") + count("SELECT COUNT(*) FROM job_part"))
                .isZero();
        assertCode(ErrorCode.JOB_NOT_FOUND, () -> lists.append(product, "j1", "m1", 1, bytes("late")));

        queue("j2");
        lists.drop(product, "j2");
        assertThat(job("j2").state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void oneJobForEachMessageIdWhicheverListIsWholeFirst() {
        upload("j1", "m1", 3);
        upload("j2", "m1", 3);
        upload("j3", "m1", 3);
        Job first = jobs.submit(fresh("j2", "m1", "body"));

        assertThat(jobs.submit(fresh("j1", "m1", "body"))).isEqualTo(first);
        assertCode(ErrorCode.IDEMPOTENCY_CONFLICT, () -> jobs.submit(fresh("j3", "m1", "another")));
        assertThat(jobs.page(product, "", 10)).containsExactly(first);
    }

    @Test
    void ofTwoAtTheSameMomentToo() {
        List<String> ids = IntStream.range(0, 8).mapToObj(i -> "j" + i).toList();
        ids.forEach(id -> upload(id, "m1", 3));
        List<CompletableFuture<String>> queued = ids.stream()
                .map(id -> CompletableFuture.supplyAsync(
                        () -> jobs.submit(fresh(id, "m1", "body")).id(), Thread::startVirtualThread))
                .toList();
        assertThat(queued.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    }

    @Test
    void aProductHasSoManyOpenJobsAndNoMore() {
        for (int i = 0; i < MysqlJobLists.MOST_OPEN; i++) {
            lists.append(product, "j" + i, "m" + i, 0, bytes("targets"));
        }
        assertCode(ErrorCode.QUEUE_FULL, () -> lists.append(product, "more", "m", 0, bytes("targets")));
        lists.append("another-shop", "other", "m", 0, bytes("targets"));
        lists.drop(product, "j0");
        lists.append(product, "more", "m", 0, bytes("targets"));
    }

    @Test
    void pagesGoFromTheNewestOn() {
        List.of("j1", "j3", "j2").forEach(this::queue);
        assertThat(jobs.page(product, "", 2)).extracting(Job::id).containsExactly("j3", "j2");
        assertThat(jobs.page(product, "j2", 2)).extracting(Job::id).containsExactly("j1");
        assertThat(jobs.page("other", "", 2)).isEmpty();
    }

    // ---- what back ends want ----

    @Test
    void itRestsAndGoesOnAndEnds() {
        queue("j1");
        assertThat(want("j1", JobState.PAUSED).state()).isEqualTo(JobState.PAUSED);
        assertThat(want("j1", JobState.PAUSED).state()).isEqualTo(JobState.PAUSED);
        assertThat(take(LONG)).isEmpty();
        assertThat(want("j1", JobState.RUNNING).state()).isEqualTo(JobState.QUEUED);
        assertThat(want("j1", JobState.RUNNING).state()).isEqualTo(JobState.QUEUED);
        Job paced = change("j1", new JobWish(null, OptionalInt.of(7), OptionalInt.empty(), OptionalInt.empty(), false));
        assertThat(paced.ratePerS()).isEqualTo(7);
        Job ended = want("j1", JobState.CANCELLED);
        assertThat(ended.state()).isEqualTo(JobState.CANCELLED);
        assertThat(ended.reason()).isEqualTo("requested");
        assertThat(want("j1", JobState.CANCELLED)).as("a repeated request").isEqualTo(ended);
        assertCode(ErrorCode.JOB_STATE_CONFLICT, () -> want("j1", JobState.RUNNING));
        assertCode(
                ErrorCode.JOB_STATE_CONFLICT,
                () -> change(
                        "j1",
                        new JobWish(
                                JobState.CANCELLED,
                                OptionalInt.of(1),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                false)));
        assertCode(ErrorCode.JOB_NOT_FOUND, () -> want("none", JobState.PAUSED));
        assertThat(take(LONG)).isEmpty();
    }

    @Test
    void whoWorksOnItIsToldWhatIsWanted() {
        queue("j1");
        TakenJob taken = taken(LONG);
        assertThat(report(taken, taken.job().progress(), null)).contains(new Standing(JobState.RUNNING, 50, 0, 0, 1));
        change("j1", new JobWish(JobState.PAUSED, OptionalInt.of(9), OptionalInt.empty(), OptionalInt.empty(), false));

        Progress further = new Progress(3, 2, 4, Map.of("doubled", 1L));
        assertThat(report(taken, further, null)).contains(new Standing(JobState.PAUSED, 9, 0, 0, 1));
        assertThat(job("j1").progress()).isEqualTo(further);
        want("j1", JobState.RUNNING);
        TakenJob again = taken(LONG);
        assertThat(again.run()).isEqualTo(2);
        assertThat(again.job().progress()).isEqualTo(further);
    }

    @Test
    void whatWasSentWhileItWasCancelledCounts() {
        queue("j1");
        TakenJob taken = taken(LONG);
        want("j1", JobState.CANCELLED);
        Progress further = new Progress(3, 3, 3, Map.of());
        assertThat(report(taken, further, JobState.DONE)).contains(new Standing(JobState.CANCELLED, 50, 0, 0, 1));
        assertThat(job("j1").progress()).isEqualTo(further);
        assertThat(job("j1").reason()).isEqualTo("requested");
    }

    // ---- who works on which ----

    @Test
    void jobsOfAProductRunOneAfterTheOtherInTheirOrder() {
        List.of("j2", "j1").forEach(this::queue);
        TakenJob first = taken(LONG);
        assertThat(first)
                .isEqualTo(new TakenJob(job("j1"), 1, bytes("push of j1"), 3, 0, true, 1))
                .satisfies(one -> assertThat(one.job().state()).isEqualTo(JobState.RUNNING));
        assertThat(take(LONG)).as("the second waits").isEmpty();
        assertThat(job("j2").state()).isEqualTo(JobState.QUEUED);

        report(first, new Progress(7, 7, 7, Map.of()), JobState.DONE);
        assertThat(job("j1").state()).isEqualTo(JobState.DONE);
        assertThat(taken(LONG).job().id()).isEqualTo("j2");
    }

    @Test
    void thoseOfOthersRunBesideThem() {
        queue("j1");
        MysqlJobsIT other = new MysqlJobsIT();
        other.queue("j2");
        assertThat(List.of(taken(LONG).job().id(), taken(LONG).job().id())).containsExactly("j1", "j2");
    }

    @Test
    void oneThatRestsLetsTheNextRun() {
        List.of("j1", "j2").forEach(this::queue);
        TakenJob first = taken(LONG);
        want("j1", JobState.PAUSED);
        assertThat(taken(LONG).job().id()).isEqualTo("j2");
        want("j1", JobState.RUNNING);
        report(first, first.job().progress(), null);
        assertThat(job("j1").state()).as("it waits for its turn").isEqualTo(JobState.QUEUED);
        assertThat(take(LONG)).isEmpty();
    }

    @Test
    void whoDoesNotReportIsFollowedByAnotherAndRefusedFromThenOn() {
        queue("j1");
        TakenJob dead = taken(NO_TIME);
        Progress further = new Progress(3, 3, 3, Map.of());
        TakenJob follower =
                Awaitility.await().until(() -> take(LONG), Optional::isPresent).orElseThrow();

        assertThat(follower.run()).isEqualTo(dead.run() + 1);
        assertThat(report(dead, further, JobState.DONE)).isEmpty();
        assertThat(runs.recalled(product, "j1", dead.run(), 1, true, LONG, soon()))
                .isEmpty();
        assertThat(job("j1").progress().done()).isZero();
        assertThat(report(follower, further, null)).isPresent();
        assertThat(job("j1").progress()).isEqualTo(further);
    }

    @Test
    void whoReportsHasItFurtherAndWhoGivesItBackHasNot() {
        queue("j1");
        TakenJob taken = taken(Duration.ofSeconds(1));
        report(taken, taken.job().progress(), null);
        Awaitility.await()
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(20))
                .until(() -> take(LONG).isEmpty());
        report(taken, new Report(taken.job().progress(), "why", null, NO_TIME, false));
        assertThat(job("j1").reason()).isEqualTo("why");
        Awaitility.await().until(() -> take(LONG).isPresent());
    }

    @Test
    void anOlderReportChangesNoCountsAndOneThatComesTooLateNothing() {
        queue("j1");
        TakenJob taken = taken(LONG);
        Progress newer = new Progress(6, 4, 4, Map.of("doubled", 2L));
        report(taken, newer, null);
        report(taken, new Progress(3, 3, 3, Map.of()), null);
        assertThat(job("j1").progress()).isEqualTo(newer);

        Deadline over = Deadline.after(Duration.ZERO);
        Report last = new Report(new Progress(7, 5, 5, Map.of("doubled", 2L)), "", JobState.DONE, LONG, false);
        assertCode(ErrorCode.DEADLINE_EXCEEDED, () -> runs.report(product, "j1", taken.run(), last, over));
        JobWish pause =
                new JobWish(JobState.PAUSED, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), false);
        assertCode(ErrorCode.DEADLINE_EXCEEDED, () -> jobs.change(product, "j1", pause, over));
        assertThat(job("j1").progress()).isEqualTo(newer);
        assertThat(job("j1").state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void whatIsGivenBackWaitsForItsTimeAndThenForItsTurn() throws SQLException {
        queue("j1");
        MysqlJobsIT other = new MysqlJobsIT();
        TakenJob first = taken(LONG);
        assertThat(first.givenBack()).isTrue();
        Progress told = new Progress(3, 3, 3, Map.of());
        report(first, new Report(told, "PRODUCT_RATE_EXCEEDED", null, Duration.ofSeconds(2), true));
        assertThat(take(LONG)).as("it rests").isEmpty();
        other.queue("j2");
        Awaitility.await()
                .until(() -> count("SELECT COUNT(*) FROM job WHERE run_until_ms <= UNIX_TIMESTAMP() * 1000") == 2);
        assertThat(taken(LONG).job().id()).as("who waits longer").isEqualTo("j2");

        TakenJob again = taken(NO_TIME);
        assertThat(again.job().id()).isEqualTo("j1");
        assertThat(again.job().progress()).isEqualTo(told);
        assertThat(again.givenBack()).isTrue();
        TakenJob after =
                Awaitility.await().until(() -> take(LONG), Optional::isPresent).orElseThrow();
        assertThat(after.givenBack()).as("nobody knows what it did").isFalse();
    }

    @Test
    void whoHasAPlaceForARecallGetsNothingToSendAndTheOtherWayRound() throws SQLException {
        List.of("j1", "j2").forEach(this::queue);
        want("j1", JobState.CANCELLED);
        change("j1", new JobWish(null, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), true));
        assertThat(runs.take("center-1", TakeWhat.TO_RECALL, LONG, now, IN_TIME))
                .hasValueSatisfying(taken -> assertThat(taken.job().id()).isEqualTo("j1"));
        assertThat(runs.take("center-1", TakeWhat.TO_RECALL, LONG, now, IN_TIME))
                .isEmpty();
        assertThat(runs.take("center-1", TakeWhat.TO_SEND, LONG, now, IN_TIME))
                .hasValueSatisfying(taken -> assertThat(taken.job().id()).isEqualTo("j2"));
        assertThat(runs.take("center-1", TakeWhat.TO_SEND, LONG, now, IN_TIME)).isEmpty();
        queue("j3");
        sql("UPDATE job SET run_until_ms = 0 WHERE id = 'j1'");
        want("j2", JobState.CANCELLED);
        assertThat(runs.take("center-1", TakeWhat.TO_SEND, LONG, now, IN_TIME))
                .hasValueSatisfying(taken -> assertThat(taken.job().id()).isEqualTo("j3"));
    }

    /** As a saver does that is stopped in the middle of a commit. */
    @Test
    void aRowThatSomebodyHoldsKeepsNobodyFromTheOthers() throws SQLException {
        List.of("held", "j2").forEach(this::queue);
        MysqlJobsIT other = new MysqlJobsIT();
        other.queue("j3");
        try (Connection stopped = DriverManager.getConnection(mysql.jdbcUrl())) {
            stopped.setAutoCommit(false);
            MysqlJobTable.update(
                    stopped,
                    "UPDATE job SET running = product, state = 2, run = 1, run_until_ms = ? WHERE id = 'held'",
                    now + HOUR_MS);
            long began = System.nanoTime();
            assertThat(taken(LONG).job().id()).isEqualTo("j3");
            assertThat(take(LONG))
                    .as("another one of its product is being taken")
                    .isEmpty();
            assertThat(runs.take("center-1", TakeWhat.ANY, LONG, now + 2 * HOUR_MS, IN_TIME))
                    .isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(2_500));
            assertThat(job("j2").reason()).isEqualTo("ttl");
            stopped.rollback();
        }
        assertThat(job("held").state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void whoAskedTooLongAgoGetsNothingSoThatTheNextOneDoes() {
        queue("j1");

        assertThatThrownBy(() -> runs.take("center-1", TakeWhat.ANY, LONG, now, Deadline.afterMillis(0)))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));

        assertThat(taken(LONG).job().id()).isEqualTo("j1");
    }

    @Test
    void ofManyWhoAskOneGetsIt() {
        queue("j1");
        List<CompletableFuture<Optional<TakenJob>>> asked = IntStream.range(0, 8)
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> take(LONG), Thread::startVirtualThread))
                .toList();
        assertThat(asked.stream().map(CompletableFuture::join).filter(Optional::isPresent))
                .hasSize(1);
    }

    @Test
    void whatWaitsUntilItsTimeIsOverIsCancelled() {
        List.of("j1", "j2").forEach(this::queue);
        want("j2", JobState.PAUSED);
        assertThat(runs.take("center-1", TakeWhat.ANY, LONG, now + HOUR_MS, IN_TIME))
                .isEmpty();
        for (String id : List.of("j1", "j2")) {
            assertThat(job(id).state()).isEqualTo(JobState.CANCELLED);
            assertThat(job(id).reason()).isEqualTo("ttl");
        }
    }

    // ---- recall ----

    @Test
    void oneThatEndedIsRecalledFromWhereThatWasLeft() {
        queue("j1");
        TakenJob sent = taken(LONG);
        report(sent, new Progress(7, 7, 7, Map.of()), JobState.DONE);
        assertThat(take(LONG)).isEmpty();

        Job wanted =
                change("j1", new JobWish(null, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), true));
        assertThat(wanted.state()).isEqualTo(JobState.DONE);
        assertThat(wanted.recalled()).isTrue();
        TakenJob dead = taken(NO_TIME);
        assertThat(dead.recalled()).isZero();
        assertThat(runs.recalled(product, "j1", dead.run(), 3, false, NO_TIME, soon()))
                .contains(new Standing(JobState.DONE, 50, 0, 0, 1));
        TakenJob follower =
                Awaitility.await().until(() -> take(LONG), Optional::isPresent).orElseThrow();
        assertThat(follower.recalled()).isEqualTo(3);
        runs.recalled(product, "j1", follower.run(), 7, true, LONG, soon());
        assertThat(take(LONG)).isEmpty();
        change("j1", new JobWish(null, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), true));
        assertThat(take(LONG)).as("it was recalled").isEmpty();
    }

    @Test
    void oneThatRunsIsCancelledFirstAndRecalledWhenNobodySendsIt() {
        queue("j1");
        queue("j2");
        TakenJob sender = taken(LONG);
        assertThat(change("j1", new JobWish(null, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), true))
                        .state())
                .isEqualTo(JobState.CANCELLED);
        TakenJob next = taken(LONG);
        assertThat(next.job().id()).isEqualTo("j2");
        assertThat(take(LONG)).as("it is still being sent").isEmpty();

        assertThat(job("j1").held()).isTrue();
        report(sender, new Progress(3, 3, 3, Map.of()), null);
        assertThat(take(LONG)).as("it tells of what it was at").isEmpty();
        report(sender, new Progress(4, 4, 4, Map.of()), JobState.CANCELLED);
        assertThat(job("j1").held()).isFalse();
        TakenJob recalled = taken(LONG);
        assertThat(recalled.job().id()).isEqualTo("j1");
        assertThat(recalled.job().progress().done()).isEqualTo(4);
        assertThat(job("j2").state()).as("another one runs beside it").isEqualTo(JobState.RUNNING);
    }

    // ---- what is left of them ----

    @Test
    void whatEndedMoreThanADayAgoIsDeletedAndListsThatNobodySendsAnyMore() throws SQLException {
        upload("coming", "m1", 3);
        upload("abandoned", "m2", 3);
        List.of("waits", "ended", "forgotten", "to-recall").forEach(this::queue);
        List.of("ended", "forgotten", "to-recall").forEach(id -> want(id, JobState.CANCELLED));
        change("to-recall", new JobWish(null, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), true));
        sql("UPDATE job SET over_at_ms = ? WHERE id IN ('forgotten', 'to-recall', 'waits')", now - 27 * HOUR_MS);
        sql("UPDATE job SET over_at_ms = ? WHERE id = 'ended'", now - 25 * HOUR_MS);
        sql("UPDATE job SET over_at_ms = ? WHERE id = 'abandoned'", now - HOUR_MS);

        new MysqlJobPurge(database).run(new Mine());

        assertThat(jobs.page(product, "", 10)).extracting(Job::id).containsExactly("waits", "to-recall", "ended");
        assertThat(count("SELECT COUNT(*) FROM job WHERE id = 'coming'")).isEqualTo(1);
        assertThat(count("SELECT COUNT(*) FROM job")).isEqualTo(4);
        assertThat(count("SELECT COUNT(*) FROM job_part")).isEqualTo(4 * 3);
    }

    private static final class Mine implements Lease {
        @Override
        public long fencing() {
            return 1;
        }

        @Override
        public boolean valid() {
            return true;
        }

        @Override
        public void close() {}
    }
}
