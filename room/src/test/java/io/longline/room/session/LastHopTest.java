package io.longline.room.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.room.fake.Sample;
import io.longline.room.fake.TestLink;
import io.longline.room.fake.TestLoop;
import io.longline.v1.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastHopTest {
    private static final long NOW = 100;

    private final TestLink link = new TestLink(new TestLoop());
    private final LastHop lastHop = new LastHop(link, 5, 2);
    private final List<HintOutcome> answers = new ArrayList<>();

    private static Hint hint(long seq, long before) {
        return new Hint(seq, before, Sample.message(seq));
    }

    private void openAt(long acked) {
        lastHop.open(acked);
        lastHop.loaded(Sample.last(), NOW);
    }

    private List<Long> seqs() {
        return link.frames().stream()
                .filter(ServerFrame::hasPush)
                .map(frame -> frame.getPush().getSeq())
                .toList();
    }

    private long caughtUps() {
        return link.frames().stream().filter(ServerFrame::hasCaughtUp).count();
    }

    @Test
    void aHintThatFollowsWhatWasSentIsWrittenAtOnce() {
        openAt(10);

        assertThat(lastHop.take(hint(12, 10), NOW)).isEqualTo(HintOutcome.WRITTEN);

        assertThat(seqs()).containsExactly(12L);
        assertThat(link.frames().getLast().getPush().getRef()).isEqualTo(5);
        assertThat(link.frames().getLast().getPush().getTtlMs()).isEqualTo(999_900);
        assertThat(lastHop.wantsLoad()).isFalse();
    }

    @Test
    void aHintThatLeavesAGapIsAnsweredAfterALoad() {
        openAt(10);

        assertThat(lastHop.take(hint(14, 12), NOW)).isEqualTo(HintOutcome.AFTER_LOAD);
        assertThat(lastHop.wantsLoad()).isTrue();
        lastHop.beginLoad();
        lastHop.afterLoad(14, answers::add);
        assertThat(answers).isEmpty();
        lastHop.loaded(Sample.last(12, 14), NOW);

        assertThat(answers).containsExactly(HintOutcome.WRITTEN);
        assertThat(seqs()).containsExactly(12L, 14L);
    }

    @Test
    void aHintForWhatWasWrittenIsWrittenUntilTheClientHasIt() {
        openAt(10);
        lastHop.take(hint(12, 10), NOW);

        assertThat(lastHop.take(hint(12, 10), NOW)).isEqualTo(HintOutcome.WRITTEN);
        lastHop.ack(12);

        assertThat(lastHop.take(hint(12, 10), NOW)).isEqualTo(HintOutcome.QUEUED);
        assertThat(lastHop.wantsLoad()).isFalse();
        assertThat(seqs()).containsExactly(12L);
    }

    @Test
    void aHintForWhatALoadPassedOverIsNotCalledWritten() {
        openAt(10);
        lastHop.take(hint(14, 12), NOW);
        lastHop.beginLoad();
        lastHop.afterLoad(14, answers::add);
        lastHop.afterLoad(12, answers::add); // a newer one took its place: the load does not bring it
        lastHop.loaded(Sample.last(14), NOW);

        assertThat(answers).containsExactly(HintOutcome.WRITTEN, HintOutcome.QUEUED);
        assertThat(lastHop.take(hint(12, 10), NOW)).isEqualTo(HintOutcome.QUEUED);
        assertThat(seqs()).containsExactly(14L);
    }

    @Test
    void anAckOfAnyUnsignedNumberBeyondWhatWasSentCountsAsFarAsWasSent() {
        openAt(10);
        lastHop.take(hint(12, 10), NOW);

        assertThat(lastHop.ack(Long.MIN_VALUE + 5)).isTrue();

        assertThat(lastHop.acked()).isEqualTo(12);
        assertThat(lastHop.ack(-1)).isFalse();
    }

    @Test
    void aClosedWindowQueuesAndAnAckOpensIt() {
        openAt(0);
        lastHop.take(hint(1, 0), NOW);
        lastHop.take(hint(2, 1), NOW);

        assertThat(lastHop.take(hint(3, 2), NOW)).isEqualTo(HintOutcome.QUEUED);
        assertThat(lastHop.wantsLoad()).isFalse();
        assertThat(lastHop.ack(1)).isTrue();

        assertThat(lastHop.wantsLoad()).isTrue();
        assertThat(lastHop.free()).isEqualTo(1);
    }

    @Test
    void aSlowLinkQueuesUntilItTakesThingsAgain() {
        openAt(0);
        link.writable(false);

        assertThat(lastHop.take(hint(1, 0), NOW)).isEqualTo(HintOutcome.QUEUED);
        assertThat(lastHop.wantsLoad()).isFalse();
        link.writable(true);

        assertThat(lastHop.wantsLoad()).isTrue();
    }

    @Test
    void aLinkThatGetsSlowWithinAPageGetsTheRestByAnotherLoad() {
        openAt(0);
        lastHop.take(new Hint(2, 1, null), NOW);
        lastHop.beginLoad();
        link.onWrite(frame -> link.writable(false));

        lastHop.loaded(Sample.last(1, 2), NOW);
        assertThat(seqs()).containsExactly(1L);
        link.writable(true);

        assertThat(lastHop.wantsLoad()).isTrue();
        assertThat(lastHop.sent()).isEqualTo(1);
    }

    @Test
    void whatIsHintedBeforeItIsOpenedIsLoadedAfterwards() {
        assertThat(lastHop.take(hint(3, 0), NOW)).isEqualTo(HintOutcome.QUEUED);
        assertThat(lastHop.wantsLoad()).isFalse();

        lastHop.open(0);
        lastHop.loaded(Sample.last(1), NOW);

        assertThat(lastHop.wantsLoad()).isTrue();
    }

    @Test
    void caughtUpIsToldOnceWhenThePagesRunDry() {
        lastHop.open(0);
        lastHop.loaded(Sample.first(1, 2), NOW);
        assertThat(caughtUps()).isZero();
        lastHop.ack(2);
        lastHop.beginLoad();
        lastHop.loaded(Sample.last(3), NOW);

        assertThat(caughtUps()).isEqualTo(1);
        assertThat(link.frames().getLast().getCaughtUp().getSeq()).isEqualTo(3);
        lastHop.ack(3);
        lastHop.reload();
        lastHop.beginLoad();
        lastHop.loaded(Sample.last(), NOW);
        assertThat(caughtUps()).isEqualTo(1);
    }

    @Test
    void whatWasHintedAndIsGoneIsNotAskedForAgain() {
        openAt(0);
        lastHop.take(new Hint(9, 0, null), NOW);
        lastHop.beginLoad();
        lastHop.afterLoad(9, answers::add);

        lastHop.loaded(new Page(List.of(), false, 0), NOW);

        assertThat(lastHop.wantsLoad()).isFalse();
        assertThat(answers).containsExactly(HintOutcome.QUEUED);
    }

    @Test
    void aReloadDuringALoadMakesAnotherOne() {
        openAt(0);
        lastHop.take(new Hint(9, 0, null), NOW);
        lastHop.beginLoad();

        lastHop.reload();
        lastHop.loaded(new Page(List.of(), false, 0), NOW);

        assertThat(lastHop.wantsLoad()).isTrue();
    }

    @Test
    void aHintDuringALoadThatNobodyHintedAtIsNotTakenForWhatThatLoadSaw() {
        openAt(0);
        lastHop.reload();
        lastHop.beginLoad();

        lastHop.take(hint(1, 0), NOW); // stored after the load has read
        lastHop.loaded(new Page(List.of(), false, 0), NOW);

        assertThat(lastHop.wantsLoad()).isTrue();
    }

    @Test
    void hintsThatWaitWhileALoadFailsAreAnsweredQueued() {
        openAt(0);
        lastHop.take(new Hint(9, 0, null), NOW);
        lastHop.beginLoad();
        lastHop.afterLoad(9, answers::add);

        lastHop.loadFailed();
        lastHop.afterLoad(10, answers::add);

        assertThat(answers).containsExactly(HintOutcome.QUEUED, HintOutcome.QUEUED);
    }

    @Test
    void noMoreHintsWaitThanTheWindowHolds() {
        openAt(0);
        lastHop.take(new Hint(9, 0, null), NOW);
        lastHop.beginLoad();

        lastHop.afterLoad(7, answers::add);
        lastHop.afterLoad(8, answers::add);
        lastHop.afterLoad(9, answers::add);

        assertThat(answers).containsExactly(HintOutcome.QUEUED);
    }

    @Test
    void aHintThatNeedsTheNextLoadWaitsForIt() {
        openAt(0);
        lastHop.take(new Hint(1, 0, null), NOW);
        lastHop.beginLoad();
        lastHop.take(hint(2, 1), NOW);
        lastHop.afterLoad(2, answers::add);

        lastHop.loaded(Sample.last(1), NOW);
        assertThat(answers).isEmpty();
        lastHop.beginLoad();
        lastHop.loaded(Sample.last(2), NOW);

        assertThat(answers).containsExactly(HintOutcome.WRITTEN);
    }

    @Test
    void hintsThatWaitWhenTheSessionEndsAreStale() {
        openAt(0);
        lastHop.take(new Hint(9, 0, null), NOW);
        lastHop.beginLoad();
        lastHop.afterLoad(9, answers::add);

        lastHop.close();

        assertThat(answers).containsExactly(HintOutcome.STALE);
        lastHop.loaded(Sample.last(9), NOW);
        assertThat(seqs()).isEmpty();
    }

    @Test
    void whatHasExpiredIsNotWrittenButReportedAndPassed() {
        openAt(0);

        assertThat(lastHop.take(new Hint(1, 0, Sample.expiring(1, NOW)), NOW)).isEqualTo(HintOutcome.QUEUED);

        assertThat(seqs()).isEmpty();
        assertThat(lastHop.takeDrops()).containsExactly(new Drop(1, "m1", Drop.Reason.EXPIRED));
        assertThat(lastHop.takeDrops()).isEmpty();
        assertThat(lastHop.take(hint(2, 1), NOW)).isEqualTo(HintOutcome.WRITTEN);
    }

    @Test
    void promise09OfACollapseKeyOnlyTheNewestOfAPageIsWritten() {
        lastHop.open(0);

        lastHop.loaded(
                new Page(
                        List.of(
                                new StoredMessage(1, Sample.keyed(1, "score")),
                                new StoredMessage(2, Sample.keyed(2, "weather")),
                                new StoredMessage(3, Sample.keyed(3, "score"))),
                        false,
                        3),
                NOW);

        assertThat(seqs()).containsExactly(2L, 3L);
        assertThat(lastHop.takeDrops()).containsExactly(new Drop(1, "m1", Drop.Reason.COLLAPSED));
        assertThat(lastHop.ack(3)).isTrue();
        assertThat(lastHop.free()).isEqualTo(2);
    }

    @Test
    void oneThatHasExpiredTakesNobodysPlace() {
        lastHop.open(0);

        lastHop.loaded(
                new Page(
                        List.of(
                                new StoredMessage(1, Sample.keyed(1, "score")),
                                new StoredMessage(2, Sample.keyed(2, "score", NOW)),
                                new StoredMessage(3, Sample.message(3)),
                                new StoredMessage(4, Sample.message(4))),
                        false,
                        4),
                NOW);

        assertThat(seqs()).containsExactly(1L, 3L);
        assertThat(lastHop.takeDrops()).containsExactly(new Drop(2, "m2", Drop.Reason.EXPIRED));
    }

    @Test
    void nowOrNeverIsWrittenInOrderOrRefused() {
        openAt(0);

        assertThat(lastHop.take(new Hint(1, 0, Sample.nowOrNever(1)), NOW)).isEqualTo(HintOutcome.WRITTEN);
        assertThat(lastHop.take(new Hint(1, 0, Sample.nowOrNever(1)), NOW)).isEqualTo(HintOutcome.WRITTEN);
        assertThat(lastHop.take(new Hint(4, 3, Sample.nowOrNever(4)), NOW)).isInstanceOf(HintOutcome.Refused.class);
        assertThat(lastHop.wantsLoad()).as("what was refused is not waited for").isFalse();

        lastHop.take(hint(5, 1), NOW);
        assertThat(lastHop.take(new Hint(6, 5, Sample.nowOrNever(6)), NOW)).isInstanceOf(HintOutcome.Refused.class);
        assertThat(lastHop.take(new Hint(4, 1, Sample.nowOrNever(4)), NOW)).isInstanceOf(HintOutcome.Refused.class);
        assertThat(seqs()).containsExactly(1L, 5L);
    }

    @Test
    void qosZeroNeedsNoPlaceInTheOrder() {
        Hint hint = new Hint(0, 0, Sample.fleeting());
        assertThat(lastHop.take(hint, NOW)).as("before it is opened").isInstanceOf(HintOutcome.Refused.class);
        openAt(7);

        assertThat(lastHop.take(hint, NOW)).isEqualTo(HintOutcome.WRITTEN);
        assertThat(link.frames().getLast().getPush().hasSeq()).isFalse();
        assertThat(link.frames().getLast().getPush().getPriority()).isEqualTo("high");
        link.writable(false);

        assertThat(lastHop.take(hint, NOW)).isInstanceOf(HintOutcome.Refused.class);
        assertThat(lastHop.sent()).isEqualTo(7);
    }

    @Test
    void anAckBeyondWhatWasSentIsClamped() {
        openAt(0);
        lastHop.take(hint(3, 0), NOW);

        assertThat(lastHop.ack(Long.MAX_VALUE)).isTrue();

        assertThat(lastHop.acked()).isEqualTo(3);
        assertThat(lastHop.ack(3)).isFalse();
        assertThat(lastHop.free()).isEqualTo(2);
    }

    @Test
    void aNowOrNeverThatWasWrittenAndAcknowledgedIsWrittenAlsoWhenItIsHintedAgain() {
        openAt(0);
        lastHop.take(new Hint(3, 0, Sample.nowOrNever(3)), NOW);
        lastHop.ack(3);

        assertThat(lastHop.take(new Hint(3, 0, Sample.nowOrNever(3)), NOW)).isEqualTo(HintOutcome.WRITTEN);
        assertThat(lastHop.take(new Hint(2, 0, Sample.nowOrNever(2)), NOW)).isInstanceOf(HintOutcome.Refused.class);
        assertThat(seqs()).containsExactly(3L);
    }

    @Test
    void aNowOrNeverThatIsLoadedIsPassedAndReportedWhateverTheClockSays() {
        openAt(0);
        lastHop.take(hint(6, 5), NOW);
        lastHop.beginLoad();

        lastHop.loaded(
                new Page(
                        List.of(new StoredMessage(5, Sample.nowOrNever(5)), new StoredMessage(6, Sample.message(6))),
                        false,
                        6),
                -1);

        assertThat(seqs()).containsExactly(6L);
        assertThat(lastHop.takeDrops()).containsExactly(new Drop(5, "m5", Drop.Reason.EXPIRED));
    }

    @Test
    void aHintIsNotTrustedWhileSomethingUnnamedMayBeMissing() {
        openAt(0);
        lastHop.reload();

        assertThat(lastHop.take(hint(9, 0), NOW)).isEqualTo(HintOutcome.AFTER_LOAD);
        assertThat(lastHop.take(new Hint(10, 0, Sample.nowOrNever(10)), NOW)).isInstanceOf(HintOutcome.Refused.class);

        lastHop.beginLoad();
        lastHop.loaded(Sample.last(7, 9), NOW);
        assertThat(seqs()).containsExactly(7L, 9L);
    }
}
