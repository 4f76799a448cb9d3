package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.Sending;
import io.longline.deploy.check.history.Stamp;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** Whom something reaches, and who has an endpoint: promises 4 and 5. */
final class AddresseeTest {
    private final Tale tale = new Tale();

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    @Test
    void aMessageReachesNobodyElse() {
        Session stranger = tale.bound(new EndpointId("shop", "somebody", "phone"), 1, 0);
        Sending send = tale.stored(tale.message(), 10);
        tale.over(send).arrives(tale.bound(2), send, 10).arrives(stranger, send, 10);
        assertBroken("4: arrives at somebody else");
    }

    @Test
    void whatNobodySentOrWasDamagedIsNoMessage() {
        Session session = tale.bound(1);
        tale.history.delivered(session, 10, "m", null, 1, 1_000);
        tale.history.delivered(session, 11, "m", new Stamp(7, "shop", List.of("u/*")), 1, 1_000);
        verdict().hasSize(2).allMatch(said -> said.startsWith("4: what arrives was sent by nobody"));
    }

    @Test
    void aReplacedSessionGetsNothingThatWasSentAfterwards() {
        Session older = tale.bound(1);
        Sending before = tale.stored(tale.message(), 10);
        Session newer = tale.bound(2);
        Sending after = tale.stored(tale.message(), 11);
        tale.over(before).over(after).arrives(older, before, 10).arrives(newer, before, 10);
        tale.arrives(newer, after, 11).arrives(older, after, 11);
        assertBroken("5: sent to a session that had been replaced before");
    }

    @Test
    void whoIsReplacedHearsOfItInTimeUnlessAFaultIsInTheWay() {
        tale.bound(1);
        tale.bound(2);
        Fault fault = tale.stops("room-1");
        tale.passes(Duration.ofSeconds(60)).checker.judge();
        tale.heals(fault).passes(Duration.ofSeconds(10)).checker.judge();
        assertThat(tale.checker.violations()).isEmpty();
        tale.passes(Duration.ofSeconds(15));
        assertBroken("was replaced and not told so");
    }

    @Test
    void aGenerationIsGivenOnceAndNobodyIsReplacedByNobody() {
        Session first = tale.bound(1);
        tale.ends(first, 0).passes(Duration.ofMinutes(1));
        Session second = tale.bound(1);
        tale.ends(second, 3501);
        verdict().containsExactly("5: generation 1 was given twice", "5: called replaced, though nobody else bound it");
    }

    @Test
    void whoCannotReachItsRoomBindsWhenItCan() {
        Fault cut = tale.begins(new Fault(1, "black hole outside - room-1", Set.of("room-1"), false, false));
        tale.comes(Tale.PHONE);
        tale.passes(Duration.ofMinutes(1)).heals(cut);
        Session session = tale.bound(2);
        tale.ends(session, 3501);
        verdict().isEmpty();

        tale.passes(Duration.ofMinutes(1));
        tale.ends(tale.bound(3), 3501);
        verdict().containsExactly("5: called replaced, though nobody else bound it");
    }
}
