package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Kick;
import io.longline.deploy.check.history.Sending;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** Whom back ends kick and block. */
final class KickTest {
    private static final Duration BLOCK = Duration.ofSeconds(10);

    private final CallTale tale = new CallTale();
    private final Session session = tale.tale.bound(1);

    private ListAssert<String> verdict() {
        return assertThat(tale.tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    @Test
    void whoIsKickedIsEndedAndBlockedForAWhile() {
        Kick kick = tale.kicks(BLOCK);
        tale.ends(session, 3502, kick.reason());
        tale.ends(tale.tale.history.binding(Tale.PHONE, "client", "room-1", 0), 3505, "refused");
        tale.tale.passes(BLOCK);
        tale.tale.bound(2);
        verdict().isEmpty();
    }

    @Test
    void whoIsKickedIsToldSo() {
        tale.kicks(Duration.ZERO);
        tale.tale.passes(Duration.ofSeconds(25));
        assertBroken("5: session 1 (client, room-1) was kicked and not told so for 25 s");
    }

    @Test
    void aFaultMayKeepItFromBeingTold() {
        tale.kicks(Duration.ZERO);
        tale.tale.heals(tale.tale.stops("coordinator-1")).passes(Duration.ofSeconds(25));
        verdict().isEmpty();
    }

    @Test
    void whoIsKickedGetsNothingThatIsSentAfterwards() {
        Kick kick = tale.kicks(Duration.ZERO);
        Sending send = tale.tale.stored(tale.tale.message(), 10);
        tale.tale.over(send).arrives(session, send, 10);
        tale.ends(session, 3502, kick.reason());
        assertBroken("5: sent to a session that had been kicked before");
    }

    @Test
    void whoIsBlockedIsNotBound() {
        tale.ends(session, 3502, tale.kicks(BLOCK).reason());
        tale.tale.bound(2);
        assertBroken("is bound, though blocked by kick");
    }

    @Test
    void aLossOfRedisEndsBlocks() {
        tale.ends(session, 3502, tale.kicks(BLOCK).reason()).tale.redisIsEmptied();
        tale.tale.bound(2);
        verdict().isEmpty();
    }

    @Test
    void aLaterKickMayEndABlock() {
        tale.ends(session, 3502, tale.kicks(BLOCK).reason());
        tale.kicks(Duration.ZERO);
        tale.tale.bound(2);
        verdict().isEmpty();
    }

    @Test
    void nobodyElseIsEndedAsKicked() {
        tale.ends(session, 3502, "");
        assertBroken("13: session 1 (client, room-1) did nothing wrong and was ended with 3502");
    }

    @Test
    void whoBeganAfterTheKickIsNotEndedByIt() {
        tale.ends(session, 3502, tale.kicks(Duration.ZERO).reason());
        tale.ends(tale.tale.bound(2), 3502, "");
        assertBroken("did nothing wrong and was ended with 3502");
    }

    @Test
    void nobodyIsBlockedForLonger() {
        tale.ends(session, 3502, tale.kicks(BLOCK).reason()).tale.passes(BLOCK.multipliedBy(3));
        tale.ends(tale.tale.bound(2), 3505, "refused");
        assertBroken("did nothing wrong and was ended with 3505");
    }

    @Test
    void whoIsEndedHearsTheReasonOfItsOwnKick() {
        tale.kicks(Duration.ZERO);
        tale.ends(session, 3502, Kick.REASON + "somebody");
        assertBroken("5: ended for a kick of somebody else");
    }

    @Test
    void aLinkOnWhichNobodyWasBoundMayEndForTheSakeOfAnother() {
        Session beside = tale.tale.history.binding(Tale.PHONE, "client", "room-1", 0);
        tale.ends(beside, 3502, Kick.REASON + "somebody");
        verdict().isEmpty();
    }

    @Test
    void whatWasNotAnsweredMayHappenLater() {
        Kick kick = new Kick(7, "shop", Set.of("u"), null, Duration.ZERO, Kick.REASON + 7);
        long begunAt = tale.tale.history.calls().kickBegun(kick);
        tale.tale.history.calls().kickAnswered(kick, Tale.CENTER, begunAt, Tale.unavailable());
        tale.tale.history.calls().kickOver(kick, begunAt, false);
        tale.tale.passes(Duration.ofSeconds(30));
        tale.ends(session, 3502, kick.reason());
        tale.ends(tale.tale.bound(2), 3502, kick.reason());
        verdict().isEmpty();
    }

    @Test
    void aKickIsAnsweredInTheContractsShape() {
        Kick kick = new Kick(7, "shop", Set.of("u"), null, Duration.ZERO, Kick.REASON + 7);
        long begunAt = tale.tale.history.calls().kickBegun(kick);
        tale.tale
                .history
                .calls()
                .kickAnswered(kick, Tale.CENTER, begunAt, new Answer(500, "", List.of(), false, null, null));
        tale.tale.history.calls().kickOver(kick, begunAt, false);
        assertBroken("15: center-1 answered 500");
    }
}
