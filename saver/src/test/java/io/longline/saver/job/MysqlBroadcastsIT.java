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
import java.util.ArrayList;
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

/** Broadcasts in MySQL: which one of a topic may begin, who works on it, what back ends and rooms make of it, and what is left of it. */
@Timeout(180)
final class MysqlBroadcastsIT {
    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static final long HOUR_MS = 3_600_000;
    private static final int CANARY = 100;
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration NO_TIME = Duration.ofMillis(1);
    private static final AtomicInteger names = new AtomicInteger();
    private static MysqlDatabase database;
    private static MysqlDatabase otherDatabase;
    private static MysqlJobs jobs;
    private static MysqlJobLists lists;
    private static MysqlJobRuns runs;
    private static MysqlJobRuns runsOfOther;
    private static MysqlBroadcasts broadcasts;

    private static final ByteRate BYTES = new ByteRate(90_000, 164);

    private final String product = "shop-" + names.incrementAndGet();
    private final long now = System.currentTimeMillis();

    @BeforeAll
    static void open() {
        database = database();
        otherDatabase = database();
        jobs = new MysqlJobs(database);
        lists = new MysqlJobLists(database);
        runs = new MysqlJobRuns(database);
        runsOfOther = new MysqlJobRuns(otherDatabase);
        broadcasts = new MysqlBroadcasts(database);
    }

    /** As each saver has one. */
    private static MysqlDatabase database() {
        MysqlDatabase opened = new MysqlDatabase(
                new JournalConfig(mysql.jdbcUrl(), 12, 1, 1, 1, Duration.ofSeconds(20), Duration.ZERO));
        opened.start();
        assertThat(opened.awaitReady(Deadline.after(Duration.ofSeconds(60)))).isTrue();
        return opened;
    }

