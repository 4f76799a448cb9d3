package io.longline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.Fault;
import io.longline.deploy.check.history.Notice;
import io.longline.deploy.check.history.Reply;
import io.longline.deploy.check.history.Uplink;
import java.time.Duration;
import java.util.Set;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** Uplinks, the groups that pull them, and what is replied: promise 11. */
final class UplinkTest {
    private static final Duration LEASE = Duration.ofSeconds(5);

    private final CallTale tale = new CallTale();

    private ListAssert<String> verdict() {
        return assertThat(tale.tale.verdict());
    }

    private void assertBroken(String what) {
        verdict().singleElement().asString().contains(what);
    }

    @Test
    void whatIsKeptAndToldInOrderBreaksNothing() {
        Uplink first = tale.kept();
        Uplink second = tale.kept();
        tale.told(tale.event(first, 10)).told(tale.event(first, 10)).told(tale.event(second, 11));
        verdict().isEmpty();
    }

    @Test
    void whatIsKeptAndNeverToldIsLost() {
        tale.kept();
        assertBroken("11: lost: kept, and its callback never heard of it");
    }

    @Test
    void whatWasNotAcknowledgedNeedNotCome() {
        tale.begins();
        verdict().isEmpty();
    }

    @Test
    void whatWasKeptFirstComesFirst() {
        Uplink first = tale.kept();
        Uplink second = tale.kept();
        tale.told(tale.event(second, 11)).told(tale.event(first, 12));
        assertBroken("which comes first");
    }

    @Test
    void whatWasOnItsWayTogetherMayComeInEitherOrder() {
        Uplink first = tale.begins();
        Uplink second = tale.begins();
        tale.isTaken(second);
        tale.isTaken(first);
        tale.told(tale.event(second, 10)).told(tale.event(first, 11));
        verdict().isEmpty();
    }

    @Test
    void eventsComeFirstInTheOrderOfTheirSeqs() {
        Uplink first = tale.begins();
        Uplink second = tale.begins();
        tale.told(tale.event(second, 11)).told(tale.event(first, 10));
        assertBroken("11: seq 10 comes first after 11");
    }

    @Test
    void anIdIsKeptOnce() {
        Uplink uplink = tale.kept();
        tale.begins(uplink);
        tale.told(tale.event(uplink, 10)).told(tale.event(uplink, 11));
        assertBroken("11: is two events, e10 and e11");
    }

    @Test
    void anIdThatRedisLostMayBeKeptOnceMore() {
        Uplink uplink = tale.kept();
        tale.told(tale.event(uplink, 10)).tale.redisIsEmptied();
        tale.begins(uplink);
        tale.told(tale.event(uplink, 11));
        verdict().isEmpty();
    }

    @Test
    void anEventIdStandsForOneThing() {
        Uplink first = tale.kept();
        Uplink second = tale.kept();
        tale.told(tale.event(first, 10)).told(CallTale.event(second, "e10", 11, second.text(100)));
        assertBroken("11: an id stands for two events");
    }

    @Test
    void anUplinkIsToldAsItWasSent() {
        Uplink uplink = tale.kept();
        tale.told(tale.event(uplink, 10)).told(CallTale.event(uplink, "e11", 11, "other text"));
        assertBroken("11: an uplink that nobody sent so");
    }

    @Test
    void anUplinkIsToldOfWhoSentIt() {
        Uplink uplink = tale.kept();
        Uplink foreign = new Uplink(uplink.number(), new EndpointId("shop", "u", "web"), uplink.type(), uplink.id());
        tale.told(tale.event(uplink, 10)).told(CallTale.event(foreign, "e11", 11, uplink.text(100)));
        assertBroken("11: an uplink that nobody sent so");
    }

    @Test
    void anUplinkIsToldUnderItsId() {
        Uplink uplink = tale.kept();
        Uplink other = new Uplink(uplink.number(), uplink.endpoint(), uplink.type(), "other");
        tale.told(CallTale.event(other, "e10", 10, uplink.text(100)));
        assertBroken("11: told with the id other");
    }

    @Test
    void aGoodUplinkIsNotRefusedForGood() {
        tale.isRefused(tale.begins(), "QUEUE_FULL");
        verdict().isEmpty();
        tale.isRefused(tale.begins(), "INVALID_ARGUMENT");
        assertBroken("11: refused as INVALID_ARGUMENT");
    }

    @Test
    void aLossOfAllRedisExcusesWhatWasKeptBeforeAndNothingElse() {
        tale.kept();
        tale.tale.passes(Duration.ofMinutes(1)).redisIsEmptied();
        verdict().isEmpty();
        tale.kept();
        assertBroken("11: lost");
    }

    @Test
    void aKillOfRedisExcusesOnlyWhatWasKeptJustBefore() {
        Uplink old = tale.kept();
        tale.tale.passes(Duration.ofSeconds(30));
        tale.kept();
        Fault kill = tale.tale.begins(new Fault(99, "kill redis", Set.of("redis"), true, false, false));
        tale.tale.heals(kill);
        verdict().singleElement().asString().contains("11: lost");
        assertThat(tale.tale.checker.violations())
                .extracting(Violation::message)
                .containsExactly(old.number());
    }

    // ---- groups ----

