package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.Sending;
import java.time.Duration;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** What is as it should be, and what the checker tells and remembers; a test for each promise is in one of the other classes. */
final class CheckerTest {
    private final Tale tale = new Tale();

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    @Test
    void aGoodHistoryBreaksNothing() {
        Session session = tale.bound(1);
        Sending first = tale.stored(tale.message(), 10);
        Sending second = tale.stored(tale.message(), 11);
        tale.over(first).over(second).arrives(session, first, 10).arrives(session, second, 11);
        tale.looked(first, Tale.result("phone", "acked", 10)).ends(session, 0);
        Session again = tale.bound(Tale.PHONE, 2, 11);
        Sending third = tale.stored(tale.message(), 12);
        tale.arrives(again, third, 12).over(third);
        verdict().isEmpty();
    }

    @Test
    void whatWasNotAcknowledgedMayComeAgain() {
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(tale.bound(1), send, 10).arrives(tale.bound(2), send, 10);
        verdict().isEmpty();
    }

    @Test
    void whatExpiredIsNotMissed() {
        Sending send = tale.stored(tale.message(Duration.ofSeconds(2), true, null), 10);
        tale.over(send).passes(Duration.ofSeconds(3));
        verdict().isEmpty();
    }

    @Test
    void whatWasNeverAnsweredWithSuccessNeedNotCome() {
        Sending send = tale.answered(tale.message(), Tale.unavailable());
        tale.over(send);
        verdict().isEmpty();
    }

    @Test
    void aViolationTellsWhatHappenedToItsMessageItsEndpointAndTheCluster() {
        Session session = tale.bound(1);
        Fault fault = tale.stops("saver-1");
        Sending send = tale.stored(tale.message(), 10);
        tale.heals(fault).over(send).ends(session, 0);
        tale.verdict();
        String told = tale.checker.violations().getFirst().toString();
        assertThat(told)
                .contains("promise 1: lost: it never arrived [message 0] [shop/u/phone]")
                .containsSubsequence(
                        "is bound, generation 1",
                        "fault 1: stop saver-1 BEGINS",
                        "attempt 1 of message 0 (id m0",
                        "[phone stored seq 10]",
                        "fault 1: stop saver-1 ends",
                        "ends, code 0");
    }

    @Test
    void whatIsJudgedIsForgottenButNotWhatWasAcknowledged() {
        Session session = tale.bound(1);
        int count = 25_000;
        for (int i = 0; i < count; i++) {
            Sending send = tale.stored(tale.message(), 10 + i);
            tale.over(send).arrives(session, send, 10 + i);
            if (i % 1_000 == 999) {
                tale.ends(session, 0);
                session = tale.bound(Tale.PHONE, 2 + i, 10 + i);
                tale.passes(Duration.ofSeconds(1)).checker.judge();
            }
        }
        assertThat(tale.checker.open()).isZero();
        assertThat(tale.checker.remembered()).isLessThan(count);
        Sending first = new Sending(0, "shop", "u", null, "m0", 1, Duration.ofDays(1), null, true);
        tale.ends(session, 0).arrives(tale.bound(count * 2L), first, 10);
        assertBroken("3: sent again");
    }
}
