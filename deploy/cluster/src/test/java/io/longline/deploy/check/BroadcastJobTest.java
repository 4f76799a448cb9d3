package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.BroadcastSending;
import io.longline.deploy.check.history.BroadcastState;
import io.longline.deploy.check.history.BroadcastWish;
import io.longline.deploy.check.history.Fault;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** What back ends are told of broadcasts: promises 2, 3, 8, 9, 10 and 15. */
final class BroadcastJobTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final BroadcastTale cast = new BroadcastTale();
    private final Tale tale = cast.tale;

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    // ---- promise 10: its end ----

    @Test
    void whatWasAcceptedIsFinished() {
        BroadcastSending send = cast.taken();
        cast.is(send, BroadcastTale.open("running", 10));
        assertThat(tale.verdict()).containsExactly("10: was accepted, and is not finished");
        cast.answered(cast.broadcast(), 1, Tale.unavailable(), "");
        cast.is(send, BroadcastTale.done(10));
        assertThat(tale.verdict()).hasSize(1);
    }

    @Test
    void itDoesNotEndUnasked() {
        cast.is(cast.taken(), BroadcastTale.cancelled("requested"));
        assertBroken("9: was cancelled, and nobody asked for it");
    }

    @Test
    void itEndsWithItsTimeToLiveAndNotBefore() {
        BroadcastSending send = cast.taken(cast.broadcast(SECOND, true, 0));
        BroadcastSending other = cast.taken(cast.broadcast(Duration.ofSeconds(9), true, 0));
        cast.passes(SECOND).is(send, BroadcastTale.cancelled("ttl"));
        verdict().containsExactly("10: was accepted, and is not finished");
        cast.is(other, BroadcastTale.cancelled("ttl"));
        assertThat(tale.verdict()).contains("9: was cancelled, and nobody asked for it");
    }

    @Test
    void itDoesNotFail() {
        cast.is(cast.taken(), new BroadcastState("failed", "INTERNAL", 0, 0, 0, 0, 0, 0));
        assertBroken("10: failed (INTERNAL)");
    }

    @Test
    void anEndIsForGood() {
        BroadcastSending send = cast.done(cast.broadcast(), 10);
        cast.is(send, BroadcastTale.open("running", 10));
        assertBroken("10: was done for good, and is now running");
    }

    @Test
    void whatIsCalledEndedHasEnded() {
        BroadcastSending send = cast.taken();
        cast.cannotChange(send, BroadcastWish.state("paused")).is(send, BroadcastTale.done(10));
        verdict().isEmpty();

        BroadcastSending other = cast.taken();
        cast.cannotChange(other, BroadcastWish.state("paused")).is(other, BroadcastTale.open("running", 11));
        cast.is(other, BroadcastTale.done(11));
        assertBroken("10: could not be changed as it had ended, and is running");
    }

    @Test
    void whatIsCancelledIsCalledSo() {
        BroadcastSending send = cast.taken();
        cast.changes(send, BroadcastWish.state("cancelled"), BroadcastTale.open("running", 10));
        cast.is(send, BroadcastTale.cancelled("requested"));
        assertBroken("10: is cancelled, and called running");
    }

    // ---- promise 10: its turn ----

    @Test
    void ofOneTopicTheyBeginInTheOrderInWhichTheyCame() {
        BroadcastSending first = cast.taken();
        BroadcastSending second = cast.taken();
        cast.is(second, BroadcastTale.done(10)).is(first, BroadcastTale.done(11));
        assertBroken("10: began before message 0, which was taken before it was sent");
    }

    @Test
    void whatRestedBeforeItBeganMayBePassedOver() {
        BroadcastSending first = cast.taken();
        cast.changes(first, BroadcastWish.state("paused"), new BroadcastState("paused", "", 0, 0, 0, 0, 0, 0));
        BroadcastSending second = cast.taken();
        cast.is(second, BroadcastTale.done(10));
        cast.changes(first, BroadcastWish.state("running"), BroadcastTale.queued());
        cast.is(first, BroadcastTale.done(11));
        verdict().isEmpty();
    }

    @Test
    void whatIsSentLaterHasAHigherOffsetOfItsOwn() {
        cast.done(cast.broadcast(), 10);
        cast.done(cast.broadcast(), 9);
        assertThat(tale.verdict()).anyMatch(said -> said.startsWith("2: offset 9 is not above 10"));
        cast.done(cast.broadcast(), 9);
        assertThat(tale.verdict()).anyMatch(said -> said.startsWith("3: offset 9 was given to message 1 before"));
    }

    // ---- promise 10: its rate and its counts ----

    private void arriveAt(BroadcastSending send, int count) {
        for (int i = 0; i < count; i++) {
            cast.arrives(tale.bound(BroadcastTale.somebody(i), i + 1, 0), send, 10);
        }
    }

    private static BroadcastState running(int targeted, int sent) {
        return new BroadcastState("running", "", 10, targeted, sent, 0, 0, targeted - sent);
    }

    private static BroadcastState done(int targeted, int sent) {
        return new BroadcastState("done", "", 10, targeted, sent, 0, targeted - sent, 0);
    }

    @Test
    void itComesToNoMoreThanItsRateLets() {
        BroadcastSending send = cast.taken(cast.broadcast(Duration.ofDays(1), true, 5));
        cast.is(send, BroadcastTale.queued()).passes(SECOND);
        arriveAt(send, 10);
        cast.is(send, running(30, 10)).is(send, done(30, 30));
        verdict().isEmpty();
    }

    @Test
    void moreThanItsRateIsFound() {
        BroadcastSending send = cast.taken(cast.broadcast(Duration.ofDays(1), true, 5));
        cast.passes(Duration.ofSeconds(9)).is(send, BroadcastTale.queued()).passes(SECOND);
        arriveAt(send, 12);
        cast.is(send, running(30, 12)).is(send, done(30, 30));
        assertBroken("10: came to 12 sessions, and its rate lets 11 have it by then");
    }

    @Test
    void aHigherRateCountsFromWhenItIsWished() {
        BroadcastSending send = cast.taken(cast.broadcast(Duration.ofDays(1), true, 5));
        cast.is(send, BroadcastTale.queued()).maybeChanges(send, BroadcastWish.rate(50));
        arriveAt(send, 40);
        cast.is(send, running(90, 40)).is(send, done(90, 90));
        verdict().isEmpty();
    }

    @Test
    void whatComesWhenNobodyIsLeftIsReadFromTheLog() {
        BroadcastSending send = cast.taken(cast.broadcast(Duration.ofDays(1), true, 5));
        cast.is(send, BroadcastTale.queued());
        arriveAt(send, 40);
        cast.is(send, running(5, 5)).is(send, done(5, 5));
        verdict().isEmpty();
    }

    @Test
    void countsAddUp() {
        BroadcastSending send = cast.taken();
        cast.is(send, new BroadcastState("running", "", 10, 1, 2, 0, 0, 0));
        cast.is(send, new BroadcastState("running", "", 10, 3, 2, 3, 0, 0));
        cast.is(send, new BroadcastState("running", "", 10, 3, 2, 2, 1, 0));
        cast.is(send, new BroadcastState("done", "", 10, 3, 2, 2, 0, 0));
        verdict().hasSize(4).allMatch(said -> said.startsWith("10: its counts do not add up"));
    }

    @Test
    void whoHadItWhileItRanIsCountedUnlessSomethingWasWrong() {
        BroadcastSending send = cast.taken();
        arriveAt(send, 3);
        cast.is(send, running(4, 1)).is(send, done(4, 2));
        assertBroken("10: came to 3 sessions while it ran, and its job says done");
    }

    @Test
    void aRoomThatDiedNeedNotHaveToldHowManyHadIt() {
        BroadcastSending send = cast.taken();
        Fault fault = tale.stops("room-1");
        arriveAt(send, 3);
        cast.is(send, running(4, 1)).is(send, done(4, 2));
        tale.heals(fault);
        verdict().isEmpty();
    }

    // ---- promises 8 and 15 ----

    @Test
    void aRepeatedIdIsTheSameBroadcast() {
        BroadcastSending send = cast.done(cast.broadcast(), 10);
        cast.answered(send, 2, BroadcastTale.success(send), "j0");
        verdict().isEmpty();

        Answer.Problem conflict = new Answer.Problem("IDEMPOTENCY_CONFLICT", false, -1, "", "other body");
        cast.answered(send, 3, BroadcastTale.success(send), "j1");
        cast.answered(send, 4, new Answer(202, "other", List.of(), true, null, null), "j1");
        cast.answered(send, 5, Answer.problem(409, conflict), "");
        verdict()
                .containsExactly(
                        "8: taken twice, as jobs j0 and j1",
                        "8: answered with id other instead of b0",
                        "8: the same body is called another one");
    }

    @Test
    void itIsPublishedOnceUnlessRedisLostIt() {
        BroadcastSending send = cast.done(cast.broadcast(Duration.ofDays(1), false, 0), 10);
        tale.redisIsEmptied();
        cast.is(send, BroadcastTale.done(11));
        verdict().isEmpty();

        BroadcastSending other = cast.done(cast.broadcast(), 12);
        cast.is(other, BroadcastTale.done(13));
        assertBroken("8: published twice, with offset 12 and 13");
    }

    @Test
    void aCenterThatIsWellAnswersAndKnowsItsJobs() {
        Fault fault = tale.stops(Tale.CENTER);
        BroadcastSending send = cast.done(cast.broadcast(), 10);
        cast.answersChange(send, BroadcastWish.rate(5), null);
        tale.heals(fault);
        verdict().isEmpty();

        cast.passes(Duration.ofSeconds(10)).answersChange(send, BroadcastWish.rate(5), null);
        assertBroken("15: center-1 did not answer");
        Answer.Problem unknown = new Answer.Problem("JOB_NOT_FOUND", false, -1, "", "not known");
        tale.history.broadcasts().looked(send, Tale.CENTER, 1, Answer.problem(404, unknown), null);
        assertThat(tale.verdict()).anyMatch(said -> said.contains("cannot find what it is asked to do"));
    }
}
