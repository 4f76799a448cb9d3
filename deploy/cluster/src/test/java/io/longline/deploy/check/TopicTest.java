package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.TopicSending;
import java.time.Duration;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** What arrives of topics, in order and not again: promises 1, 2 and 3. Who follows is in {@link FollowTest}. */
final class TopicTest {
    private final TopicTale topic = new TopicTale();
    private final Tale tale = topic.tale;

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    @Test
    void aGoodHistoryBreaksNothing() {
        topic.follows();
        Session session = topic.reads(1, 5);
        TopicSending first = topic.sent(10);
        TopicSending second = topic.sent(11);
        topic.arrives(session, first, 10).arrives(session, second, 11);
        Session again = topic.reads(2, 10);
        topic.arrives(again, second, 11);
        verdict().isEmpty();
    }

    // ---- promise 1 ----

    @Test
    void whoFollowsGetsEachMessage() {
        topic.follows();
        topic.reads(1, 5);
        topic.sent(10);
        assertBroken("1: lost: it never arrived at who follows its topic");
    }

    @Test
    void whoComesLaterGetsItToo() {
        topic.follows();
        topic.sent(10);
        verdict().isEmpty();
        tale.bound(1);
        assertBroken("1: lost");
    }

    @Test
    void whatExpiredIsNotMissed() {
        topic.follows();
        topic.reads(1, 5);
        topic.sent(topic.message(Duration.ofSeconds(2), true), 10);
        topic.passes(Duration.ofSeconds(3));
        verdict().isEmpty();
    }

    @Test
    void whatWasNeverAnsweredWithSuccessNeedNotCome() {
        topic.follows();
        Session session = topic.reads(1, 5);
        topic.answered(topic.message(), 1, Tale.unavailable(), 0);
        TopicSending other = topic.answered(topic.message(), 1, Tale.unavailable(), 0);
        topic.arrives(session, other, 10);
        verdict().isEmpty();
    }

    @Test
    void whatWaitsForWhoIsConnectedIsStrandedAndToldOnce() {
        topic.follows();
        topic.reads(1, 5);
        topic.sent(10);
        topic.passes(Duration.ofSeconds(30));
        assertThat(tale.checker.owedOfTopics(tale.history.time())).isOne();
        tale.checker.stranded(tale.history.time());
        assertBroken("1: waits, though who follows its topic is connected");
    }

    @Test
    void whatRedisAloneHadMayBeLostWithItAndWhatMySqlHasMayNot() {
        topic.follows();
        tale.bound(1);
        topic.passes(Duration.ofSeconds(10));
        topic.sent(topic.message(Duration.ofDays(1), false), 10);
        tale.redisIsEmptied();
        verdict().isEmpty();

        topic.sent(11);
        tale.redisIsEmptied();
        assertBroken("1: lost");
    }

    @Test
    void whatRedisAloneHadIsInTheJournalAfterAWhile() {
        topic.follows();
        tale.bound(1);
        topic.sent(topic.message(Duration.ofDays(1), false), 10);
        topic.passes(Duration.ofSeconds(10));
        tale.redisIsEmptied();
        assertBroken("1: lost");
    }

    // ---- promise 2 ----

    @Test
    void offsetsComeInOrderInASessionUnlessTheRoomSaysThatItGoesBack() {
        topic.follows();
        Session session = topic.reads(1, 5);
        TopicSending first = topic.sent(10);
        TopicSending second = topic.sent(11);
        topic.arrives(session, first, 10).arrives(session, second, 11);
        topic.subscribed(session, 9).arrives(session, first, 10).arrives(session, second, 11);
        verdict().isEmpty();

        topic.arrives(session, first, 10);
        assertBroken("2: offset 10 comes after 11 in one session");
    }

    @Test
    void nothingComesBeforeItIsSaidFromWhereOn() {
        topic.follows();
        topic.arrives(tale.bound(1), topic.sent(10), 10);
        assertBroken("2: comes before it is said from where on");
    }

    @Test
    void whatIsSentLaterHasAHigherOffset() {
        topic.sent(10);
        topic.sent(9);
        assertBroken("2: offset 9 is not above 10");
    }

