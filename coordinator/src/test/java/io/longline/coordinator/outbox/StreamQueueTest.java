package io.longline.coordinator.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StreamQueueTest {
    private static final String WHY = "status 500";

    private final StreamQueue queue =
            new StreamQueue(new OutboxConfig.Retries(Duration.ofSeconds(1), Duration.ofMinutes(5)), new Random(7));

    private void add(String endpoint, long... seqs) {
        LongStream.of(seqs).forEach(seq -> queue.add(new Ref(seq, endpoint, 10)));
    }

    private List<Long> next(long nowMs) {
        return seqs(take(nowMs));
    }

    private List<Ref> take(long nowMs) {
        return queue.next(nowMs).refs();
    }

    private static List<Long> seqs(List<Ref> batch) {
        return batch.stream().map(Ref::seq).toList();
    }

    @Test
    void ofAnEndpointOneBatchIsUnderWayAndOthersGoOn() {
        add("a", 1, 2);
        List<Ref> first = take(0);
        assertThat(seqs(first)).containsExactly(1L, 2L);
        add("a", 3);
        add("b", 4);

        assertThat(next(0)).containsExactly(4L);
        assertThat(next(0)).isEmpty();
        queue.done(first);
        assertThat(next(0)).containsExactly(3L);
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void afterAFailureTheEndpointWaitsWithAllThatComesAfterAndKeepsItsOrder() {
        add("a", 1, 2);
        queue.failed(take(0), WHY, 0);
        add("a", 3);
        add("b", 4);

        assertThat(next(0)).containsExactly(4L);
        assertThat(queue.nextDueMs()).isBetween(500L, 1_000L);
        assertThat(queue.isReady(499)).isFalse();
        assertThat(next(1_000)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void pausesGrowFromASecondToFiveMinutesAndStayThere() {
        add("a", 1);
        long now = 0;
        for (int failures = 1; failures <= 100; failures++) {
            queue.failed(take(now), WHY, now);
            long whole = Math.min(300_000, 1_000L << Math.min(failures - 1, 20));
            assertThat(queue.nextDueMs() - now).isBetween(whole / 2, whole);
            now = queue.nextDueMs();
        }
    }

    @Test
    void aSuccessBeginsAnew() {
        add("a", 1, 2);
        for (int i = 0; i < 10; i++) {
            queue.failed(take(1_000_000L * i), WHY, 1_000_000L * i);
        }
        assertThat(StreamQueue.limitAfter(10)).isEqualTo(1);
        List<Ref> one = take(20_000_000);
        assertThat(one).hasSize(1);
        queue.done(one);
        add("a", 3);

        assertThat(next(20_000_000)).containsExactly(2L, 3L);
    }

    @Test
    void aBatchHasAHundredEventsAtMostAndAMebibyte() {
        for (int i = 0; i < 250; i++) {
            add("e" + i % 3, i);
        }
        List<Ref> batch = take(0);
        assertThat(batch).hasSize(100);
        queue.failed(batch, WHY, 0);
        for (int i = 0; i < 40; i++) {
            queue.add(new Ref(1_000 + i, "large", 64 << 10));
        }
        assertThat(take(0)).hasSizeLessThanOrEqualTo(100);
        List<Ref> large = take(0);
        assertThat(large)
                .allMatch(ref -> ref.size() < 64 << 10 || ref.endpoint().equals("large"));
        assertThat(large.stream().mapToLong(Ref::size).sum()).isLessThanOrEqualTo(1 << 20);
    }

    @Test
    void othersMayGoWithItUnlessItWasRefusedOrHasFailedForLong() {
        add("a", 1, 2, 3);
        StreamQueue.Next first = queue.next(0);
        assertThat(first.joins()).isTrue();
        queue.refused(first.refs(), WHY, 0);
        assertThat(queue.next(0).joins()).isFalse();

        add("b", 4);
        long now = 0;
        for (int failures = 0; failures < 3; failures++) {
            StreamQueue.Next next = queue.next(now);
            assertThat(next.joins()).isTrue();
            queue.failed(next.refs(), WHY, now);
            now = queue.nextDueMs();
        }
        assertThat(queue.next(now).joins()).isFalse();
    }

    @Test
    void whatIsLargerThanABatchGoesAlone() {
        queue.add(new Ref(1, "a", 2 << 20));
        queue.add(new Ref(2, "b", 1));

        assertThat(next(0)).containsExactly(1L);
        assertThat(next(0)).containsExactly(2L);
    }

    @Test
    void oneThatIsNeverAnsweredEndsUpAloneAndTheOthersPass() {
        for (int i = 0; i < 100; i++) {
            add("e" + i, i);
        }
        long now = 0;
        while (queue.size() > 1) {
            List<Ref> batch = take(now);
            if (batch.isEmpty()) {
                now = queue.nextDueMs();
            } else if (seqs(batch).contains(13L)) {
                queue.failed(batch, WHY, now);
            } else {
                queue.done(batch);
            }
        }
        now = queue.nextDueMs();
        assertThat(next(now)).containsExactly(13L);
        assertThat(now).isLessThan(20 * 60_000);
    }

    @Test
    void oneThatIsRefusedEachTimeIsAloneAfterTwoRoundsInWhichNobodyWaits() {
        for (int i = 0; i < 100; i++) {
            add("e" + i, i);
        }
        int requests = 0;
        while (queue.isReady(0)) {
            requests++;
            List<Ref> batch = take(0);
            if (seqs(batch).contains(13L)) {
                queue.refused(batch, WHY, 0);
            } else {
                queue.done(batch);
            }
        }
        assertThat(requests).isEqualTo(1 + 10 + 10);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.nextDueMs()).isBetween(500L, 1_000L);
        add("e100", 100);
        add("e13", 101);
        assertThat(next(0)).containsExactly(100L);
        assertThat(next(1_000)).containsExactly(13L); // alone until it is taken
    }

    @Test
    void ofAnEndpointWhatIsRefusedGoesInItsOrder() {
        add("a", 1, 2, 3);
        queue.refused(take(0), WHY, 0);
        List<Ref> first = take(0);
        assertThat(seqs(first)).containsExactly(1L);
        assertThat(queue.isReady(0)).isFalse();
        queue.done(first);

        assertThat(next(0)).containsExactly(2L, 3L);
    }

    @Test
    void whatWasNotTriedWaitsAsLongAsItIsToldAndCountsAsNoFailure() {
        add("a", 1);
        for (int i = 0; i < 10; i++) {
            queue.postponed(take(i * 100L), (i + 1) * 100L);
        }
        queue.failed(take(1_000), WHY, 1_000);

        assertThat(queue.nextDueMs()).isBetween(1_500L, 2_000L);
    }

    @Test
    void whatHasFailedForTooLongIsOverdueUpToWhatIsYoungerAndNobodyElse() {
        add("a", 1, 2, 9);
        add("b", 3);
        queue.failed(take(0), WHY, 0);
        add("c", 4);

        StreamQueue.Overdue overdue = queue.overdue(5, false, 0);

        assertThat(seqs(overdue.refs())).containsExactlyInAnyOrder(1L, 2L, 3L);
        assertThat(overdue.why()).isEqualTo(WHY);
        assertThat(queue.overdue(5, false, 0).refs()).isEmpty();
        assertThat(next(0)).containsExactly(4L);
        assertThat(next(1_000)).isEmpty();
    }

    @Test
    void whatIsBuriedIsGoneAndTheNextOfItsEndpointGoesAtOnce() {
        add("a", 1, 9);
        queue.failed(take(0), WHY, 0);
        List<Ref> overdue = queue.overdue(5, false, 0).refs();

        queue.buried(overdue, List.of(), WHY, 0);

        assertThat(queue.size()).isEqualTo(1);
        assertThat(next(0)).containsExactly(9L);
    }

    @Test
    void whatCouldNotBeBuriedWaitsOnAsBefore() {
        add("a", 1, 2);
        add("b", 3);
        queue.failed(take(0), WHY, 0);
        List<Ref> overdue = queue.overdue(5, false, 0).refs();
        List<Ref> ofB =
                overdue.stream().filter(ref -> ref.endpoint().equals("b")).toList();
        List<Ref> first = overdue.stream().filter(ref -> ref.seq() == 1).toList();
        List<Ref> second = overdue.stream().filter(ref -> ref.seq() == 2).toList();

        queue.buried(ofB, Stream.concat(first.stream(), second.stream()).toList(), WHY, 0);

        assertThat(queue.size()).isEqualTo(2);
        assertThat(next(0)).isEmpty();
        assertThat(queue.overdue(5, true, 0).refs()).isEmpty();
        List<Ref> tried = take(2_000);
        assertThat(seqs(tried)).containsExactly(1L, 2L);
        queue.failed(tried, WHY, 2_000);
        List<Ref> again = queue.overdue(5, false, 2_000).refs();
        assertThat(seqs(again)).containsExactly(1L, 2L);
        queue.buried(first, second, WHY, 2_000);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(next(60_000)).containsExactly(2L);
    }

    @Test
    void whatNobodyIsAskedForIsOverdueThoughItWasNotTriedAndGoesInBatchesOfOneReason() {
        add("a", 1);
        queue.failed(take(0), WHY, 0);
        for (int i = 0; i < 150; i++) {
            add("u" + i, 10 + i);
        }

        assertThat(queue.overdue(1_000, false, 0).refs()).hasSize(1);
        StreamQueue.Overdue untried = queue.overdue(1_000, true, 0);
        assertThat(untried.refs()).hasSize(100);
        assertThat(untried.why()).isEmpty();
        assertThat(queue.overdue(1_000, true, 0).refs()).hasSize(50);
    }
}
