package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.Sending;
import io.longline.deploy.check.history.Stamp;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

final class CheckerTest {
    private static final EndpointId WEB = new EndpointId("shop", "u", "web");

    private final Tale tale = new Tale();

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    // ---- what is as it should be ----

    @Test
    void aGoodHistoryBreaksNothing() {
        Session session = tale.bound(1);
        Sending first = tale.stored(tale.message(), 10);
        Sending second = tale.stored(tale.message(), 11);
        tale.over(first).over(second).arrives(session, first, 10).arrives(session, second, 11);
        tale.looked(first, Tale.result("phone", "acked", 10)).ends(session, 0);
        Session again = tale.bound(Tale.PHONE, 2, 11);
        Sending third = tale.stored(tale.message(), 12);
        tale.arrives(again, third, 12).over(third);
        verdict().isEmpty();
    }

    @Test
    void whatWasNotAcknowledgedMayComeAgain() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(tale.bound(1), send, 10).arrives(tale.bound(2), send, 10);
        verdict().isEmpty();
    }

    @Test
    void whatExpiredIsNotMissed() {
        Sending send = tale.stored(tale.message(Duration.ofSeconds(2), true, null), 10);
        tale.over(send).passes(Duration.ofSeconds(3));
        verdict().isEmpty();
    }

    @Test
    void whatWasNeverAnsweredWithSuccessNeedNotCome() {
        Sending send = tale.answered(tale.message(), Tale.unavailable());
        tale.over(send);
        verdict().isEmpty();
    }

    // ---- promise 1 ----

    @Test
    void aMessageThatNeverArrivesIsLost() {
        tale.bound(1);
        tale.over(tale.stored(tale.message(), 10));
        assertBroken("1: lost");
    }

    @Test
    void aMessageThatWaitsForAConnectedEndpointIsStrandedAndToldOnce() {
        tale.bound(1);
        tale.over(tale.stored(tale.message(), 10));
        tale.passes(Duration.ofSeconds(30)).checker.stranded(tale.history.time());
        assertBroken("1: waits");
    }

    @Test
    void aKnownDeviceThatTheAnswerLeavesOutIsMissed() {
        Session phone = tale.bound(1);
        tale.bound(WEB, 2, 0);
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(phone, send, 10);
        assertBroken("1: the answer leaves out device web");
    }

    @Test
    void aDeviceThatMySqlDidNotTakeMayBeLostWithRedisUntilItBindsAgain() {
        Session phone = tale.bound(1);
        webIsBoundWhileTheJournalIsDisturbedAndRedisLost();
        tale.over(tale.stored(inRedisAlone(), 10));
        tale.arrives(phone, tale.stored(inRedisAlone(), 11), 11);
        tale.bound(WEB, 3, 0);
        tale.over(tale.stored(inRedisAlone(), 12));
        assertThat(tale.verdict())
                .filteredOn(what -> what.contains("leaves out"))
                .hasSize(1);
    }

    @Test
    void aProductThatMySqlKeepsLosesNoDevice() {
        Session phone = tale.bound(1);
        webIsBoundWhileTheJournalIsDisturbedAndRedisLost();
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(phone, send, 10);
        assertBroken("1: the answer leaves out device web");
    }

    @Test
    void aDeviceThatMySqlTookIsNotLostWithRedis() {
        Session phone = tale.bound(1);
        tale.bound(WEB, 2, 0);
        tale.passes(Duration.ofSeconds(10)).heals(tale.stops("saver-1")).redisIsEmptied();
        Sending send = tale.stored(inRedisAlone(), 10);
        tale.over(send).arrives(phone, send, 10);
        assertBroken("1: the answer leaves out device web");
    }

    private void webIsBoundWhileTheJournalIsDisturbedAndRedisLost() {
        Fault away = tale.stops("saver-1");
        tale.bound(WEB, 2, 0);
        tale.heals(away).redisIsEmptied();
    }

    private Sending inRedisAlone() {
        return tale.message(Duration.ofDays(1), false, null);
    }

    @Test
    void whatIsCalledAckedMustHaveArrived() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).looked(send, Tale.result("phone", "acked", 10));
        assertBroken("1: acked, and never arrived");
    }

    @Test
    void aDeviceThatWasForgottenIsOwedNothing() {
        Session session = tale.bound(1);
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).forgets(session);
        verdict().isEmpty();
    }

    @Test
    void whoWasReplacedMayHearThatTheDeviceWasForgottenSince() {
        Session first = tale.bound(1);
        tale.forgets(tale.bound(2)).ends(first, 3502);
        verdict().isEmpty();

        tale.ends(tale.bound(3), 3502);
        verdict().singleElement().asString().startsWith("13: ").endsWith("did nothing wrong and was ended with 3502");
    }

    @Test
    void aDeviceIsForgottenLateWhereAFaultIsInTheWay() {
        Fault away = tale.stops("register-1");
        tale.forgets(tale.bound(1)).passes(Duration.ofSeconds(60)).heals(away);
        isStoredAndDropped();
        verdict().isEmpty();
    }

    @Test
    void aDeviceIsForgottenSoonWhereThereIsNoFault() {
        tale.forgets(tale.bound(1)).passes(Duration.ofSeconds(60));
        isStoredAndDropped();
        assertBroken("6: dropped (), though nothing was wrong with it");
    }

    private void isStoredAndDropped() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).looked(send, Tale.result("phone", "dropped", 10));
    }

    @Test
    void whatWasStoredForTheFirstDeviceIsOwedToItAlone() {
        Sending send = tale.answered(tale.message(), Tale.stored("default", 10));
        tale.over(send).arrives(tale.bound(1), send, 10);
        tale.bound(WEB, 2, 0);
        verdict().isEmpty();
    }

    @Test
    void aLossOfRedisExcusesOnlyWhatWasStoredThereAloneAndJustNow() {
        tale.bound(1);
        Sending old = tale.stored(tale.message(Duration.ofDays(1), false, null), 10);
        tale.over(old).passes(Duration.ofSeconds(10));
        Sending fresh = tale.stored(tale.message(Duration.ofDays(1), false, null), 11);
        Sending journaled = tale.stored(tale.message(), 12);
        tale.over(fresh).over(journaled).redisIsEmptied();
        assertThat(tale.checker.finish())
                .extracting(Violation::message)
                .containsExactlyInAnyOrder(old.number(), journaled.number());
    }

    // ---- promises 2 and 3 ----

    @Test
    void aSessionGetsItsInboxInOrder() {
        Session session = tale.bound(1);
        Sending first = tale.stored(tale.message(), 10);
        Sending second = tale.stored(tale.message(), 11);
        tale.over(first).over(second).arrives(session, second, 11).arrives(session, first, 10);
        assertBroken("2: seq 10 comes after 11");
    }

    @Test
    void aLaterMessageHasAHigherSeq() {
        Session session = tale.bound(1);
        Sending first = tale.stored(tale.message(), 10);
        Sending second = tale.stored(tale.message(), 9);
        tale.over(first).over(second).arrives(session, second, 9).arrives(session, first, 10);
        assertBroken("2: seq 9 is not above 10");
    }

    @Test
    void theSdkHandsOutEachMessageOnceUnlessItSaysThatItMayBeRepeated() {
        Session session = tale.sdk();
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).handed(session, send, 10, false).handed(session, send, 10, true);
        verdict().isEmpty();
        tale.handed(session, send, 10, false);
        verdict().containsExactly("2: the SDK hands out seq 10 after 10", "2: the SDK hands it out twice");
    }

    @Test
    void whatABindNamesIsNotSentAgain() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(tale.bound(1), send, 10).arrives(tale.bound(Tale.PHONE, 2, 10), send, 10);
        assertBroken("3: sent again, though its bind named seq 10");
    }

    @Test
    void whatWasAckedIsNotSentAgainUnlessRedisForgotIt() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(tale.bound(1), send, 10).looked(send, Tale.result("phone", "acked", 10));
        tale.redisIsEmptied();
        tale.arrives(tale.bound(2), send, 10).looked(send, Tale.result("phone", "acked", 10));
        verdict().isEmpty();
        tale.passes(Duration.ofSeconds(10)).checker.judge();
        tale.redisIsEmptied();
        tale.arrives(tale.bound(3), send, 10);
        assertBroken("3: sent again, though the saver had taken an ack up to seq 10");
    }

    @Test
    void noSeqIsGivenTwice() {
        Session session = tale.bound(1);
        Sending first = tale.message();
        Sending second = tale.message();
        tale.history.sendBegun(second, 1, Tale.CENTER);
        tale.stored(first, 10);
        tale.history.answered(
                second, 1, Tale.CENTER, 1, Answer.success(202, "m1", List.of(Tale.stored("phone", 10)), false));
        tale.over(first).over(second).arrives(session, first, 10);
        verdict().contains("3: seq 10 was given to message 0 before");
    }

    @Test
    void whatEndedForGoodStaysSo() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(tale.bound(1), send, 10);
        tale.looked(send, Tale.result("phone", "acked", 10)).looked(send, Tale.result("phone", "written", 10));
        assertBroken("3: was acked for good, and is now written");
    }

    // ---- promises 4 and 5 ----

    @Test
    void aMessageReachesNobodyElse() {
        Session stranger = tale.bound(new EndpointId("shop", "somebody", "phone"), 1, 0);
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(tale.bound(2), send, 10).arrives(stranger, send, 10);
        assertBroken("4: arrives at somebody else");
    }

    @Test
    void whatNobodySentOrWasDamagedIsNoMessage() {
        Session session = tale.bound(1);
        tale.history.delivered(session, 10, "m", null, 1, 1_000);
        tale.history.delivered(session, 11, "m", new Stamp(7, "shop", List.of("u/*")), 1, 1_000);
        verdict().hasSize(2).allMatch(said -> said.startsWith("4: what arrives was sent by nobody"));
    }

    @Test
    void aReplacedSessionGetsNothingThatWasSentAfterwards() {
        Session older = tale.bound(1);
        Sending before = tale.stored(tale.message(), 10);
        Session newer = tale.bound(2);
        Sending after = tale.stored(tale.message(), 11);
        tale.over(before).over(after).arrives(older, before, 10).arrives(newer, before, 10);
        tale.arrives(newer, after, 11).arrives(older, after, 11);
        assertBroken("5: sent to a session that had been replaced before");
    }

    @Test
    void whoIsReplacedHearsOfItInTimeUnlessAFaultIsInTheWay() {
        tale.bound(1);
        tale.bound(2);
        Fault fault = tale.stops("room-1");
        tale.passes(Duration.ofSeconds(60)).checker.judge();
        tale.heals(fault).passes(Duration.ofSeconds(10)).checker.judge();
        assertThat(tale.checker.violations()).isEmpty();
        tale.passes(Duration.ofSeconds(15));
        assertBroken("was replaced and not told so");
    }

    @Test
    void aGenerationIsGivenOnceAndNobodyIsReplacedByNobody() {
        Session first = tale.bound(1);
        tale.ends(first, 0).passes(Duration.ofMinutes(1));
        Session second = tale.bound(1);
        tale.ends(second, 3501);
        verdict().containsExactly("5: generation 1 was given twice", "5: called replaced, though nobody else bound it");
    }

    @Test
    void whoCannotReachItsRoomBindsWhenItCan() {
        Fault cut = tale.begins(new Fault(1, "black hole outside - room-1", Set.of("room-1"), false, false));
        tale.comes(Tale.PHONE);
        tale.passes(Duration.ofMinutes(1)).heals(cut);
        Session session = tale.bound(2);
        tale.ends(session, 3501);
        verdict().isEmpty();

        tale.passes(Duration.ofMinutes(1));
        tale.ends(tale.bound(3), 3501);
        verdict().containsExactly("5: called replaced, though nobody else bound it");
    }

    // ---- promises 6, 8 and 9 ----

    @Test
    void nothingIsDroppedWithoutAReason() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).looked(send, Tale.result("phone", "dropped", 10));
        assertBroken("6: dropped ()");
    }

    @Test
    void aRepeatedIdHasNoSecondEffect() {
        Session session = tale.bound(1);
        Sending send = tale.stored(tale.message(), 10);
        tale.stored(send, 11);
        tale.over(send).arrives(session, send, 11);
        assertBroken("8: stored twice, with seq 10 and 11");
    }

    @Test
    void anotherBodyUnderTheSameIdIsRefused() {
        Session session = tale.bound(1);
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(session, send, 10);
        tale.history.contradictBegun(send, Tale.CENTER);
        tale.history.contradicted(send, Tale.CENTER, 1, Answer.success(200, "m0", List.of(), true));
        assertBroken("8: the same id with another body was taken");
    }

    private static Answer conflict() {
        return Answer.problem(409, new Answer.Problem("IDEMPOTENCY_CONFLICT", false, -1, "", "other body"));
    }

    @Test
    void theSameBodyIsNoConflict() {
        Session session = tale.bound(1);
        Sending send = tale.stored(tale.message(), 10);
        tale.arrives(session, send, 10);
        tale.history.contradictBegun(send, Tale.CENTER);
        tale.history.contradicted(send, Tale.CENTER, 1, Tale.unavailable());
        tale.over(tale.answered(send, conflict()));
        assertBroken("8: the same body is called another one");
    }

    @Test
    void whereRedisLostAClaimAnotherBodyMayHaveTheIdAlsoIfItCameNoFurther() {
        Session session = tale.bound(1);
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(session, send, 10).redisIsEmptied();
        tale.history.contradictBegun(send, Tale.CENTER);
        tale.history.contradicted(send, Tale.CENTER, 1, Tale.unavailable());
        tale.over(tale.answered(send, conflict()));
        verdict().isEmpty();
    }

    @Test
    void whereRedisLostAClaimAnotherBodyMayHaveTheIdBeforeThatIsAnswered() {
        Session session = tale.bound(1);
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(session, send, 10).redisIsEmptied();
        tale.history.contradictBegun(send, Tale.CENTER);
        tale.over(tale.answered(send, conflict()));
        verdict().isEmpty();
    }

    @Test
    void anotherBodyThatWasRefusedDoesNotHaveTheId() {
        Session session = tale.bound(1);
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(session, send, 10).redisIsEmptied();
        tale.history.contradictBegun(send, Tale.CENTER);
        tale.history.contradicted(send, Tale.CENTER, 1, conflict());
        tale.over(tale.answered(send, conflict()));
        assertBroken("8: the same body is called another one");
    }

    private Sending arrivesAtPhoneAndIsAcked() {
        Session session = tale.bound(1);
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(session, send, 10).looked(send, Tale.result("phone", "acked", 10));
        return send;
    }

    private void arrivesAtWeb(Sending send) {
        Session web = tale.bound(WEB, 1, 0);
        tale.arrives(web, send, 11).passes(Duration.ofSeconds(2));
    }

    @Test
    void whatArrivesAtADeviceThatNoAnswerNamesWentAstray() {
        arrivesAtWeb(arrivesAtPhoneAndIsAcked());
        assertBroken("4: arrived at a device that the answer does not name");
    }

    @Test
    void whereRedisLostAClaimAnotherBodyMayReachOtherDevices() {
        Sending send = arrivesAtPhoneAndIsAcked();
        tale.redisIsEmptied();
        tale.history.contradictBegun(send, Tale.CENTER);
        tale.history.contradicted(send, Tale.CENTER, 1, Tale.unavailable());
        arrivesAtWeb(send);
        verdict().isEmpty();
    }

    @Test
    void whatIsExpiredIsNeverSent() {
        Session session = tale.bound(1);
        Sending send = tale.stored(tale.message(Duration.ofSeconds(2), true, null), 10);
        tale.over(send).passes(Duration.ofSeconds(8)).arrives(session, send, 10);
        assertBroken("9: sent after its time to live");
    }

    @Test
    void whatWaitsIsOwedAlsoAfterAMessageForNowOrNeverWithItsKey() {
        tale.bound(1);
        Sending waits = tale.stored(tale.message(Duration.ofDays(1), true, "key"), 10);
        tale.over(waits);
        tale.over(tale.answered(tale.message(Duration.ZERO, true, "key"), Tale.result("phone", "dropped", 11)));
        tale.checker.judge();
        assertThat(tale.checker.owed(tale.history.time())).hasSize(1);

        tale.over(tale.answered(tale.message(Duration.ZERO, true, "key"), Tale.result("phone", "written", 12)));
        tale.checker.judge();
        assertThat(tale.checker.owed(tale.history.time())).hasSize(1);
    }

    @Test
    void whatWasCollapsedIsNotSentToWhoBindsLater() {
        Sending send = tale.stored(tale.message(Duration.ofDays(1), true, "key"), 10);
        tale.over(send).looked(send, Tale.result("phone", "collapsed", 10));
        tale.arrives(tale.bound(1), send, 10);
        assertBroken("9: sent after it was collapsed");
    }

    @Test
    void whatWasRecalledIsOwedToNobodyAndNotSentToWhoBindsLater() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).recalls(send, Tale.result("phone", "recalled", 10));
        assertThat(tale.checker.owed(tale.history.time())).isEmpty();
        verdict().isEmpty();

        tale.arrives(tale.bound(1), send, 10);
        assertBroken("9: sent after it was recalled");
    }

    @Test
    void whatIsRecalledWhileItIsBeingSentMayStillComeAndWait() {
        Sending send = tale.stored(tale.message(), 10);
        tale.answered(send, Tale.unavailable());
        tale.recalls(send, Tale.stored("phone", 10)).recalls(send, Tale.result("phone", "recalled", 10));
        tale.over(send).arrives(tale.bound(1), send, 10);
        verdict().isEmpty();
    }

    @Test
    void aRecallLeavesNothingWaiting() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).recalls(send, Tale.stored("phone", 10));
        assertBroken("9: recalled, and still waits");
    }

    @Test
    void nothingIsRecalledUnasked() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).looked(send, Tale.result("phone", "recalled", 10));
        assertBroken("9: recalled, and nobody asked for it");
    }

    @Test
    void whatWasRecalledStaysSo() {
        Session session = tale.bound(1);
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(session, send, 10).recalls(send, Tale.result("phone", "recalled", 10));
        tale.looked(send, Tale.result("phone", "acked", 10));
        assertBroken("9: was recalled for good, and is now acked");
    }

    // ---- promises 13 and 15 ----

    @Test
    void aGoodClientIsNotBlamed() {
        tale.ends(tale.bound(1), 3503);
        verdict().singleElement().asString().startsWith("13: ").contains("3503");
    }

    @Test
    void aCenterThatIsWellAnswersInTime() {
        Sending send = tale.message();
        tale.answered(send, Tale.unavailable(), Duration.ofSeconds(16));
        tale.over(send);
        assertBroken("15: center-1 answered after 16");
    }

    @Test
    void aCenterThatIsDownNeedNotAnswerAndAnotherMust() {
        Fault other = tale.stops("center-2");
        tale.unanswered(tale.message());
        tale.heals(other);
        Fault fault = tale.stops(Tale.CENTER);
        tale.unanswered(tale.message());
        tale.heals(fault);
        assertBroken("15: center-1 did not answer");
    }

    @Test
    void anErrorIsRetryableAndOfTheRightShape() {
        Answer.Problem problem = new Answer.Problem("INTERNAL", false, -1, "", "oh");
        tale.over(tale.answered(tale.message(), Answer.problem(500, problem)));
        assertBroken("15: center-1 answered 500");
    }

    // ---- the rest ----

    @Test
    void aViolationTellsWhatHappenedToItsMessageItsEndpointAndTheCluster() {
        Session session = tale.bound(1);
        Fault fault = tale.stops("saver-1");
        Sending send = tale.stored(tale.message(), 10);
        tale.heals(fault).over(send).ends(session, 0);
        tale.verdict();
        String told = tale.checker.violations().getFirst().toString();
        assertThat(told)
                .contains("promise 1: lost: it never arrived [message 0] [shop/u/phone]")
                .containsSubsequence(
                        "is bound, generation 1",
                        "fault 1: stop saver-1 BEGINS",
                        "attempt 1 of message 0 (id m0",
                        "[phone stored seq 10]",
                        "fault 1: stop saver-1 ends",
                        "ends, code 0");
    }

    @Test
    void whatIsJudgedIsForgottenButNotWhatWasAcknowledged() {
        Session session = tale.bound(1);
        int count = 25_000;
        for (int i = 0; i < count; i++) {
            Sending send = tale.stored(tale.message(), 10 + i);
            tale.over(send).arrives(session, send, 10 + i);
            if (i % 1_000 == 999) {
                tale.ends(session, 0);
                session = tale.bound(Tale.PHONE, 2 + i, 10 + i);
                tale.passes(Duration.ofSeconds(1)).checker.judge();
            }
        }
        assertThat(tale.checker.open()).isZero();
        assertThat(tale.checker.remembered()).isLessThan(count);
        Sending first = new Sending(0, "shop", "u", null, "m0", 1, Duration.ofDays(1), null, true);
        tale.ends(session, 0).arrives(tale.bound(count * 2L), first, 10);
        assertBroken("3: sent again");
    }
}