    @AfterAll
    static void close() {
        otherDatabase.close();
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

    /** The lease of whoever has it is over. */
    private static void letGo(String id) throws SQLException {
        assertThat(sql("UPDATE job SET run_until_ms = 1 WHERE id = ?", id)).isEqualTo(1);
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private NewJob fresh(String id, String messageId, String body, Broadcast broadcast) {
        Job job = new Job(
                product,
                id,
                messageId,
                JobState.QUEUED,
                now,
                now + HOUR_MS,
                50,
                broadcast.hasTopic() ? 0 : 1,
                new Progress(0, 0, 0, Map.of()),
                "",
                false,
                false,
                broadcast,
                null);
        return new NewJob(job, bytes(body), bytes("push of " + id), 1);
    }

    private Job queue(String id, String topic, int canary) {
        return broadcasts.submit(fresh(id, "message of " + id, "body", Broadcast.fresh(topic, canary, ByteRate.NONE)));
    }

    private Job queue(String id) {
        return queue(id, "*", 0);
    }

    private Job queueList(String id) {
        lists.append(product, id, "message of " + id, 0, bytes("targets"));
        return jobs.submit(fresh(id, "message of " + id, "body", Broadcast.NONE));
    }

    private Job job(String id) {
        return jobs.byId(product, id);
    }

    private JobState state(String id) {
        return job(id).state();
    }

    private static Optional<TakenJob> take(TakeWhat what, Duration lease) {
        return runs.take("center-1", what, lease, System.currentTimeMillis(), soon());
    }

    private static Optional<TakenJob> take() {
        return take(TakeWhat.TO_BROADCAST, LONG);
    }

    private static TakenJob taken() {
        return take().orElseThrow();
    }

    private static TakenJob taken(String id) {
        TakenJob taken = taken();
        assertThat(taken.job().id()).isEqualTo(id);
        return taken;
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private Job change(String id, @Nullable JobState state, @Nullable Integer canary, boolean recall) {
        OptionalInt permille = canary == null ? OptionalInt.empty() : OptionalInt.of(canary);
        return jobs.change(
                product, id, new JobWish(state, OptionalInt.empty(), OptionalInt.empty(), permille, recall), soon());
    }

    private Job want(String id, JobState state) {
        return change(id, state, null, false);
    }

    private Optional<Standing> tell(TakenJob taken, BroadcastReport report) {
        return broadcasts.report(product, taken.job().id(), taken.run(), report, soon());
    }

    private Standing report(TakenJob taken, @Nullable JobState end) {
        return tell(taken, new BroadcastReport(7, Map.of(), "", end, LONG, false))
                .orElseThrow();
    }

    private Standing giveBack(TakenJob taken, Duration rest) {
        return tell(taken, new BroadcastReport(7, Map.of(), "", null, rest, true))
                .orElseThrow();
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    // ---- as they come ----

    @Test
    void itIsQueuedAtOnceAndKnownByItsMessage() {
        NewJob fresh = fresh("j1", "m1", "body", Broadcast.fresh("*news", CANARY, BYTES));
        Job queued = broadcasts.submit(fresh);

        assertThat(queued).isEqualTo(fresh.job()).isEqualTo(job("j1"));
        assertThat(broadcasts.submit(fresh)).as("asked again").isEqualTo(queued);
        assertThat(jobs.byMessage(product, "m1")).isEqualTo(new KnownJob(queued, bytes("body")));
        assertThat(taken())
                .isEqualTo(new TakenJob(job("j1"), 1, bytes("push of j1"), 1, 0, true, 1))
                .satisfies(taken -> assertThat(taken.job().broadcast().begun()).isTrue());
        assertThat(broadcasts.submit(fresh).state()).as("asked again").isEqualTo(JobState.RUNNING);
    }

    @Test
    void oneJobForEachMessageIdWhetherItHasAListOrNot() {
        Job first = queue("j1");
        Broadcast same = Broadcast.fresh("*", 0, ByteRate.NONE);
        assertThat(broadcasts.submit(fresh("j2", "message of j1", "body", same)))
                .isEqualTo(first);
        assertCode(
                ErrorCode.IDEMPOTENCY_CONFLICT, () -> broadcasts.submit(fresh("j3", "message of j1", "another", same)));
        lists.append(product, "j4", "message of j1", 0, bytes("targets"));
        assertCode(
                ErrorCode.IDEMPOTENCY_CONFLICT,
                () -> jobs.submit(fresh("j4", "message of j1", "a list", Broadcast.NONE)));
        Job list = queueList("j5");
        assertCode(
                ErrorCode.IDEMPOTENCY_CONFLICT,
                () -> broadcasts.submit(fresh("j6", list.messageId(), "another", same)));
        assertThat(jobs.page(product, "", 10)).extracting(Job::id).containsExactly("j5", "j1");
    }

    @Test
    void ofTwoAtTheSameMomentToo() {
        List<CompletableFuture<String>> queued = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> broadcasts
                                .submit(fresh("j" + i, "m1", "body", Broadcast.fresh("*", 0, ByteRate.NONE)))
                                .id(),
                        Thread::startVirtualThread))
                .toList();
        assertThat(queued.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    }

    @Test
    void itCountsAmongTheOpenJobsOfItsProductUntilItEnds() {
        for (int i = 0; i < MysqlJobLists.MOST_OPEN; i++) {
            queue("j" + i);
        }
        assertCode(ErrorCode.QUEUE_FULL, () -> queue("more"));
        assertCode(ErrorCode.QUEUE_FULL, () -> queueList("list"));
        assertThat(queue("j0").id()).as("what is asked again needs no room").isEqualTo("j0");
        want("j0", JobState.CANCELLED);
        queue("more");
    }

    // ---- which one may begin ----

    @Test
    void ofATopicOneAtATimeInTheOrderOfTheirIds() {
        List.of("j2", "j3", "j1").forEach(this::queue);
        for (String id : List.of("j1", "j2", "j3")) {
            TakenJob taken = taken(id);
            assertThat(take()).as("the others wait").isEmpty();
            assertThat(report(taken, JobState.DONE).state()).isEqualTo(JobState.DONE);
        }
        assertThat(take()).isEmpty();
        assertThat(job("j3").held()).isFalse();
    }

    @Test
    void thoseOfOtherTopicsAndProductsRunBesideIt() {
        queue("j1", "*", 0);
        queue("j2", "*urgent", 0);
        new MysqlBroadcastsIT().queue("j3");
        assertThat(List.of(taken().job().id(), taken().job().id(), taken().job().id()))
                .containsExactly("j1", "j2", "j3");
        assertThat(take()).isEmpty();
    }

    @Test
    void aListOfTheProductRunsBesideItAndNobodyIsGivenTheOtherKind() {
        queue("j1");
        queueList("j2");
        assertThat(take(TakeWhat.TO_SEND, LONG)).hasValueSatisfying(taken -> {
            assertThat(taken.job().id()).isEqualTo("j2");
            assertThat(taken.sharing()).isEqualTo(1);
        });
        assertThat(take(TakeWhat.TO_SEND, LONG)).isEmpty();
        assertThat(take(TakeWhat.ANY, LONG)).isEmpty();
        assertThat(take(TakeWhat.TO_RECALL, LONG)).isEmpty();
        assertThat(taken("j1").sharing()).isEqualTo(2);
    }

    @Test
    void oneThatRestsBeforeItHasBegunIsPassedOver() {
        List.of("j1", "j2", "j3").forEach(this::queue);
        want("j1", JobState.PAUSED);
        TakenJob second = taken("j2");
        assertThat(want("j1", JobState.RUNNING).state()).isEqualTo(JobState.QUEUED);
        assertThat(take()).isEmpty();
        report(second, JobState.DONE);
        taken("j1");
    }

    @Test
    void oneThatRestsAfterItHasBegunKeepsTheLaterOnesWaiting() {
        List.of("j1", "j2").forEach(this::queue);
        TakenJob first = taken("j1");
        want("j1", JobState.PAUSED);
        assertThat(report(first, null).state()).isEqualTo(JobState.PAUSED);
        assertThat(job("j1").held()).as("rooms are still to be told").isTrue();
        giveBack(first, NO_TIME);
        assertThat(take()).isEmpty();

        assertThat(want("j1", JobState.RUNNING).state()).isEqualTo(JobState.RUNNING);
        assertThat(state("j2")).isEqualTo(JobState.QUEUED);
        TakenJob again = Awaitility.await()
                .until(MysqlBroadcastsIT::take, Optional::isPresent)
                .orElseThrow();
        assertThat(again.job().id()).isEqualTo("j1");
        assertThat(again.run()).isEqualTo(2);
        assertThat(again.givenBack()).isTrue();
        assertThat(again.job().broadcast().offset()).isEqualTo(7);
    }

    @Test
    void oneThatGoesOnBeforeItsOwnerHeardOfTheRestIsNobodyElses() {
        queue("j1");
        TakenJob taken = taken("j1");
        want("j1", JobState.PAUSED);
        want("j1", JobState.RUNNING);
        assertThat(take()).isEmpty();
        assertThat(report(taken, null).state()).isEqualTo(JobState.RUNNING);
    }

    // ---- pace ----

    @Test
    void itsPaceInBytesIsKeptAndChangedWhileItRunsAndNothingElseWithIt() {
        broadcasts.submit(fresh("j1", "m1", "body", Broadcast.fresh("*", CANARY, BYTES)));
        TakenJob taken = taken("j1");
        assertThat(report(taken, null)).isEqualTo(new Standing(JobState.RUNNING, 50, 90_000, CANARY, 1));

        Job slower = bytes("j1", 4_000);
        assertThat(slower.broadcast().bytes()).isEqualTo(new ByteRate(4_000, 164));
        assertThat(slower.state()).isEqualTo(JobState.RUNNING);
        assertThat(report(taken, null)).isEqualTo(new Standing(JobState.RUNNING, 50, 4_000, CANARY, 1));
        want("j1", JobState.PAUSED);
        assertThat(bytes("j1", 0).state()).isEqualTo(JobState.PAUSED);
        assertThat(job("j1").broadcast().bytes()).isEqualTo(new ByteRate(0, 164));
        want("j1", JobState.CANCELLED);
        assertCode(ErrorCode.JOB_STATE_CONFLICT, () -> bytes("j1", 5));

        queueList("j2");
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> bytes("j2", 5));
    }

    private Job bytes(String id, int perS) {
        JobWish wish = new JobWish(null, OptionalInt.empty(), OptionalInt.of(perS), OptionalInt.empty(), false);
        return jobs.change(product, id, wish, soon());
    }

    // ---- canaries ----

    @Test
    void itHoldsWhenItsCanaryHasItUntilMoreUsersAreToHaveIt() {
        queue("j1", "*", CANARY);
        queue("j2");
        TakenJob taken = taken("j1");
        assertThat(report(taken, null)).isEqualTo(new Standing(JobState.RUNNING, 50, 0, CANARY, 1));
        assertThat(report(taken, JobState.HOLDING).state()).isEqualTo(JobState.HOLDING);
        assertThat(job("j1").held()).isFalse();
        assertThat(take()).as("it keeps its topic").isEmpty();

        assertThat(change("j1", null, CANARY, false).state()).isEqualTo(JobState.HOLDING);
        assertThat(change("j1", null, 50, false).state()).as("fewer").isEqualTo(JobState.HOLDING);
        assertThat(change("j1", null, 60, false).state()).isEqualTo(JobState.RUNNING);
        TakenJob more = taken("j1");
        assertThat(more.job().broadcast().canaryPermille()).isEqualTo(60);
        assertThat(more.givenBack()).as("nobody said that no room sends").isFalse();
        tell(more, new BroadcastReport(7, Map.of(), "", JobState.HOLDING, LONG, true));

        assertThat(want("j1", JobState.RUNNING))
                .satisfies(everybody ->
                        assertThat(everybody.broadcast().canaryPermille()).isZero())
                .satisfies(everybody -> assertThat(everybody.state()).isEqualTo(JobState.RUNNING));
        assertThat(taken("j1").givenBack()).isTrue();
    }

    @Test
    void whoRunsKeepsItsCanaryThroughARest() {
        queue("j1", "*", CANARY);
        TakenJob taken = taken("j1");
        want("j1", JobState.RUNNING);
        want("j1", JobState.PAUSED);
        want("j1", JobState.RUNNING);
        assertThat(report(taken, null)).isEqualTo(new Standing(JobState.RUNNING, 50, 0, CANARY, 1));
    }

    @Test
    void oneThatHoldsRestsAndGoesOnAsItWas() {
        queue("j1", "*", CANARY);
        report(taken("j1"), JobState.HOLDING);
        assertThat(want("j1", JobState.PAUSED).state()).isEqualTo(JobState.PAUSED);
        assertThat(take()).isEmpty();
        assertThat(want("j1", JobState.RUNNING).state()).isEqualTo(JobState.RUNNING);
        assertThat(taken("j1").job().broadcast().canaryPermille()).isEqualTo(CANARY);
    }

    @Test
    void itDoesNotHoldForThoseWhoAreToHaveItByNow() {
        queue("j1", "*", CANARY);
        TakenJob taken = taken("j1");
        change("j1", null, 300, false);
        BroadcastReport holds = new BroadcastReport(7, Map.of(), "", JobState.HOLDING, LONG, true);
        for (int asked = 0; asked < 2; asked++) {
            assertThat(tell(taken, holds))
                    .as("an answer may be lost")
                    .contains(new Standing(JobState.RUNNING, 50, 0, 300, 1));
        }
        assertThat(take()).as("it is its owner's further").isEmpty();
        report(taken, null);
        assertThat(report(taken, JobState.HOLDING).state()).isEqualTo(JobState.HOLDING);

        change("j1", null, 0, false);
        TakenJob everybody = taken("j1");
        assertThat(everybody.givenBack()).isFalse();
        assertThat(report(everybody, JobState.HOLDING).state())
                .as("everybody is no canary")
                .isEqualTo(JobState.RUNNING);
    }

    @Test
    void oneThatIsToRestDoesNotHold() {
        queue("j1", "*", CANARY);
        TakenJob taken = taken("j1");
        want("j1", JobState.PAUSED);
        assertThat(report(taken, JobState.HOLDING).state()).isEqualTo(JobState.PAUSED);
    }

    @Test
    void aListHasNoCanary() {
        queueList("j1");
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> change("j1", null, 1, false));
        assertThat(state("j1")).isEqualTo(JobState.QUEUED);
    }

    // ---- ends ----

    @Test
    void oneThatIsCancelledBeforeItHasBegunIsOver() {
        List.of("j1", "j2", "j3").forEach(this::queue);
        want("j2", JobState.PAUSED);
        for (String id : List.of("j1", "j2")) {
            Job ended = want(id, JobState.CANCELLED);
            assertThat(ended.state()).isEqualTo(JobState.CANCELLED);
            assertThat(ended.reason()).isEqualTo("requested");
            assertThat(want(id, JobState.CANCELLED)).as("a repeated request").isEqualTo(ended);
            assertCode(ErrorCode.JOB_STATE_CONFLICT, () -> want(id, JobState.RUNNING));
            assertCode(ErrorCode.JOB_STATE_CONFLICT, () -> change(id, JobState.CANCELLED, 5, false));
        }
        taken("j3");
        assertThat(take()).isEmpty();
    }

    @Test
    void oneThatRunsIsSettledByWhoeverHasIt() {
        List.of("j1", "j2").forEach(this::queue);
        TakenJob taken = taken("j1");
        want("j1", JobState.CANCELLED);
        assertThat(report(taken, null).state()).isEqualTo(JobState.CANCELLED);
        assertThat(job("j1").held()).isTrue();
        assertThat(take()).as("it is not settled").isEmpty();
        assertThat(report(taken, JobState.CANCELLED).state()).isEqualTo(JobState.CANCELLED);
        assertThat(job("j1").held()).isFalse();
        assertThat(job("j1").reason()).isEqualTo("requested");
        taken("j2");
    }

    @Test
    void oneThatRestsOrHoldsOrIsLeftAloneIsTakenToBeSettled() throws SQLException {
        queue("rests", "*1", 0);
        queue("holds", "*2", CANARY);
        queue("left", "*3", 0);
        for (String topic : List.of("*1", "*2", "*3")) {
            queue("zz-behind-" + topic.substring(1), topic, 0);
        }
        List<TakenJob> first = List.of(taken(), taken(), taken());
        assertThat(first).extracting(one -> one.job().id()).containsExactlyInAnyOrder("rests", "holds", "left");
        for (TakenJob one : first) {
            switch (one.job().id()) {
                case "rests" -> {
                    want("rests", JobState.PAUSED);
                    giveBack(one, NO_TIME);
                }
                case "holds" -> report(one, JobState.HOLDING);
                default -> letGo("left");
            }
        }
        letGo("rests");
        for (String id : List.of("rests", "holds", "left")) {
            want(id, JobState.CANCELLED);
        }

        List<TakenJob> ended = List.of(taken(), taken(), taken());
        assertThat(ended).extracting(one -> one.job().id()).containsExactlyInAnyOrder("rests", "holds", "left");
        assertThat(ended).extracting(one -> one.job().state()).containsOnly(JobState.CANCELLED);
        assertThat(ended).extracting(TakenJob::run).containsOnly(2L);
        assertThat(take()).as("their topics wait for that").isEmpty();
        ended.forEach(one -> report(one, JobState.CANCELLED));
        assertThat(List.of(taken(), taken(), taken()))
                .allSatisfy(one -> assertThat(one.job().id()).startsWith("zz-behind-"));
    }

    @Test
    void whoLeavesInTheMiddleOfTheEndIsFollowedByAnother() {
        queue("j1");
        TakenJob taken = taken("j1");
        want("j1", JobState.CANCELLED);
        giveBack(taken, NO_TIME);
        TakenJob again = Awaitility.await()
                .until(MysqlBroadcastsIT::take, Optional::isPresent)
                .orElseThrow();
        assertThat(again.job().state()).isEqualTo(JobState.CANCELLED);
        assertThat(tell(taken, new BroadcastReport(7, Map.of(), "", JobState.CANCELLED, LONG, false)))
                .isEmpty();
        report(again, JobState.CANCELLED);
        assertThat(take()).isEmpty();
    }

    @Test
    void oneThatWasOpenedWhenItWasCancelledIsTakenOnceMoreToBeRemoved() {
        List.of("j1", "j2").forEach(this::queue);
        TakenJob taken = taken("j1");
        want("j1", JobState.CANCELLED);
        assertThat(report(taken, JobState.DONE).state()).isEqualTo(JobState.CANCELLED);
        TakenJob again = taken("j1");
        assertThat(again.job().state()).isEqualTo(JobState.CANCELLED);
        report(again, JobState.CANCELLED);
        taken("j2");
    }

    @Test
    void oneThatFailsLetsTheNextOneBeginAndSaysWhy() {
        List.of("j1", "j2").forEach(this::queue);
        BroadcastReport failed = new BroadcastReport(7, Map.of(), "INTERNAL", JobState.FAILED, LONG, false);
        assertThat(tell(taken("j1"), failed)).contains(new Standing(JobState.FAILED, 50, 0, 0, 1));
        assertThat(job("j1").reason()).isEqualTo("INTERNAL");
        taken("j2");
    }

    @Test
    void whatWaitsOrIsLeftAloneUntilItsTimeIsOverIsCancelled() throws SQLException {
        queue("waits", "*1", 0);
        queue("never", "*2", 0);
        want("never", JobState.PAUSED);
        queue("rests", "*3", 0);
        queue("holds", "*4", CANARY);
        queue("runs", "*5", 0);
        queue("left", "*6", 0);
        want("waits", JobState.PAUSED);
        for (int i = 0; i < 4; i++) {
            TakenJob taken = taken();
            switch (taken.job().id()) {
                case "rests" -> want("rests", JobState.PAUSED);
                case "holds" -> report(taken, JobState.HOLDING);
                default -> assertThat(taken.job().id()).isIn("runs", "left");
            }
        }
        letGo("left");
        want("waits", JobState.RUNNING);
        letGo("rests");

        List<String> toSettle = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            TakenJob taken = runs.take("center-1", TakeWhat.TO_BROADCAST, LONG, now + HOUR_MS, soon())
                    .orElseThrow();
            toSettle.add(taken.job().id());
            report(taken, JobState.CANCELLED);
        }
        assertThat(toSettle).containsExactlyInAnyOrder("rests", "holds", "left");
        assertThat(runs.take("center-1", TakeWhat.TO_BROADCAST, LONG, now + HOUR_MS, soon()))
                .isEmpty();
        for (String id : List.of("waits", "never", "rests", "holds", "left")) {
            assertThat(state(id)).as(id).isEqualTo(JobState.CANCELLED);
            assertThat(job(id).reason()).as(id).isEqualTo("ttl");
        }
        assertThat(state("runs")).as("whoever has it knows what to do").isEqualTo(JobState.RUNNING);
    }

