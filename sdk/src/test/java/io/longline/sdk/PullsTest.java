package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.sdk.PullHook.Answer;
import io.longline.v1.Push;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Messages without payload, on clocks that the test sets. */
class PullsTest {
    private static final String KEY = "demo/u1/phone";
    private static final long TTL_MS = Duration.ofDays(1).toMillis();

    private final BreakingStore store = new BreakingStore();
    private final TestApp app = new TestApp();
    private final List<Message> asked = new ArrayList<>();
    private final List<Long> askedAtMs = new ArrayList<>();
    private PullHook backEnd = message -> Answer.DONE;
    private long nowMs = 5_000;
    private long wallNowMs = 1_728_000_000_000L;

    /** One run of the app. */
    private final class Run {
        private final Session session =
                new Session(1, new Session.Endpoint("demo", "u1", () -> "token"), "phone", store);
        private final Pulls pulls;
        private final Delivery delivery;

        Run(@Nullable PullHook hook) {
            LonglineBuilder builder = LonglineClient.builder()
                    .stateStore(store)
                    .clock(() -> nowMs)
                    .wallClock(() -> wallNowMs)
                    .random(new Random(360));
            pulls = new Pulls(builder, app, hook);
            delivery = new Delivery(pulls, app);
            session.load();
            session.restore(pulls);
        }

        void take(Push.Builder push) throws Exception {
            session.take(push.build(), pulls);
            doWhatIsDue();
        }

        void elapse(Duration time) {
            long endMs = nowMs + time.toMillis();
            while (nowMs + pulls.untilNextMs() <= endMs && pulls.untilNextMs() < Long.MAX_VALUE) {
                pass(pulls.untilNextMs());
                doWhatIsDue();
            }
            pass(endMs - nowMs);
        }

        private void doWhatIsDue() {
            while (pulls.untilNextMs() == 0) {
                pulls.askDue(delivery);
            }
        }
    }

    private void pass(long ms) {
        nowMs += ms;
        wallNowMs += ms;
    }

    private Run run() {
        return new Run(message -> {
            asked.add(message);
            askedAtMs.add(nowMs);
            return backEnd.pull(message);
        });
    }

    private static Push.Builder notice(long seq, int spreadS) {
        return Push.newBuilder()
                .setSeq(seq)
                .setMessageId("m" + seq)
                .setTtlMs(TTL_MS)
                .setPullKey("p/" + seq)
                .setNotifyOnly(true)
                .setSpreadS(spreadS);
    }

    private static Push.Builder text(long seq) {
        return Push.newBuilder().setSeq(seq).setMessageId("m" + seq).setText("text");
    }

    private List<Long> askedSeqs() {
        return asked.stream().map(Message::seq).toList();
    }

    @Test
    void withoutSpreadItIsPulledInItsTurn() throws Exception {
        Run run = run();
        run.take(text(10));
        run.take(notice(11, 0));

        assertThat(askedSeqs()).containsExactly(11L);
        assertThat(asked.get(0).pullKey()).isEqualTo("p/11");
        assertThat(asked.get(0).maybeRepeated()).isFalse();
        assertThat(asked.get(0).text()).isNull();
        assertThat(asked.get(0).data()).isNull();
        assertThat(app.seqs()).containsExactly(10L);
        assertThat(store.pulls(KEY)).isEmpty();
    }

