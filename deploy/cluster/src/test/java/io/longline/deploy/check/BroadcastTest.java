package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.BroadcastSending;
import io.longline.deploy.check.history.BroadcastWish;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.Stamp;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** To whom broadcasts come, and how often: promises 1, 2, 3, 4, 9, 10 and 13. What back ends are told is in {@link BroadcastJobTest}. */
final class BroadcastTest {
    private static final Duration A_WHILE = Duration.ofSeconds(20);

    private final BroadcastTale cast = new BroadcastTale();
    private final Tale tale = cast.tale;

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    private long owed() {
        tale.checker.judge();
        return tale.checker.owedOfTopics(tale.history.time() + 1);
    }

    @Test
    void aGoodHistoryBreaksNothing() {
        Session session = tale.bound(1);
        BroadcastSending first = cast.taken();
        cast.is(first, BroadcastTale.open("running", 10)).arrives(session, first, 10);
        cast.is(first, BroadcastTale.done(10));
        Session again = tale.bound(2);
        cast.arrives(again, first, 10);
        BroadcastSending second = cast.done(cast.broadcast(), 11);
        cast.arrives(again, second, 11);
        verdict().isEmpty();
    }

    // ---- promise 1 ----

    @Test
    void whenItIsDoneEverybodyHasItWhoWasThereBefore() {
        tale.bound(1);
        cast.done(cast.broadcast(), 10);
        assertThat(owed()).isOne();
        assertBroken("1: lost: it is done, and never arrived");
    }

    @Test
    void whoWasAwayGetsItWhenHeComesBack() {
        tale.ends(tale.bound(1), 0);
        BroadcastSending send = cast.done(cast.broadcast(), 10);
        assertThat(owed()).isOne();
        cast.passes(Duration.ofHours(1)).arrives(tale.bound(2), send, 10);
        verdict().isEmpty();
    }

    @Test
    void whoComesBackAfterItsTimeToLiveIsOwedNothing() {
        tale.ends(tale.bound(1), 0);
        cast.done(cast.broadcast(Duration.ofSeconds(2), true, 0), 10);
        cast.passes(Duration.ofSeconds(2));
        verdict().isEmpty();
    }

    @Test
    void nobodyIsOwedItBeforeItIsDone() {
        tale.bound(1);
        cast.is(cast.taken(), BroadcastTale.open("holding", 10));
        assertThat(owed()).isZero();
    }

    @Test
    void whoComesWhileItRunsMayGetItOrNot() {
        BroadcastSending send = cast.taken();
        tale.bound(BroadcastTale.somebody(1), 1, 0);
        Session other = tale.bound(BroadcastTale.somebody(2), 2, 0);
        cast.arrives(other, send, 10).is(send, BroadcastTale.done(10));
        verdict().isEmpty();
    }

    @Test
    void whoWasForgottenAndCameAnewIsOwedNothing() {
        tale.forgets(tale.bound(1));
        BroadcastSending send = cast.taken();
        tale.bound(2);
        cast.is(send, BroadcastTale.done(10));
        verdict().isEmpty();
    }

    @Test
    void whatWasCancelledOrRecalledIsOwedToNobodyFromThenOn() {
        tale.bound(1);
        cast.recalls(cast.done(cast.broadcast(), 10));
        BroadcastSending other = cast.done(cast.broadcast(), 11);
        cast.maybeChanges(other, BroadcastWish.state("cancelled"));
        verdict().isEmpty();
    }

    @Test
    void whatWaitsForWhoIsConnectedIsStrandedAndToldOnce() {
        tale.bound(1);
        cast.done(cast.broadcast(), 10);
        cast.passes(Duration.ofSeconds(30));
        tale.checker.stranded(tale.history.time());
        assertBroken("1: is done and waits, though its endpoint is connected");
    }

    @Test
    void whatRedisAloneHadMayBeLostWithItAndWhatMySqlHasMayNot() {
        tale.bound(1);
        cast.passes(Duration.ofSeconds(10));
        cast.done(cast.broadcast(Duration.ofDays(1), false, 0), 10);
        tale.redisIsEmptied();
        verdict().isEmpty();

        cast.done(cast.broadcast(), 11);
        tale.redisIsEmptied();
        assertBroken("1: lost");
    }

    @Test
    void whatRedisAloneHadIsInTheJournalAfterAWhile() {
        tale.bound(1);
        cast.done(cast.broadcast(Duration.ofDays(1), false, 0), 10);
        cast.passes(Duration.ofSeconds(10));
        tale.redisIsEmptied();
        assertBroken("1: lost");
    }

