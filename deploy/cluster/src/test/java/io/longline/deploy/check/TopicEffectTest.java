package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.Stamp;
import io.longline.deploy.check.history.TopicSending;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** What is of a topic, has no second effect, and ends in time: promises 4, 6, 8, 9 and 15. */
final class TopicEffectTest {
    private final TopicTale topic = new TopicTale();
    private final Tale tale = topic.tale;

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    // ---- promises 4 and 6 ----

    @Test
    void whatNobodySentOrIsOfAnotherTopicOrProductIsNoMessage() {
        topic.follows();
        Session session = topic.reads(1, 5);
        TopicSending send = topic.sent(10);
        topic.arrives(session, send, 10);
        tale.history.topics().delivered(session, TopicTale.NEWS, 11, "t7", new Stamp(7, "shop", List.of(">news")), 1);
        tale.history.topics().delivered(session, TopicTale.NEWS, 12, "t0", new Stamp(0, "mall", List.of(">news")), 1);
        tale.history.topics().delivered(session, "chat", 13, "t0", Stamp.of(send), 1);
        verdict()
                .hasSize(3)
                .allMatch(said ->
                        said.startsWith("4: what arrives was sent by nobody") || said.startsWith("4: arrives as of"));
    }

    @Test
    void aMessageOfATopicIsNoneForTheInbox() {
        topic.follows();
        Session session = topic.reads(1, 5);
        TopicSending send = topic.sent(10);
        topic.arrives(session, send, 10);
        tale.history.delivered(session, 7, "t0", Stamp.of(send), 1, 1_000);
        assertBroken("4: arrives at somebody else");
    }

    @Test
    void aGapIsToldOnlyWhereTheLogWasCut() {
        topic.follows();
        topic.gap(topic.reads(1, 5), 10);
        assertBroken("6: is told of a gap before offset 10 of news");
    }

    @Test
    void whereTheLogWasCutAGapExcusesWhatWasBefore() {
        topic.follows();
        Session session = topic.reads(1, 5);
        for (int i = 0; i <= TopicLog.HOLDS; i++) {
            topic.sent(10 + i);
        }
        topic.gap(session, 10 + TopicLog.HOLDS);
        assertBroken("1: lost");
    }

    // ---- promises 8, 9 and 15 ----

    @Test
    void aRepeatedIdIsTheSameMessage() {
        TopicSending send = topic.sent(10);
        topic.answered(send, 2, TopicTale.success(send), 10);
        verdict().isEmpty();

        topic.answered(send, 3, TopicTale.success(send), 11);
        assertBroken("8: published twice, with offset 10 and 11");
    }

    @Test
    void theSameBodyIsNoConflictAndKeepsItsId() {
        TopicSending send = topic.sent(10);
        Answer.Problem conflict = new Answer.Problem("IDEMPOTENCY_CONFLICT", false, -1, "", "other body");
        topic.answered(send, 2, Answer.problem(409, conflict), 0);
        topic.answered(send, 3, new Answer(202, "other", List.of(), true, null, null), 10);
        verdict().containsExactly("8: the same body is called another one", "8: answered with id other instead of t0");
    }

    @Test
    void nothingComesAfterItsTimeToLive() {
        topic.follows();
        Session session = topic.reads(1, 5);
        TopicSending send = topic.sent(topic.message(Duration.ofSeconds(2), true), 10);
        topic.passes(Duration.ofSeconds(6)).arrives(session, send, 10, 1);
        verdict().isEmpty();

        TopicSending other = topic.sent(topic.message(Duration.ofSeconds(2), true), 11);
        topic.passes(Duration.ofSeconds(8)).arrives(session, other, 11, 1);
        assertBroken("9: sent after its time to live");
    }

    @Test
    void aCenterThatIsWellAnswersBackEndsOfTopics() {
        Fault fault = tale.stops(Tale.CENTER);
        TopicSending send = topic.message();
        tale.history.topics().sendBegun(send, 1, Tale.CENTER);
        tale.history.topics().unanswered(send, 1, Tale.CENTER, tale.history.time(), false, "reset");
        tale.heals(fault);
        verdict().isEmpty();

        topic.passes(Duration.ofSeconds(10));
        tale.history.topics().sendBegun(send, 2, Tale.CENTER);
        tale.history.topics().unanswered(send, 2, Tale.CENTER, tale.history.time(), false, "reset");
        assertBroken("15: center-1 did not answer");
    }

    @Test
    void whatIsJudgedIsForgotten() {
        topic.follows();
        Session session = topic.reads(1, 5);
        int count = 5_000;
        for (int i = 0; i < count; i++) {
            topic.arrives(session, topic.sent(10 + i), 10 + i);
        }
        topic.passes(Duration.ofSeconds(1));
        assertThat(tale.checker.remembered()).isLessThan(count);
        topic.answered(new TopicSending(0, "shop", "news", "t0", Duration.ofDays(1), true), 61, Tale.unavailable(), 0);
        verdict().isEmpty();
    }

    @Test
    void aViolationTellsWhoFollowedAndWhatWasSent() {
        tale.bound(new EndpointId("shop", "u", "web"), 1, 0);
        topic.follows();
        topic.sent(10);
        tale.verdict();
        assertThat(tale.checker.violations().getFirst().toString())
                .contains("[message 0] [shop/u/web]")
                .containsSubsequence("shop/u is to follow news", "attempt 1 of message 0 (id t0, to topic shop/news");
    }
}