    @Test
    void theMomentsAreSpreadOverTheWholeTimeAndDelayNothingElse() throws Exception {
        Run run = run();
        for (int seq = 1; seq <= 1_000; seq++) {
            run.take(notice(seq, 60));
        }
        run.take(text(2_000));
        assertThat(app.seqs()).containsExactly(2_000L);
        assertThat(run.session.acks().takeAll()).isEqualTo(2_000);

        long beginMs = nowMs;
        run.elapse(Duration.ofSeconds(60));

        assertThat(askedSeqs()).hasSize(1_000).doesNotHaveDuplicates();
        List<Long> waits = askedAtMs.stream().map(at -> at - beginMs).toList();
        assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(0L, 60_000L));
        assertThat(waits.stream().mapToLong(wait -> wait).average().orElseThrow())
                .isBetween(27_000.0, 33_000.0);
        assertThat(waits.get(0)).isLessThan(1_000);
        assertThat(waits.get(999)).isGreaterThan(59_000);
    }

    @Test
    void aSpreadThatIsLongerThanTheTimeToLiveEndsWithIt() throws Exception {
        Run run = run();
        for (int seq = 1; seq <= 100; seq++) {
            run.take(notice(seq, 86_400).setTtlMs(2_000));
        }
        run.elapse(Duration.ofSeconds(2));
        assertThat(askedSeqs()).hasSize(100);
    }

    @Test
    void whileThereIsNothingYetItIsAskedAgainWithGrowingWaitsAndMarked() throws Exception {
        Run run = run();
        backEnd = message -> asked.size() <= 10 ? Answer.NOT_YET : Answer.DONE;
        run.take(notice(7, 0));
        run.elapse(Duration.ofHours(1));

        assertThat(asked).hasSize(11);
        for (int n = 0; n < 10; n++) {
            long ceilingMs = Math.min(60_000, 1_000L << n);
            assertThat(askedAtMs.get(n + 1) - askedAtMs.get(n)).isBetween(ceilingMs / 2, ceilingMs);
        }
        assertThat(asked.get(0).maybeRepeated()).isFalse();
        assertThat(asked.subList(1, 11)).allMatch(Message::maybeRepeated);
        assertThat(store.pulls(KEY)).isEmpty();
        assertThat(app.events()).isEmpty();
    }

    @Test
    void itIsAskedNoMoreWhenTheTimeToLiveHasEnded() throws Exception {
        Run run = run();
        backEnd = message -> Answer.NOT_YET;
        run.take(notice(7, 0).setTtlMs(20_000));
        run.take(notice(8, 0).setTtlMs(0));
        assertThat(askedSeqs()).containsExactly(7L, 8L);
        assertThat(app.events()).containsExactly("pull expired m8");

        long beginMs = nowMs;
        run.elapse(Duration.ofHours(1));

        assertThat(app.events()).containsExactly("pull expired m8", "pull expired m7");
        assertThat(askedSeqs()).hasSizeGreaterThan(4);
        assertThat(askedAtMs).allSatisfy(at -> assertThat(at - beginMs).isLessThan(20_000));
        assertThat(store.pulls(KEY)).isEmpty();
        assertThat(run.pulls.untilNextMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aHookThatThrowsIsToldAndAskedAgain() throws Exception {
        Run run = run();
        backEnd = message -> {
            if (asked.size() == 1) {
                throw new IOException("no network");
            }
            return Answer.DONE;
        };
        run.take(notice(7, 0));
        run.elapse(Duration.ofSeconds(1));
        assertThat(askedSeqs()).containsExactly(7L, 7L);
        assertThat(app.events()).containsExactly("failed no network");
    }

    @Test
    void whatCannotBeRecordedIsTriedAgainWithWaitsAlsoAfterItsTimeToLive() throws Exception {
        Run run = run();
        run.session.take(notice(7, 0).setTtlMs(3_000).build(), run.pulls);
        store.broken(true);
        for (int n = 0; n < 20; n++) {
            run.pulls.askDue(run.delivery);
            assertThat(run.pulls.untilNextMs()).isPositive();
            pass(run.pulls.untilNextMs());
        }
        assertThat(app.events()).hasSize(20).containsOnly("failed the store is broken");

        store.broken(false);
        run.doWhatIsDue();
        assertThat(askedSeqs()).as("at least once").containsExactly(7L);
        assertThat(store.pulls(KEY)).isEmpty();
    }

    @Test
    void aRestartOfTheAppKeepsTheMomentWithinItsSpread() throws Exception {
        Run first = run();
        for (int seq = 1; seq <= 100; seq++) {
            first.take(notice(seq, 3_600));
        }
        first.elapse(Duration.ofMinutes(30));
        int before = asked.size();
        assertThat(before).isBetween(20, 80);
        pass(Duration.ofMinutes(10).toMillis()); // nobody is there

        Run second = run();
        second.session.take(notice(100, 3_600).build(), second.pulls); // its ack was lost
        second.elapse(Duration.ofMinutes(10));
        assertThat(asked).hasSizeBetween(before + 1, 99);
        second.elapse(Duration.ofMinutes(10));

        assertThat(askedSeqs()).hasSize(100).doesNotHaveDuplicates();
        assertThat(asked).noneMatch(Message::maybeRepeated);
        assertThat(store.pulls(KEY)).isEmpty();
    }

    @Test
    void whatWasAskedBeforeARestartComesAtOnceMarkedAndWithinItsTimeToLive() throws Exception {
        backEnd = message -> Answer.NOT_YET;
        Run first = run();
        first.take(notice(7, 0));
        first.take(notice(8, 0).setTtlMs(1_000));
        pass(2_000);

        Run second = run();
        second.doWhatIsDue();
        assertThat(askedSeqs()).containsExactly(7L, 8L, 7L);
        assertThat(asked.get(2).maybeRepeated()).isTrue();
        assertThat(app.events()).containsExactly("pull expired m8");
    }

    @Test
    void aWallClockThatWasSetMakesNoTimeLonger() throws Exception {
        backEnd = message -> Answer.NOT_YET;
        run().take(notice(7, 60).setTtlMs(60_000));
        wallNowMs -= Duration.ofDays(365).toMillis();

        run().elapse(Duration.ofSeconds(60));
        assertThat(asked).isNotEmpty();
        assertThat(app.events()).containsExactly("pull expired m7");

        run().take(notice(8, 60).setTtlMs(60_000));
        wallNowMs += Duration.ofDays(365).toMillis();
        asked.clear();
        run().doWhatIsDue();
        assertThat(askedSeqs()).as("at least once").containsExactly(8L);
    }

    @Test
    void whatWasKeptAndNotFinishedWithComesFromTheRoomAlone() throws Exception {
        store.begin(KEY, 7);
        store.keepPull(
                KEY,
                7,
                new Pull(new Message(KEY, "demo", "u1", notice(7, 0).build(), false), 7, wallNowMs).text(false));
        store.keepPull(KEY, 6, "of a later release");
        Run run = run();
        run.doWhatIsDue();
        assertThat(asked).isEmpty();
        assertThat(store.pulls(KEY)).isEmpty();

        run.take(notice(7, 0));
        assertThat(askedSeqs()).containsExactly(7L);
        assertThat(asked.get(0).maybeRepeated()).isTrue();
    }

    @Test
    void aNewerOneWithTheSameCollapseKeyTakesThePlaceAndTheMoment() throws Exception {
        Run run = run();
        long beginMs = nowMs;
        for (int seq = 1; seq <= 60; seq++) {
            run.take(notice(seq, 60).setCollapseKey("k"));
            run.take(notice(1_000 + seq, 0).setCollapseKey("other " + seq));
            run.elapse(Duration.ofSeconds(1));
        }
        List<Long> pulled = askedSeqs().stream().filter(seq -> seq < 1_000).toList();
        assertThat(pulled).isNotEmpty().hasSizeLessThan(30).isSorted();
        assertThat(nowMs - beginMs).isEqualTo(60_000);
        run.elapse(Duration.ofSeconds(60));
        assertThat(store.pulls(KEY)).isEmpty();
    }

    @Test
    void aNewerMessageWithAPayloadEndsThePullOfItsCollapseKey() throws Exception {
        Run run = run();
        run.take(notice(1, 60).setCollapseKey("k"));
        run.take(notice(2, 60).setCollapseKey("l"));
        run.take(text(3).setCollapseKey("k"));
        run.elapse(Duration.ofSeconds(60));
        assertThat(askedSeqs()).containsExactly(2L);
        assertThat(app.seqs()).containsExactly(3L);
        assertThat(store.pulls(KEY)).isEmpty();
    }

    @Test
    void whatWasStoredDoesNotGiveWayToWhatIsNot() throws Exception {
        Run run = run();
        run.take(notice(1, 60).setCollapseKey("k"));
        run.take(notice(0, 60).clearSeq().setMessageId("fleeting").setCollapseKey("k"));
        run.take(notice(0, 60).clearSeq().setMessageId("newer").setCollapseKey("k"));
        run.elapse(Duration.ofSeconds(60));
        assertThat(asked).extracting(Message::messageId).containsExactlyInAnyOrder("m1", "newer");
    }

    @Test
    void withoutAHookTheListenerGetsItInItsOrderAndWhatAnEarlierRunLeft() throws Exception {
        run().take(notice(7, 60));
        Run run = new Run(null);
        run.take(notice(8, 60));
        assertThat(app.seqs()).containsExactly(8L);
        run.elapse(Duration.ofSeconds(60));
        assertThat(app.seqs()).containsExactly(8L, 7L);
        assertThat(app.messages()).allMatch(Message::notifyOnly);
        assertThat(app.messages().get(0).spreadS()).isEqualTo(60);
        assertThat(store.pulls(KEY)).isEmpty();
    }

    @Test
    void qosZeroIsPulledButNotKept() throws Exception {
        Run run = run();
        run.take(notice(0, 60).clearSeq());
        assertThat(store.pulls(KEY)).isEmpty();
        run.elapse(Duration.ofSeconds(60));
        assertThat(asked).hasSize(1);
        assertThat(run.session.acks().isEmpty()).isTrue();
    }

    private static Push.Builder ofTopic(String topic, long offset, int spreadS) {
        return notice(0, spreadS).clearSeq().setTopic(topic).setOffset(offset).setMessageId(topic + offset);
    }

    @Test
    void whatTopicsHaveToPullIsKeptBesideWhatTheInboxHas() throws Exception {
        Run first = run();
        first.take(notice(7, 60));
        first.take(ofTopic("news", 7, 60));
        first.take(ofTopic("sport", 7, 60));
        assertThat(store.pulls(KEY)).containsOnlyKeys(7L, -1L, -2L);

        Run second = run();
        second.take(ofTopic("news", 8, 60));
        second.elapse(Duration.ofSeconds(60));
        assertThat(asked).extracting(Message::messageId).containsExactlyInAnyOrder("m7", "news7", "sport7", "news8");
        assertThat(store.pulls(KEY)).isEmpty();
    }

    @Test
    void ofATopicTooWhatWasKeptAndNotFinishedWithComesFromTheRoomAlone() throws Exception {
        Message unfinished =
                new Message(KEY, "demo", "u1", ofTopic("news", 7, 0).build(), false);
        store.keepPull(KEY, -3, new Pull(unfinished, -3, wallNowMs).text(false));
        Run run = run();
        run.doWhatIsDue();
        assertThat(asked).isEmpty();

        run.take(ofTopic("news", 7, 60));
        assertThat(store.pulls(KEY)).containsOnlyKeys(-4L);
        run.elapse(Duration.ofSeconds(60));
        assertThat(asked).hasSize(1);
    }

    @Test
    void aCollapseKeyOfATopicReplacesNothingOfTheInboxOrOfAnotherTopic() throws Exception {
        Run run = run();
        run.take(notice(7, 60).setCollapseKey("k"));
        run.take(ofTopic("news", 7, 60).setCollapseKey("k"));
        run.take(ofTopic("sport", 7, 60).setCollapseKey("k"));
        run.take(ofTopic("news", 8, 60).setCollapseKey("k"));
        run.elapse(Duration.ofSeconds(60));
        assertThat(asked).extracting(Message::messageId).containsExactlyInAnyOrder("m7", "sport7", "news8");
    }

    @Test
    void whoHasTooManyThatWaitIsAskedAboutTheNextAtOnce() throws Exception {
        Run run = run();
        for (int seq = 1; seq <= Pulls.MAX_WAITING; seq++) {
            run.take(notice(seq, 86_400));
        }
        assertThat(asked).isEmpty();

        run.take(notice(2_000, 86_400));
        assertThat(askedSeqs()).containsExactly(2_000L);
        backEnd = message -> Answer.NOT_YET;
        assertThatThrownBy(() -> run.take(notice(2_001, 86_400))).hasMessage("1024 messages wait to be pulled");
        assertThat(run.session.acks().takeAll()).isEqualTo(2_000);

        run.take(text(2_001));
        assertThat(app.seqs()).containsExactly(2_001L);
        assertThat(store.pulls(KEY)).hasSize(Pulls.MAX_WAITING);
    }
}
