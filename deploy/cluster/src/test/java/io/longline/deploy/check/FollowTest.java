package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.TopicSending;
import io.longline.deploy.check.history.UserWish;
import java.time.Duration;
import java.util.Set;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** Who follows a topic, and who may be either: promises 1, 4 and 13. */
final class FollowTest {
    private static final Duration LATE = Duration.ofSeconds(80);

    private final TopicTale topic = new TopicTale();
    private final Tale tale = topic.tale;

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    /** Something is sent that does not arrive. */
    private void assertOwed(boolean owed) {
        topic.sent(tale.history.time());
        tale.checker.judge();
        assertThat(tale.checker.owedOfTopics(tale.history.time() + 1)).isEqualTo(owed ? 1 : 0);
    }

    // ---- who is owed what is sent ----

    @Test
    void whoBeginsToFollowAfterwardsOrMeanwhileIsOwedNothing() {
        tale.bound(1);
        assertOwed(false);
        UserWish wish = topic.begins(true);
        assertOwed(false);
        topic.ends(wish, tale.history.time());
        verdict().isEmpty();
        assertOwed(true);
    }

    @Test
    void whoLeavesIsOwedNothingFromThenOn() {
        tale.bound(1);
        topic.follows();
        topic.sent(10);
        topic.begins(false);
        verdict().isEmpty();
        assertOwed(false);
    }

    @Test
    void aWishThatWasTriedTwiceIsAsGoodAsOne() {
        tale.bound(1);
        topic.wish(true, Tale.unavailable(), TopicTale.DONE);
        assertOwed(true);
    }

    @Test
    void aWishThatIsNotAnsweredLeavesItOpenAndTheNextOneToo() {
        tale.bound(1);
        topic.follows().wish(false, Tale.unavailable());
        assertOwed(false);
        topic.follows();
        assertOwed(false);
    }

    @Test
    void aWishThatIsNotAnsweredIsNotCarriedOutEver() {
        tale.bound(1);
        topic.wish(false, Tale.unavailable()).passes(LATE).follows();
        assertOwed(true);
    }

    @Test
    void wishesThatCrossLeaveItOpen() {
        tale.bound(1);
        UserWish leave = topic.begins(false);
        long begunAt = tale.history.time();
        topic.follows();
        topic.ends(leave, begunAt);
        assertOwed(false);
        long offset = tale.history.time();
        topic.arrives(topic.reads(2, 5), topic.sent(offset), offset);
        verdict().isEmpty();
    }

    @Test
    void aClientThatIsToldThatItFollowsDoes() {
        Session session = tale.bound(1);
        topic.wishes(session, true);
        assertOwed(false);
        topic.subscribed(session, 5);
        assertOwed(true);
    }

    @Test
    void aClientThatHasLeftMayHearThatItFollowsFromBefore() {
        topic.follows();
        Session session = topic.reads(1, 5);
        topic.wishes(session, false).wishes(session, true).subscribed(session, 5);
        assertOwed(false);
        tale.ends(session, 0);
        topic.passes(LATE).reads(2, 5);
        assertOwed(true);
    }

    @Test
    void aSessionKnowsWhatIsSoSinceItBegan() {
        Session session = tale.bound(1);
        topic.wishes(session, true).subscribed(session, 5).leaves().subscribed(session, 5);
        assertOwed(false);
    }

    @Test
    void aDeviceThatIsForgottenFollowsAsItsUserDoesAfterAWhile() {
        topic.follows();
        tale.bound(1);
        tale.isForgotten(Tale.PHONE);
        tale.bound(2);
        assertOwed(false);
        topic.passes(LATE).passes(Duration.ofSeconds(1));
        assertOwed(true);
    }

    @Test
    void aDeviceThatIsForgottenLosesWhatItFollowedByItself() {
        Session session = tale.bound(1);
        topic.wishes(session, true).subscribed(session, 5);
        assertOwed(true);
        tale.isForgotten(Tale.PHONE).ends(session, 3502).bound(2);
        topic.passes(LATE);
        verdict().isEmpty();
        assertOwed(false);
    }

    @Test
    void whoIsToldThatItDoesNotFollowDoesNot() {
        topic.follows();
        Session session = topic.reads(1, 5);
        topic.wishes(session, false);
        tale.ends(session, 0);
        Session other = topic.names(2, 5);
        topic.refused(other, "NOT_FOUND", true);
        verdict().isEmpty();

        topic.passes(LATE).follows();
        topic.refused(topic.names(3, 5), "NOT_FOUND", true);
        assertBroken("1: is told that it does not follow news, though it does");
    }

    // ---- who must get nothing ----

    @Test
    void nothingReachesWhoNeverFollowed() {
        Session stranger = tale.bound(new EndpointId("shop", "somebody", "phone"), 1, 0);
        TopicSending send = topic.sent(10);
        topic.subscribed(stranger, 5).arrives(stranger, send, 10);
        verdict().containsExactly("4: follows news, as nobody wished", "4: was sent before anybody wished to follow");
    }