    // ---- who works on it ----

    @Test
    void whoDoesNotReportIsFollowedByAnotherAndRefusedFromThenOn() {
        queue("j1");
        TakenJob dead = take(TakeWhat.TO_BROADCAST, NO_TIME).orElseThrow();
        assertThat(dead.givenBack()).isTrue();
        TakenJob follower = Awaitility.await()
                .until(MysqlBroadcastsIT::take, Optional::isPresent)
                .orElseThrow();

        assertThat(follower.run()).isEqualTo(2);
        assertThat(follower.givenBack())
                .as("rooms may send on behalf of the dead")
                .isFalse();
        Map<String, RoomCounts> told = Map.of("room-1/5", new RoomCounts(9, 9, 9, 0));
        assertThat(tell(dead, new BroadcastReport(7, told, "", JobState.DONE, LONG, false)))
                .isEmpty();
        assertThat(job("j1").broadcast().rooms()).isEmpty();
        assertThat(report(follower, null).state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void whoReportsHasItFurther() throws SQLException {
        queue("j1");
        TakenJob taken = take(TakeWhat.TO_BROADCAST, Duration.ofSeconds(1)).orElseThrow();
        report(taken, null);
        long until = count("SELECT run_until_ms FROM job WHERE id = 'j1'");
        assertThat(until).isGreaterThan(now + LONG.toMillis() / 2);
        giveBack(taken, Duration.ofSeconds(2));
        assertThat(count("SELECT run_until_ms FROM job WHERE id = 'j1'")).isLessThan(until);
        assertThat(take()).as("it rests").isEmpty();
        TakenJob again = Awaitility.await()
                .until(MysqlBroadcastsIT::take, Optional::isPresent)
                .orElseThrow();
        assertThat(again.givenBack()).isTrue();
    }

    @Test
    void whatIsToldTooLateChangesNothing() {
        queue("j1");
        TakenJob taken = taken("j1");
        BroadcastReport done = new BroadcastReport(7, Map.of(), "", JobState.DONE, LONG, false);
        assertCode(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> broadcasts.report(product, "j1", taken.run(), done, Deadline.after(Duration.ZERO)));
        assertThat(state("j1")).isEqualTo(JobState.RUNNING);
    }

    @Test
    void whatIsToldOfTheOtherKindIsRefused() {
        queue("j1");
        queueList("j2");
        TakenJob broadcast = taken("j1");
        TakenJob list = take(TakeWhat.TO_SEND, LONG).orElseThrow();
        Report ofAList = new Report(list.job().progress(), "", JobState.DONE, LONG, false);
        BroadcastReport ofABroadcast = new BroadcastReport(7, Map.of(), "", JobState.DONE, LONG, false);
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> runs.report(product, "j1", broadcast.run(), ofAList, soon()));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> tell(list, ofABroadcast));
        assertThat(List.of(state("j1"), state("j2"))).containsOnly(JobState.RUNNING);
    }

