package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.Sending;
import java.time.Duration;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** What clients and back ends are told: promises 13 and 15. */
final class BlameTest {
    private final Tale tale = new Tale();

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

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
}