    @Test
    void nothingArrivesUnaskedWithoutAWord() {
        Session stranger = tale.bound(new EndpointId("shop", "somebody", "phone"), 1, 0);
        topic.arrives(stranger, topic.sent(10), 10);
        verdict().containsExactly("4: arrives at one who does not follow", "2: comes before it is said from where on");
    }

    @Test
    void whoMayHaveBegunToFollowMayGetIt() {
        topic.wish(true, Tale.unavailable());
        Session session = topic.reads(1, 5);
        topic.arrives(session, topic.sent(10), 10);
        verdict().isEmpty();
    }

    @Test
    void whatWasSentBeforeAnybodyWishedDoesNotCome() {
        TopicSending before = topic.sent(10);
        topic.follows();
        TopicSending after = topic.sent(11);
        Session session = topic.reads(1, 5);
        topic.arrives(session, before, 10).arrives(session, after, 11);
        assertBroken("4: was sent before anybody wished to follow");
    }

    @Test
    void whatIsRepeatedAfterRedisLostItMayBeNewerThanTheWish() {
        TopicSending send = topic.sent(topic.message(Duration.ofSeconds(2), false), 10);
        tale.redisIsEmptied();
        topic.follows();
        Session session = topic.reads(1, 11);
        topic.passes(Duration.ofSeconds(5)).answered(send, 2, TopicTale.success(send), 12);
        topic.arrives(session, send, 12);
        verdict().isEmpty();
    }

    @Test
    void whatASessionWasSentMayBeOnItsWayWhenItsUserLeaves() {
        topic.follows();
        Session session = topic.reads(1, 5);
        topic.leaves();
        TopicSending soon = topic.sent(10);
        topic.arrives(session, soon, 10);
        verdict().isEmpty();

        topic.passes(Duration.ofSeconds(30));
        topic.arrives(session, topic.sent(11), 11);
        assertBroken("4: arrives at one who does not follow");
    }

    @Test
    void aSessionMayNotHearThatItsUserLeftWhereAFaultIsInTheWay() {
        topic.follows();
        Session session = topic.reads(1, 5);
        topic.leaves();
        Fault fault = tale.stops("coordinator-1");
        topic.passes(Duration.ofSeconds(30));
        topic.arrives(session, topic.sent(10), 10);
        tale.heals(fault);
        verdict().isEmpty();
    }

    @Test
    void whoBindsAfterItsUserLeftGetsNothing() {
        topic.follows();
        TopicSending send = topic.sent(10);
        topic.leaves();
        topic.subscribed(tale.bound(1), 5);
        assertBroken("4: follows news, as nobody wished");
        topic.leaves().arrives(tale.bound(2), send, 10);
        verdict().contains("4: arrives at one who does not follow");
    }

    @Test
    void whoHasUnsubscribedGetsNothingMoreUntilSomebodyWishesIt() {
        topic.follows();
        Session session = topic.reads(1, 5);
        topic.wishes(session, false).arrives(session, topic.sent(10), 10).passes(Duration.ofSeconds(10));
        TopicSending late = topic.sent(11);
        topic.arrives(session, late, 11);
        assertBroken("4: comes to who has unsubscribed");
        topic.follows().arrives(session, topic.sent(12), 12);
        verdict().hasSize(1);
    }

    @Test
    void aRoomThatIsStoppedMayNotHaveHeardThatItsClientUnsubscribes() {
        topic.follows();
        Session session = topic.reads(1, 5);
        Fault fault = tale.begins(new Fault(1, "stop room-1", Set.of("room-1"), false, false));
        topic.wishes(session, false).passes(Duration.ofSeconds(10));
        topic.arrives(session, topic.sent(10), 10);
        tale.heals(fault);
        verdict().isEmpty();
    }

    // ---- who may ----

    @Test
    void aClientFollowsOnlyWhatItMay() {
        Session session = tale.bound(1);
        topic.wishes(session, true, false).refused(session, "PERMISSION_DENIED", false);
        verdict().isEmpty();

        topic.wishes(session, true, false).subscribed(session, 5);
        assertBroken("4: follows news, as nobody wished");
    }

    @Test
    void aClientThatMayIsNotDenied() {
        Session session = tale.bound(1);
        topic.wishes(session, true, true).refused(session, "OVERLOADED", true);
        verdict().isEmpty();

        topic.refused(session, "PERMISSION_DENIED", true);
        assertBroken("13: may follow news, and is denied");
    }

    @Test
    void whatItsBackEndHasItFollowAClientIsNotDenied() {
        topic.follows();
        topic.refused(tale.bound(1), "PERMISSION_DENIED", false);
        assertBroken("13: may follow news, and is denied");
    }
}