    @Test
    void whatRoomsCountIsKeptAsTheyToldItAndAlsoAfterTheEnd() {
        queue("j1");
        TakenJob taken = taken("j1");
        Map<String, RoomCounts> first =
                Map.of("room-1/5", new RoomCounts(90, 40, 10, 50), "room-2/6", new RoomCounts(7, 7, 7, 0));
        tell(taken, new BroadcastReport(1L << 52, first, "why", null, LONG, false));
        assertThat(job("j1").broadcast()).isEqualTo(new Broadcast("*", 0, ByteRate.NONE, 0, true, 1L << 52, first));
        assertThat(job("j1").reason()).isEqualTo("why");

        Map<String, RoomCounts> late = Map.of("room-1/5", new RoomCounts(91, 30, 12, 0));
        tell(taken, new BroadcastReport(0, late, "", JobState.DONE, LONG, false));
        Map<String, RoomCounts> acked = Map.of("room-1/5", new RoomCounts(91, 91, 60, 0));
        assertThat(tell(taken, new BroadcastReport(1L << 52, acked, "", null, LONG, false)))
                .contains(new Standing(JobState.DONE, 50, 0, 0, 1));
        assertThat(job("j1").broadcast())
                .isEqualTo(new Broadcast(
                        "*",
                        0,
                        ByteRate.NONE,
                        0,
                        false,
                        1L << 52,
                        Map.of(
                                "room-1/5", new RoomCounts(91, 91, 60, 0),
                                "room-2/6", new RoomCounts(7, 7, 7, 0))));
        assertThat(job("j1").held()).as("a recall need not wait").isFalse();
    }

