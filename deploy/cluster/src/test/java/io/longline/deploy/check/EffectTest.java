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

/** What has no second effect, and what ends a message: promises 6, 8 and 9. */
final class EffectTest {
    private static final EndpointId WEB = new EndpointId("shop", "u", "web");

    private final Tale tale = new Tale();

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

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

    @Test
    void whatWasRefusedAndThenRecalledIsForNobody() {
        tale.bound(1);
        Sending send = tale.answered(tale.message(), Tale.overLimit());
        tale.recalls(send, Tale.result("", "recalled", 0));
        tale.answered(send, Tale.result("", "recalled", 0));
        verdict().isEmpty();
    }
}