    @Test
    void aGroupGetsAllThatWasSentSinceItBegan() {
        tale.pulls(LEASE);
        Uplink uplink = tale.kept();
        tale.told(tale.event(uplink, 10));
        assertBroken("never got it");
        tale.pulls(LEASE, tale.event(uplink, 10)).finishes();
        tale.tale.checker.judge();
        assertThat(tale.tale.checker.owedOfCalls()).isZero();
    }

    @Test
    void aGroupNeedNotGetWhatWasSentBeforeItBegan() {
        Uplink uplink = tale.kept();
        tale.told(tale.event(uplink, 10)).pulls(LEASE);
        verdict().isEmpty();
    }

    @Test
    void anUplinkIsOneConsumersAtATime() {
        Notice event = pulledOnce();
        tale.pulls(LEASE, event);
        assertBroken("to a second consumer of group");
    }

    @Test
    void anUplinkComesAgainWhenItsLeaseIsOverOrItIsGivenBack() {
        Notice event = pulledOnce();
        tale.tale.passes(LEASE.plusMillis(1));
        tale.pulls(LEASE, event).givesBack().pulls(LEASE, event);
        verdict().isEmpty();
    }

    @Test
    void whatIsFinishedDoesNotComeAgain() {
        Notice event = pulledOnce();
        tale.finishes().tale.passes(LEASE.multipliedBy(2));
        tale.pulls(LEASE, event);
        assertBroken("11: finished, and given again");
    }

    @Test
    void whatIsFinishedMayComeAgainWhereRedisLostThat() {
        Notice event = pulledOnce();
        tale.finishes().tale.redisIsEmptied();
        tale.pulls(LEASE, event);
        verdict().isEmpty();
    }

    private Notice pulledOnce() {
        Uplink uplink = tale.kept();
        Notice event = tale.event(uplink, 10);
        tale.told(event).pulls(LEASE, event);
        return event;
    }

    // ---- replies ----

    @Test
    void aReplyComesToWhoAsked() {
        Session session = tale.tale.bound(1);
        Uplink uplink = tale.kept();
        tale.told(tale.event(uplink, 10));
        tale.tale.passes(Duration.ofMinutes(1));
        tale.arrives(session, 5, uplink.id(), tale.replied(uplink, 10));
        verdict().isEmpty();
    }

    @Test
    void aReplyThatNeverComesIsLost() {
        assertReplyIsLost();
    }

    @Test
    void aReplyMayBeLostWithTheCoordinatorThatGotIt() {
        Fault fault = tale.tale.stops("coordinator-1");
        tale.tale.heals(fault);
        tale.tale.bound(1);
        Uplink uplink = tale.kept();
        tale.told(tale.event(uplink, 10)).replied(uplink, 10);
        tale.tale.passes(Duration.ofMinutes(1));
        verdict().isEmpty();
    }

    private void assertReplyIsLost() {
        tale.tale.bound(1);
        Uplink uplink = tale.kept();
        tale.told(tale.event(uplink, 10)).replied(uplink, 10);
        assertBroken("1: lost: a reply that was given");
    }

    @Test
    void aReplySaysToWhatItReplies() {
        Session session = tale.tale.bound(1);
        Uplink uplink = tale.kept();
        tale.told(tale.event(uplink, 10)).arrives(session, 5, "other", tale.replied(uplink, 10));
        assertBroken("4: a reply to other that is of somebody else");
    }

    @Test
    void aReplyThatNobodyGaveIsTold() {
        Session session = tale.tale.bound(1);
        tale.arrives(session, 5, "up-1", new Reply(Tale.PHONE, "up-1", "e1"));
        assertBroken("4: a reply that nobody gave");
    }

    @Test
    void aReplyStandsInTheOrderOfItsInbox() {
        Session session = tale.tale.bound(1);
        Uplink uplink = tale.kept();
        tale.told(tale.event(uplink, 10));
        Reply reply = tale.replied(uplink, 10);
        tale.arrives(session, 5, uplink.id(), reply).arrives(session, 4, uplink.id(), reply);
        assertBroken("2: a reply with seq 4 comes after 5 in one session");
    }

    @Test
    void whatCameToEverybodyIsForgotten() {
        Uplink uplink = tale.kept();
        tale.begins(new Uplink(7, Tale.PHONE, CallTale.ORDER, ""));
        tale.told(tale.event(uplink, 10)).tale.checker.judge();
        assertThat(tale.tale.checker.remembered()).isEqualTo(2);
        tale.tale.passes(Duration.ofMinutes(3)).checker.judge();
        assertThat(tale.tale.checker.remembered()).isZero();
    }

    @Test
    void whatWasNotToldIsNotForgotten() {
        tale.kept();
        tale.tale.passes(Duration.ofMinutes(3)).checker.judge();
        assertThat(tale.tale.checker.remembered()).isOne();
    }

    @Test
    void textsAreReadAsTheyWereWritten() {
        Uplink uplink = new Uplink(7, Tale.PHONE, "chat", "up-7");
        assertThat(Uplink.read(uplink.text(200))).contains(new Uplink(7, Tale.PHONE, "chat", ""));
        assertThat(Uplink.read(uplink.text(200) + "x")).isEmpty();
        Reply reply = new Reply(Tale.PHONE, "up-7", "3-17");
        assertThat(Reply.read(reply.text())).contains(reply);
        assertThat(Reply.read("longline-reply")).isEmpty();
    }
}
