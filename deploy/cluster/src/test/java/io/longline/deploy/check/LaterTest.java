package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Sending;
import java.time.Duration;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** What is to be sent later. */
final class LaterTest {
    private static final EndpointId WEB = new EndpointId("shop", "u", "web");
    private static final Duration DELAY = Duration.ofSeconds(5);

    private final Tale tale = new Tale();
    private final Session session = tale.bound(1);
    private final Sending send = tale.scheduled(tale.later(DELAY));

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    @Test
    void itArrivesWhenItIsDue() {
        tale.looked(send, Tale.result("", "scheduled", 0));
        tale.passes(DELAY).arrives(session, send, 10).looked(send, Tale.result("phone", "acked", 10));
        verdict().isEmpty();
    }

    @Test
    void itArrivesNoSoonerThanItIsDue() {
        tale.passes(Duration.ofSeconds(4)).arrives(session, send, 10);
        tale.passes(DELAY).looked(send, Tale.result("phone", "acked", 10));
        assertBroken("9: arrives before it is due");
    }

    @Test
    void nobodyIsSentItBeforeItIsDue() {
        tale.looked(send, Tale.result("phone", "stored", 10));
        tale.passes(DELAY).arrives(session, send, 10);
        assertBroken("9: was sent before it was due");
    }

    @Test
    void nothingIsOwedBeforeItIsDueAndNobodyKnowsAfterwards() {
        verdict().isEmpty();
        tale.passes(DELAY);
        assertThat(tale.untold()).hasSize(1);
        assertBroken("1: is due, and was not sent");
    }

    @Test
    void whoWasToldThatItWasSentThereIsOwedIt() {
        tale.passes(DELAY).looked(send, Tale.result("phone", "stored", 10));
        assertThat(tale.untold()).isEmpty();
        assertBroken("1: lost: it never arrived");
    }

    @Test
    void everyDeviceThatIsKnownWhenItIsDueMustBeAmongThoseItWasSentTo() {
        tale.bound(WEB, 2, 0);
        tale.passes(DELAY).arrives(session, send, 10).looked(send, Tale.result("phone", "acked", 10));
        assertBroken("1: the answer leaves out device web");
    }

    @Test
    void aDeviceThatComesWhenItIsDueNeedNotGetIt() {
        tale.passes(DELAY).bound(WEB, 2, 0);
        tale.arrives(session, send, 10).looked(send, Tale.result("phone", "acked", 10));
        verdict().isEmpty();
    }

    @Test
    void aDeviceThatIsForgottenBeforeItIsDueNeedNotGetIt() {
        tale.bound(WEB, 2, 0);
        tale.isForgotten(WEB);
        tale.passes(DELAY).arrives(session, send, 10).looked(send, Tale.result("phone", "acked", 10));
        verdict().isEmpty();
    }

    @Test
    void itsTimeToLiveBeginsWhenItIsDue() {
        Sending brief = tale.scheduled(new Sending(7, "shop", "u", null, "m7", 1, Duration.ofSeconds(2), null, true)
                .at(new Sending.Later(tale.history.time() + DELAY.toNanos(), 0)));
        tale.passes(DELAY).looked(brief, Tale.result("", "expired", 0));
        tale.arrives(session, send, 10).looked(send, Tale.result("phone", "acked", 10));
        assertBroken("9: expired before its time");
    }

    // ---- recalled ----

    private void isRecalled(Sending message) {
        tale.recalls(message, Tale.result("", "recalled", 0));
    }

    @Test
    void whatIsRecalledBeforeItIsDueNeverArrives() {
        isRecalled(send);
        tale.passes(DELAY).looked(send, Tale.result("", "recalled", 0));
        verdict().isEmpty();

        tale.arrives(session, send, 10);
        assertBroken("9: arrives, though it was recalled before it was sent");
    }

    @Test
    void whatIsRecalledStaysSo() {
        isRecalled(send);
        tale.looked(send, Tale.result("", "scheduled", 0));
        assertBroken("9: was recalled for good, and is now scheduled");
    }

    @Test
    void whatIsRecalledIsNotSentAfterAll() {
        isRecalled(send);
        tale.passes(DELAY).looked(send, Tale.result("phone", "dropped", 10));
        assertThat(tale.verdict()).contains("9: was recalled for good, and is now sent");
    }

    @Test
    void aRecallLeavesItScheduledNowhere() {
        tale.recalls(send, Tale.result("", "scheduled", 0));
        assertBroken("9: recalled, and still waits");
    }

    @Test
    void nothingIsRecalledUnasked() {
        tale.looked(send, Tale.result("", "recalled", 0));
        assertBroken("9: recalled, and nobody asked for it");
    }

    @Test
    void itIsNotDroppedBeforeItIsSent() {
        tale.passes(DELAY).looked(send, Tale.result("", "dropped", 0));
        assertBroken("6: dropped (), though nothing was wrong with it");
    }

    // ---- faults ----

    @Test
    void whatMySqlKeepsIsSentAlsoAfterALossOfRedisThatTookItsRecord() {
        tale.redisIsEmptied();
        tale.passes(DELAY).notFound(send);
        assertThat(tale.untold()).hasSize(1);
        assertBroken("1: lost: it never arrived");
    }

    @Test
    void nobodyCanSayToWhomItWasSentWhereThatWasLostAndNoDeviceIsCertain() {
        Sending byDefault =
                tale.scheduled(new Sending(7, "shop", "u", "default", "m7", 1, Duration.ofDays(1), null, true)
                        .at(new Sending.Later(tale.history.time() + DELAY.toNanos(), 0)));
        tale.redisIsEmptied();
        tale.passes(DELAY).arrives(session, send, 10).looked(send, Tale.result("phone", "acked", 10));
        tale.notFound(byDefault);
        assertThat(tale.untold()).isEmpty();
        verdict().isEmpty();
    }

    @Test
    void whatRedisAloneKeptMayBeLostWithIt() {
        Sending fresh = new Sending(7, "shop", "u", null, "m7", 1, Duration.ofDays(1), null, false);
        tale.scheduled(fresh.at(new Sending.Later(tale.history.time() + DELAY.toNanos(), 0)));
        tale.redisIsEmptied();
        tale.passes(DELAY).arrives(session, send, 10).looked(send, Tale.result("phone", "acked", 10));
        tale.notFound(fresh);
        verdict().isEmpty();
    }
}