    @Test
    void whoWorksIsToldHowManyJobsOfTheProductRun() {
        queue("j1", "*1", 0);
        queue("j2", "*2", 0);
        queue("j3", "*3", 0);
        queueList("j4");
        new MysqlBroadcastsIT().queue("other");
        TakenJob first = taken("j1");
        TakenJob second = taken("j2");
        TakenJob third = taken("j3");
        assertThat(List.of(first.sharing(), second.sharing(), third.sharing())).containsExactly(1, 2, 3);
        TakenJob list = take(TakeWhat.TO_SEND, LONG).orElseThrow();
        assertThat(list.sharing()).isEqualTo(4);
        assertThat(taken("other").sharing()).isEqualTo(1);

        report(second, JobState.DONE);
        want("j3", JobState.PAUSED);
        assertThat(report(first, null).sharing())
                .as("rooms may still send the third")
                .isEqualTo(3);
        giveBack(third, NO_TIME);
        Awaitility.await().until(() -> report(first, null).sharing() == 2);
        Progress all = new Progress(1, 1, 1, Map.of());
        Optional<Standing> standing =
                runs.report(product, "j4", list.run(), new Report(all, "", null, LONG, false), soon());
        assertThat(standing).contains(new Standing(JobState.RUNNING, 50, 0, 0, 2));
    }