    @Test
    void theSdkHandsOutEachMessageOnceUnlessItSaysThatItMayBeRepeated() {
        topic.follows();
        Session session = tale.sdk();
        TopicSending first = topic.sent(10);
        TopicSending second = topic.sent(11);
        topic.handed(session, first, 10, false).handed(session, first, 10, true).handed(session, second, 11, false);
        verdict().isEmpty();

        topic.handed(tale.sdk(), second, 11, false);
        assertBroken("2: the SDK hands out offset 11 after 11");
    }

    @Test
    void aMessageThatIsPublishedTwiceIsToldOnce() {
        topic.follows();
        TopicSending send = topic.sent(10);
        topic.handed(tale.sdk(), send, 10, false).handed(tale.sdk(), send, 11, false);
        assertBroken("8: published twice, with offset 10 and 11");
    }

    @Test
    void whatRedisLostMayBePublishedAnew() {
        topic.follows();
        TopicSending send = topic.answered(topic.message(), 1, Tale.unavailable(), 0);
        topic.handed(tale.sdk(), send, 10, false);
        tale.redisIsEmptied();
        topic.answered(send, 2, TopicTale.success(send), 11);
        topic.handed(tale.sdk(), send, 11, false);
        verdict().isEmpty();
    }

    // ---- promise 3 ----

    @Test
    void whatABindNamesIsNotSentAgainUntilItsClientWishesOtherwise() {
        topic.follows();
        TopicSending send = topic.sent(10);
        Session session = topic.names(1, 10);
        topic.subscribed(session, 10)
                .wishes(session, true)
                .subscribed(session, 9)
                .arrives(session, send, 10);
        verdict().isEmpty();

        Session other = topic.names(2, 10);
        topic.subscribed(other, 9).arrives(other, send, 10);
        assertBroken("3: sent again, though its bind named offset 10");
    }

    @Test
    void whereASessionBeganTheNextOneDoesNotBeginEarlierUnlessRedisForgotIt() {
        topic.follows();
        tale.ends(topic.reads(1, 10), 0);
        topic.passes(Duration.ofSeconds(1));
        tale.redisIsEmptied();
        tale.ends(topic.reads(2, 9), 0);
        topic.passes(Duration.ofSeconds(20));
        tale.ends(topic.reads(3, 9), 0);
        verdict().isEmpty();

        tale.redisIsEmptied();
        topic.reads(4, 8);
        assertBroken("3: begins behind offset 8 of news, though the saver had taken an ack up to 9");
    }

    @Test
    void whoseBindNamesAnEarlierOffsetBeginsThereAndNotBeforeAlsoIfItsClientWishesToFollowMeanwhile() {
        topic.follows();
        topic.reads(1, 10);
        Session session = topic.names(2, 8);
        topic.wishes(session, true).subscribed(session, 8);
        Session other = topic.names(3, 8);
        topic.subscribed(other, 8);
        verdict().isEmpty();

        Session third = topic.names(4, 8);
        topic.wishes(third, true).subscribed(third, 7);
        assertBroken(
                "3: begins behind offset 7 of news, though the saver had taken an ack up to 10, and its bind named 8");
    }

    @Test
    void whoseBindNamesALaterOffsetMayBeginWhereTheSaverTookAnAckAndNotBefore() {
        topic.follows();
        topic.reads(1, 10);
        Session session = topic.names(2, 12);
        topic.wishes(session, true).subscribed(session, 10);
        verdict().isEmpty();

        Session other = topic.names(3, 12);
        topic.wishes(other, true).subscribed(other, 9);
        assertBroken("3: begins behind offset 9 of news, though the saver had taken an ack up to 10");
    }

    @Test
    void whatABindNamesIsNoAckThatTheSaverTook() {
        topic.follows();
        Session session = topic.names(1, 10);
        topic.wishes(session, true).subscribed(session, 10);
        topic.reads(2, 9);
        verdict().isEmpty();
    }

    @Test
    void whoFollowsAnewMayBeginEarlier() {
        topic.follows();
        topic.reads(1, 10);
        topic.leaves().follows();
        topic.reads(2, 9);
        verdict().isEmpty();
    }

    @Test
    void noOffsetIsGivenTwice() {
        TopicSending first = topic.message();
        TopicSending second = topic.message();
        tale.history.topics().sendBegun(second, 1, Tale.CENTER);
        topic.sent(first, 10);
        tale.history.topics().answered(second, 1, Tale.CENTER, 1, TopicTale.success(second), 10);
        assertBroken("3: offset 10 was given to message 0 before");
    }
}