    // ---- promises 2, 3 and 10: once, and in order ----

    @Test
    void itComesToASessionOnce() {
        Session session = tale.bound(1);
        BroadcastSending send = cast.taken();
        cast.arrives(session, send, 10).arrives(session, send, 10).is(send, BroadcastTale.done(10));
        assertBroken("10: comes twice in one session");
    }

    @Test
    void offsetsComeInOrderInASession() {
        Session session = tale.bound(1);
        BroadcastSending first = cast.done(cast.broadcast(), 10);
        BroadcastSending second = cast.done(cast.broadcast(), 11);
        cast.arrives(session, second, 11).arrives(session, first, 10);
        assertBroken("2: offset 10 comes after 11 in one session");
    }

    @Test
    void whatABindNamesIsNotSentAgain() {
        tale.comes(Tale.PHONE);
        BroadcastSending send = cast.done(cast.broadcast(), 10);
        cast.arrives(cast.names(1, 10), send, 10);
        assertBroken("3: sent again, though its bind named offset 10");
    }

    @Test
    void theSdkHandsItOutOnceUnlessItSaysThatItMayBeRepeated() {
        Session session = tale.sdk();
        BroadcastSending send = cast.done(cast.broadcast(), 10);
        cast.handed(session, send, 10, false).handed(session, send, 10, true);
        verdict().isEmpty();

        cast.handed(tale.sdk(), send, 10, false);
        assertBroken("2: the SDK hands out offset 10 after 10");
    }

    // ---- promise 4 ----

    @Test
    void whoComesForTheFirstTimeBeginsAtTheEnd() {
        EndpointId late = BroadcastTale.somebody(1);
        BroadcastSending send = cast.taken();
        cast.is(send, BroadcastTale.done(10));
        cast.arrives(tale.bound(late, 1, 0), send, 10);
        assertBroken("4: arrives at a device that came for the first time after its end");
    }

    @Test
    void whoCameBeforeItsEndMayBeSentIt() {
        EndpointId early = BroadcastTale.somebody(1);
        BroadcastSending send = cast.taken();
        cast.is(send, BroadcastTale.open("paused", 10));
        tale.comes(early);
        cast.is(send, BroadcastTale.done(10));
        cast.arrives(tale.bound(early, 1, 0), send, 10);
        verdict().isEmpty();
    }

    @Test
    void whatNobodySentOrIsOfAnotherTopicOrProductIsNoBroadcast() {
        Session session = tale.bound(1);
        BroadcastSending send = cast.done(cast.broadcast(), 10);
        cast.arrives(session, send, 10);
        tale.history.topics().delivered(session, "*", 11, "b7", new Stamp(7, "shop", List.of(">*")), 1);
        tale.history.topics().delivered(session, "*", 12, "b0", new Stamp(0, "mall", List.of(">*")), 1);
        tale.history.topics().delivered(session, "*urgent", 13, "b0", Stamp.of(send), 1);
        verdict()
                .hasSize(3)
                .allMatch(said ->
                        said.startsWith("4: what arrives was sent by nobody") || said.startsWith("4: arrives as of"));
    }

    // ---- promise 9 ----

    @Test
    void nothingComesAfterItsTimeToLive() {
        Session session = tale.bound(1);
        BroadcastSending send = cast.done(cast.broadcast(Duration.ofSeconds(2), true, 0), 10);
        cast.passes(Duration.ofSeconds(6)).arrives(session, send, 10, 1);
        verdict().isEmpty();

        BroadcastSending other = cast.done(cast.broadcast(Duration.ofSeconds(2), true, 0), 11);
        cast.passes(Duration.ofSeconds(8)).arrives(session, other, 11, 1);
        assertBroken("9: sent after its time to live");
    }

    @Test
    void whatHasNoTimeLeftDoesNotCome() {
        Session session = tale.bound(1);
        BroadcastSending send = cast.done(cast.broadcast(), 10);
        cast.arrives(session, send, 10, 0);
        assertBroken("9: sent after its time to live");
    }

    @Test
    void whatWasCancelledDoesNotComeAWhileAfterwards() {
        Session session = tale.bound(1);
        Session other = tale.bound(BroadcastTale.somebody(1), 2, 0);
        BroadcastSending send = cast.taken();
        cast.is(send, BroadcastTale.open("running", 10));
        cast.changes(send, BroadcastWish.state("cancelled"), BroadcastTale.cancelled("requested"));
        cast.passes(Duration.ofSeconds(2)).arrives(session, send, 10);
        verdict().isEmpty();

        cast.passes(A_WHILE).arrives(other, send, 10);
        assertBroken("9: sent after it was cancelled or recalled");
    }

