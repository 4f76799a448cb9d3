package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Sending;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** Devices that back ends have forgotten. */
final class ForgottenTest {
    private final Tale tale = new Tale();
    private final Session session = tale.bound(1);

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    @Test
    void whatWaitedForItIsOwedToNobody() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).isForgotten(Tale.PHONE).ends(session, 3502);
        tale.looked(send, Tale.result("phone", "dropped", 10));
        verdict().isEmpty();
    }

    @Test
    void whatWaitedForItDoesNotReachWhoIsBoundAfterwards() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).isForgotten(Tale.PHONE).ends(session, 3502);
        tale.arrives(tale.bound(2), send, 10);
        assertBroken("9: sent after its device was forgotten");
    }

    @Test
    void whatIsRepeatedAfterItCameBackMayBeStoredOnceMoreWhereItsRecordWasLost() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).isForgotten(Tale.PHONE).ends(session, 3502);
        tale.looked(send, Tale.result("phone", "dropped", 10)).redisIsEmptied();
        Session next = tale.bound(2);
        tale.answered(send, Tale.stored("phone", 20));
        tale.over(send).arrives(next, send, 20).looked(send, Tale.result("phone", "acked", 20));
        verdict().isEmpty();
    }

    @Test
    void whatIsSentAfterItCameBackIsOwedToIt() {
        tale.isForgotten(Tale.PHONE).ends(session, 3502);
        tale.bound(2);
        tale.over(tale.stored(tale.message(), 10));
        assertBroken("1: lost");
    }

    @Test
    void aDeviceThatCameBackIsMissedWhereAnAnswerLeavesItOut() {
        tale.isForgotten(Tale.PHONE).ends(session, 3502);
        tale.bound(2);
        tale.over(tale.answered(tale.message(), Tale.stored("web", 10)));
        assertThat(tale.verdict()).contains("1: the answer leaves out device phone");
    }

    @Test
    void aDeviceThatIsForgottenNeedNotBeNamed() {
        tale.isForgotten(Tale.PHONE).ends(session, 3502);
        Sending send = tale.answered(tale.message(), Tale.stored("default", 10));
        tale.over(send).arrives(tale.bound(2), send, 10);
        verdict().isEmpty();
    }

    @Test
    void whatWasForWhicheverDeviceComesMayHaveGoneWithTheOneThatCame() {
        Sending send = tale.message();
        long begunAt = tale.history.sendBegun(send, 1, Tale.CENTER);
        tale.isForgotten(Tale.PHONE).ends(session, 3502);
        Answer answer = Answer.success(202, "m0", List.of(Tale.stored("default", 10)), false);
        tale.history.answered(send, 1, Tale.CENTER, begunAt, answer);
        tale.over(send).looked(send, Tale.result("phone", "dropped", 10));
        verdict().isEmpty();
    }

    @Test
    void itMayAlsoHaveGoneWithOneThatNeverHeardThatItWasBound() {
        EndpointId web = new EndpointId("shop", "u", "web");
        tale.isForgotten(Tale.PHONE).ends(session, 3502).passes(Duration.ofSeconds(1));
        Sending send = tale.answered(tale.message(), Tale.result("default", "stored", 10));
        tale.over(send).comes(web);
        tale.isForgotten(web).looked(send, Tale.result("web", "dropped", 10));
        verdict().isEmpty();
    }

    @Test
    void itDidNotGoWithOneThatNeverCame() {
        tale.isForgotten(Tale.PHONE).ends(session, 3502).passes(Duration.ofSeconds(1));
        Sending send = tale.answered(tale.message(), Tale.result("default", "stored", 10));
        tale.over(send).isForgotten(new EndpointId("shop", "u", "web"));
        assertBroken("1: lost");
    }

    @Test
    void whatIsForWhicheverDeviceComesIsOwedAfterwards() {
        tale.isForgotten(Tale.PHONE).ends(session, 3502).passes(Duration.ofSeconds(1));
        tale.over(tale.answered(tale.message(), Tale.stored("default", 10)));
        assertBroken("1: lost");
    }

    @Test
    void nobodyElseIsEndedAsForgotten() {
        tale.isForgotten(Tale.PHONE).ends(session, 3502).passes(Duration.ofSeconds(1));
        tale.ends(tale.bound(2), 3502);
        assertBroken("did nothing wrong and was ended with 3502");
    }

    @Test
    void itsSessionHearsOfIt() {
        tale.isForgotten(Tale.PHONE).passes(Duration.ofSeconds(25));
        assertBroken("was forgotten and not told so for 25 s");
    }

    @Test
    void itsSessionGetsNothingThatIsSentAfterwards() {
        tale.isForgotten(Tale.PHONE);
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(session, send, 10).ends(session, 3502);
        assertBroken("5: sent to a session that had been forgotten before");
    }

    @Test
    void whereAnAttemptWasNotAnsweredItMayHappenOnceMore() {
        Answer success = new Answer(200, "", List.of(), false, null, null);
        tale.isForgotten(Tale.PHONE, Tale.unavailable(), success).ends(session, 3502);
        Session again = tale.bound(2);
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).passes(Duration.ofSeconds(5)).ends(again, 3502);
        verdict().isEmpty();
    }

    @Test
    void itIsAnsweredInTheContractsShape() {
        Answer.Problem problem = new Answer.Problem("INTERNAL", false, -1, "", "oh");
        tale.isForgotten(Tale.PHONE, Answer.problem(500, problem));
        assertBroken("15: center-1 answered 500");
    }
}
