package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Sending;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** What comes in order, and not again: promises 2 and 3. */
final class OrderTest {
    private final Tale tale = new Tale();

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

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
}
