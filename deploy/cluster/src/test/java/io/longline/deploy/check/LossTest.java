package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.Sending;
import java.time.Duration;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** What must arrive: promise 1. */
final class LossTest {
    private static final EndpointId WEB = new EndpointId("shop", "u", "web");

    private final Tale tale = new Tale();

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

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
}