    @Test
    void ofTwoSaversAndManyWhoAskEachJobGoesToOneAndOfATopicTheFirst() {
        int topics = 5;
        for (int job = 0; job < 15; job++) {
            queue("j" + (10 + job), "*" + job % topics, 0);
        }
        List<String> began = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            List<CompletableFuture<List<TakenJob>>> asked = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> all(i % 2 == 0 ? runs : runsOfOther), Thread::startVirtualThread))
                    .toList();
            List<TakenJob> got = new ArrayList<>();
            asked.forEach(one -> got.addAll(one.join()));
            take().ifPresent(got::add); // who was in the way of all others may have had to give up itself
            assertThat(got).extracting(one -> one.job().broadcast().topic()).doesNotHaveDuplicates();
            assertThat(got).extracting(TakenJob::run).containsOnly(1L);
            got.stream().map(one -> one.job().id()).sorted().forEach(began::add);
            got.forEach(one -> report(one, JobState.DONE));
        }
        while (began.size() < 15) {
            TakenJob rest = taken();
            began.add(rest.job().id());
            report(rest, JobState.DONE);
        }
        for (int topic = 0; topic < topics; topic++) {
            int of = topic;
            assertThat(began.stream().filter(id -> (Integer.parseInt(id.substring(1)) - 10) % topics == of))
                    .isSorted();
        }
    }

    private static List<TakenJob> all(MysqlJobRuns saver) {
        List<TakenJob> got = new ArrayList<>();
        Optional<TakenJob> next = Optional.empty();
        do {
            next.ifPresent(got::add);
            next = saver.take("center", TakeWhat.TO_BROADCAST, LONG, System.currentTimeMillis(), soon());
        } while (next.isPresent());
        return got;
    }

    /** As a saver does that is stopped in the middle of a commit. */
    @Test
    void aRowThatSomebodyHoldsKeepsItsTopicWaitingAndNoOther() throws SQLException {
        List.of("held", "j2").forEach(this::queue);
        queue("j3", "*urgent", 0);
        try (Connection stopped = DriverManager.getConnection(mysql.jdbcUrl())) {
            stopped.setAutoCommit(false);
            MysqlJobTable.update(
                    stopped,
                    "UPDATE job SET running = CONCAT(product, '/', topic), state = 2, run = 1, run_until_ms = ? WHERE id = 'held'",
                    now + HOUR_MS);
            long began = System.nanoTime();
            taken("j3");
            assertThat(take()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(2_500));
            stopped.rollback();
        }
        taken("held");
    }

    // ---- recall ----

    @Test
    void oneThatEndedIsRecalledOnce() {
        queue("j1");
        TakenJob taken = taken("j1");
        report(taken, JobState.DONE);
        assertThat(take(TakeWhat.TO_RECALL, LONG)).isEmpty();
        Job wanted = change("j1", null, null, true);
        assertThat(wanted.state()).isEqualTo(JobState.DONE);
        assertThat(wanted.recalled()).isTrue();

        assertThat(take()).as("its log is as its end wants it").isEmpty();
        assertThat(take(TakeWhat.ANY, LONG)).as("who knows of lists alone").isEmpty();
        TakenJob recalled = take(TakeWhat.TO_RECALL, LONG).orElseThrow();
        assertThat(recalled.job().broadcast().offset()).isEqualTo(7);
        assertThat(tell(taken, new BroadcastReport(7, Map.of(), "", null, LONG, false)))
                .as("what rooms count is of no interest any more")
                .isEmpty();
        runs.recalled(product, "j1", recalled.run(), 0, true, LONG, soon());
        change("j1", null, null, true);
        assertThat(take(TakeWhat.TO_RECALL, LONG)).isEmpty();
    }

    @Test
    void oneThatRunsIsSettledFirst() {
        List.of("j1", "j2").forEach(this::queue);
        TakenJob taken = taken("j1");
        assertThat(change("j1", null, null, true).state()).isEqualTo(JobState.CANCELLED);
        assertThat(take(TakeWhat.TO_RECALL, LONG)).isEmpty();
        report(taken, JobState.CANCELLED);
        taken("j2");
        assertThat(take(TakeWhat.TO_RECALL, LONG))
                .hasValueSatisfying(one -> assertThat(one.job().id()).isEqualTo("j1"));
    }

    @Test
    void ofOneThatNeverBeganThereIsNothingToRecall() {
        queue("j1");
        Job recalled = change("j1", null, null, true);
        assertThat(recalled.state()).isEqualTo(JobState.CANCELLED);
        assertThat(recalled.recalled()).isTrue();
        assertThat(take(TakeWhat.TO_RECALL, LONG)).isEmpty();
    }

    // ---- what is left of them ----

    @Test
    void whatEndedMoreThanADayAgoIsDeletedUnlessItIsToBeSettled() throws SQLException {
        queue("ended", "*1", 0);
        queue("unsettled", "*2", 0);
        queue("open", "*3", 0);
        report(taken("ended"), JobState.DONE);
        List.of(taken(), taken());
        want("unsettled", JobState.CANCELLED);
        sql("UPDATE job SET over_at_ms = ?", now - 27 * HOUR_MS);

        new MysqlJobPurge(database).run(new Mine());

        assertThat(jobs.page(product, "", 10)).extracting(Job::id).containsExactly("unsettled", "open");
        assertThat(queue("ended", "*1", 0).state()).as("its message id is free").isEqualTo(JobState.QUEUED);
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
