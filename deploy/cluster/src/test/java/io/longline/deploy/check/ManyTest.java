package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Sending;
import io.longline.deploy.check.history.Stamp;
import java.util.List;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** Messages to lists, and what is refused because of a limit. */
final class ManyTest {
    private static final EndpointId OTHER = new EndpointId("shop", "v", "phone");

    private final Tale tale = new Tale();
    private final Session session = tale.bound(1);
    private final Session other = tale.bound(OTHER, 1, 0);
    private final List<Sending> list = tale.list("u", "v");
    private final Sending first = list.getFirst();
    private final Sending second = list.getLast();

    private ListAssert<String> verdict() {
        return assertThat(tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    private static Answer.Result ofOther(String status, long seq) {
        return new Answer.Result("v", "phone", status, "", seq);
    }

    private void isStored() {
        tale.over(tale.stored(first, 10)).over(tale.answered(second, ofOther("stored", 77)));
    }

    @Test
    void aListReachesEachOfItsTargets() {
        isStored();
        tale.history.delivered(session, 10, "m0", stamp(), 1, 1_000);
        tale.history.delivered(other, 77, "m0", stamp(), 1, 1_000);
        tale.looked(first, Tale.result("phone", "acked", 10), ofOther("acked", 77));
        tale.looked(second, Tale.result("phone", "acked", 10), ofOther("acked", 77));
        verdict().isEmpty();
    }

    private Stamp stamp() {
        return Stamp.of(list);
    }

    @Test
    void aTargetThatNeverGetsItHasLostIt() {
        isStored();
        tale.history.delivered(session, 10, "m0", stamp(), 1, 1_000);
        assertThat(tale.checker.finish()).singleElement().satisfies(lost -> {
            assertThat(lost.what()).startsWith("lost");
            assertThat(lost.endpoint()).isEqualTo("shop/v/phone");
        });
    }

    @Test
    void whoIsNoTargetMustNotGetIt() {
        isStored();
        tale.history.delivered(session, 10, "m0", stamp(), 1, 1_000);
        tale.history.delivered(other, 77, "m0", stamp(), 1, 1_000);
        Session stranger = tale.bound(new EndpointId("shop", "w", "phone"), 1, 0);
        tale.history.delivered(stranger, 5, "m0", stamp(), 1, 1_000);
        assertBroken("4: arrives at somebody else");
    }

    @Test
    void aRepeatedListHasNoSecondEffectAtATargetThatHasIt() {
        isStored();
        tale.answered(second, ofOther("stored", 78));
        tale.history.delivered(session, 10, "m0", stamp(), 1, 1_000);
        tale.history.delivered(other, 78, "m0", stamp(), 1, 1_000);
        assertBroken("8: stored twice, with seq 77 and 78");
    }

    @Test
    void aTargetThatFailedIsOwedNothingUntilARepetitionReachesIt() {
        tale.over(tale.stored(first, 10));
        tale.answered(second, Tale.unavailable());
        tale.history.delivered(session, 10, "m0", stamp(), 1, 1_000);
        tale.checker.judge();
        assertThat(tale.checker.owed(tale.history.time())).isEmpty();
        tale.over(tale.answered(second, ofOther("stored", 77)));
        assertBroken("1: lost");
    }

    @Test
    void oneMessageToOneUserTellsOfNobodyElse() {
        Sending send = tale.stored(tale.message(), 20);
        tale.over(send).arrives(session, send, 20);
        tale.looked(send, Tale.result("phone", "acked", 20), ofOther("acked", 21));
        assertBroken("4: told of another user");
    }

    @Test
    void aRecallOfAListLeavesItWaitingNowhere() {
        isStored();
        tale.recalls(first, Tale.result("phone", "recalled", 10), ofOther("stored", 77));
        tale.recalls(second, Tale.result("phone", "recalled", 10), ofOther("stored", 77));
        assertBroken("9: recalled, and still waits");
    }

    // ---- limits ----

    @Test
    void whatIsRefusedNeitherArrivesNorIsKnown() {
        Sending send = tale.answered(tale.message(), Tale.overLimit());
        tale.over(send).notFound(send);
        verdict().isEmpty();

        tale.arrives(session, send, 10);
        assertBroken("6: arrives, though it was refused");
    }

    @Test
    void whatIsRefusedIsNotClaimedEither() {
        Sending send = tale.answered(tale.message(), Tale.overLimit());
        tale.over(send).looked(send, Tale.stored("phone", 10));
        verdict().contains("6: was refused, and is known all the same");
    }

    @Test
    void whatIsRefusedOfAListIsRecalledWithTheList() {
        Sending send = tale.answered(tale.message(), Tale.overLimit());
        tale.over(send).recalls(send, Tale.result("", "recalled", 0));
        tale.looked(send, Tale.result("", "recalled", 0));
        verdict().isEmpty();

        tale.looked(send, Tale.result("phone", "acked", 10));
        verdict().contains("6: was refused, and is known all the same");
    }

    @Test
    void whatMayHaveHappenedBeforeItWasRefusedMayArrive() {
        Sending send = tale.answered(tale.message(), Tale.unavailable());
        tale.answered(send, Tale.overLimit());
        tale.over(send).arrives(session, send, 10);
        verdict().isEmpty();
    }

    @Test
    void aRefusalLeavesNoDoubtOfWhatWasRecalledAfterwards() {
        Sending send = tale.answered(tale.message(), Tale.overLimit());
        tale.stored(send, 10);
        tale.over(send).recalls(send, Tale.stored("phone", 10));
        assertBroken("9: recalled, and still waits");
    }
}