    @Test
    void whatWasRecalledDoesNotComeToWhoReturnsUnlessSomethingIsWrong() {
        tale.ends(tale.bound(1), 0);
        BroadcastSending recalled = cast.done(cast.broadcast(), 12);
        cast.recalls(recalled);
        Fault fault = tale.stops("saver-1");
        cast.passes(A_WHILE).arrives(tale.bound(2), recalled, 12);
        tale.heals(fault);
        verdict().isEmpty();

        cast.passes(A_WHILE).arrives(tale.bound(3), recalled, 12);
        assertBroken("9: sent after it was cancelled or recalled");
    }

    // ---- promise 10: what rests ----

    @Test
    void whatRestsDoesNotComeAWhileAfterwardsUntilSomebodyHasItGoOn() {
        Session session = tale.bound(1);
        BroadcastSending send = cast.taken();
        cast.changes(send, BroadcastWish.state("paused"), BroadcastTale.open("paused", 10));
        cast.passes(A_WHILE).changes(send, BroadcastWish.state("running"), BroadcastTale.open("running", 10));
        cast.arrives(session, send, 10);
        tale.ends(session, 0);
        Session other = tale.bound(2);
        cast.changes(send, BroadcastWish.state("paused"), BroadcastTale.open("paused", 10));
        cast.maybeChanges(send, BroadcastWish.state("running"));
        cast.is(send, BroadcastTale.open("paused", 10)).passes(A_WHILE).arrives(other, send, 10);
        cast.is(send, BroadcastTale.done(10));
        verdict().isEmpty();
    }

    @Test
    void whatComesWhileItRestsIsFound() {
        Session session = tale.bound(1);
        BroadcastSending send = cast.taken();
        cast.changes(send, BroadcastWish.state("paused"), BroadcastTale.open("paused", 10));
        cast.passes(A_WHILE).arrives(session, send, 10);
        cast.changes(send, BroadcastWish.state("running"), BroadcastTale.open("running", 10));
        cast.is(send, BroadcastTale.done(10));
        assertBroken("10: sent while it rests");
    }

    // ---- promises 6 and 13 ----

    @Test
    void everybodyFollowsItAndItsLogHoldsAll() {
        Session session = tale.bound(1);
        tale.history.topics().refused(session, "*", "PERMISSION_DENIED", false);
        tale.history.topics().refused(session, "*", "DEPENDENCY_DOWN", false);
        tale.history.topics().gap(session, "*", 10);
        verdict()
                .containsExactlyInAnyOrder(
                        "13: is refused *: PERMISSION_DENIED",
                        "6: is told of a gap before offset 10 of *, whose log holds all");
    }

    @Test
    void aViolationTellsWhatTheBackEndDid() {
        tale.bound(1);
        BroadcastSending send = cast.taken(cast.broadcast(Duration.ofDays(1), true, 5));
        cast.changes(send, BroadcastWish.rate(9), BroadcastTale.open("running", 10))
                .is(send, BroadcastTale.done(10));
        tale.verdict();
        assertThat(tale.checker.violations().getFirst().toString())
                .contains("[message 0] [shop/u/phone]")
                .containsSubsequence(
                        "attempt 1 of broadcast 0 (id b0, to everybody in shop/*",
                        "broadcast 0 is to be 9 a second",
                        "done, offset 10, targeted 1, sent 1");
    }

    @Test
    void whatIsJudgedIsForgotten() {
        Session session = tale.bound(1);
        int count = 1_000;
        for (int i = 0; i < count; i++) {
            cast.arrives(session, cast.done(cast.broadcast(), 10 + i), 10 + i);
        }
        cast.passes(Duration.ofMinutes(3)).passes(Duration.ofSeconds(2));
        assertThat(tale.checker.remembered()).isLessThan(count);
        verdict().isEmpty();
    }

    @Test
    void aFaultExcusesWhatComesLate() {
        Session session = tale.bound(1);
        BroadcastSending send = cast.done(cast.broadcast(Duration.ofSeconds(2), true, 0), 10);
        Fault fault = tale.begins(new Fault(99, "cut", Set.of(), false, false));
        cast.passes(A_WHILE).arrives(session, send, 10, 1);
        tale.heals(fault);
        verdict().isEmpty();
    }
}
