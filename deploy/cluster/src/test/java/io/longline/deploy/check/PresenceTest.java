package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Notice;
import java.time.Duration;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** Who comes and goes, and what became of messages, as back ends are told: promises 11 and 12. */
final class PresenceTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final CallTale tale = new CallTale().withPresence();

    private ListAssert<String> verdict() {
        return assertThat(tale.tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    @Test
    void whatIsToldAsItIsBreaksNothing() {
        Session session = tale.tale.bound(1);
        tale.tellsPresence(Notice.ONLINE, 1).logs(0, false, CallTale.entry(5, Notice.ONLINE, 1));
        tale.tale.passes(LONG);
        tale.snapshot(Tale.PHONE);
        verdict().isEmpty();
        tale.ends(session, 0, "dropped").tellsPresence(Notice.OFFLINE, 1);
        tale.logs(5, false, CallTale.entry(6, Notice.OFFLINE, 1)).tale.passes(LONG);
        tale.snapshot();
        verdict().isEmpty();
    }

    @Test
    void whoIsOnlineIsTold() {
        tale.tale.bound(1);
        tale.tale.passes(LONG);
        assertBroken("12: is online, and its callback was told nothing last");
    }

    @Test
    void whoHasGoneIsTold() {
        Session session = tale.tale.bound(1);
        tale.tellsPresence(Notice.ONLINE, 1).ends(session, 0, "dropped").tale.passes(LONG);
        assertBroken("12: is offline, and its callback was told online last");
    }

    @Test
    void whoHasJustGoneMayNotHaveBeenTold() {
        Session session = tale.tale.bound(1);
        tale.tellsPresence(Notice.ONLINE, 1).ends(session, 0, "dropped").tale.passes(Duration.ofSeconds(2));
        verdict().isEmpty();
        assertThat(tale.tale.checker.untoldPresence()).isOne();
    }

    @Test
    void whoWasToldOnlineMayBeForgottenWithRedis() {
        Session session = tale.tale.bound(1);
        tale.tellsPresence(Notice.ONLINE, 1).tale.redisIsEmptied();
        tale.ends(session, 0, "dropped").tale.passes(LONG);
        verdict().isEmpty();
    }

    @Test
    void generationsNeverFall() {
        tale.tale.bound(2);
        tale.tellsPresence(Notice.ONLINE, 2).tellsPresence(Notice.OFFLINE, 1).tellsPresence(Notice.ONLINE, 2);
        assertBroken("12: its callback is told presence.offline of generation 1 after 2");
    }

    @Test
    void generationsNeverFallInTheLog() {
        tale.logs(0, false, CallTale.entry(5, Notice.ONLINE, 2), CallTale.entry(6, Notice.OFFLINE, 1));
        assertBroken("12: the log is told presence.offline of generation 1 after 2");
    }

    @Test
    void theLogAgreesWithWhatIsSo() {
        tale.tale.bound(1);
        tale.tellsPresence(Notice.ONLINE, 1).logs(0, false, CallTale.entry(5, Notice.OFFLINE, 1));
        tale.tale.passes(LONG);
        assertBroken("12: is online, and the log was told offline last");
    }

    @Test
    void theSnapshotAgreesWithWhatIsSo() {
        tale.tale.bound(1);
        tale.tellsPresence(Notice.ONLINE, 1).tale.passes(LONG);
        tale.snapshot();
        assertBroken("12: is online, and the snapshot says otherwise");
    }

    @Test
    void theLogIsInOrder() {
        tale.logs(0, false, CallTale.entry(5, Notice.ONLINE, 1), CallTale.entry(5, Notice.OFFLINE, 1));
        assertBroken("12: id 5 stands behind 5 in the log");
    }

    @Test
    void aLogThatLostNothingHasNoGap() {
        tale.logs(7, true);
        assertBroken("12: a gap in the log of shop");
    }

    // ---- what became of messages ----

    @Test
    void whatItsClientDidNotAcknowledgeIsNotToldToBe() {
        Session session = tale.tale.bound(1);
        tale.tale.history.ackSent(session, 10);
        tale.tellsPresence(Notice.ONLINE, 1).tellsEnd(Notice.ACKED, 10, "m10");
        verdict().isEmpty();
        tale.tellsEnd(Notice.ACKED, 11, "m11");
        assertBroken("11: told to be acknowledged, which its client has not done beyond seq 10");
    }

    @Test
    void whatABindNamesIsAcknowledged() {
        tale.tale.bound(Tale.PHONE, 1, 10);
        tale.tellsEnd(Notice.ACKED, 10, "m10");
        verdict().isEmpty();
    }

    @Test
    void whatNeverCameIntoAnInboxHasNoSeqAndEachItsOwnEnd() {
        tale.tellsEnd("message.dropped", 0, "m1").tellsEnd("message.dropped", 0, "m2");
        verdict().isEmpty();
        tale.tellsEnd("message.expired", 0, "m1");
        assertBroken("3: has two ends");
    }

    @Test
    void anEndIsForGood() {
        Session session = tale.tale.bound(1);
        tale.tale.history.ackSent(session, 10);
        tale.tellsEnd("message.expired", 10, "m10").tellsEnd(Notice.ACKED, 10, "m10");
        assertBroken("3: has two ends");
    }
}
