package io.longline.saver.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.keeper.product.Durability;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Final;
import io.longline.saver.journal.JournalEntry.Row;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class JournalQueueTest {
    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");
    private static final Endpoint PAD = new Endpoint("demo", "u1", "pad");
    private static final Duration LINGER = Duration.ofMillis(500);
    private static final long MANY_BYTES = 1_000_000;

    private long nanos = 1;

    private JournalQueue queue(int limit, long bytes) {
        return new JournalQueue(limit, bytes, LINGER, () -> nanos);
    }

    private static Row row(Endpoint endpoint, long seq, int bytes) {
        return new Row(endpoint, seq, "m" + seq, 0, ByteString.copyFrom(new byte[bytes]));
    }

    private static boolean offer(JournalQueue queue, Durability durability, long seq) {
        return offer(queue, durability, seq, 1);
    }

    private static boolean offer(JournalQueue queue, Durability durability, long seq, int bytes) {
        return queue.offer(durability, List.of(row(PHONE, seq, bytes))).isPresent();
    }

    private static List<Long> take(JournalQueue queue, int most) throws InterruptedException {
        return take(queue, most, MANY_BYTES);
    }

    private static List<Long> take(JournalQueue queue, int most, long bytes) throws InterruptedException {
        List<Waiting> group = queue.take(most, bytes, Duration.ZERO, Duration.ZERO);
        queue.done();
        return group.stream()
                .flatMap(waiting -> waiting.entries().stream())
                .map(entry -> entry instanceof Row row ? row.seq() : Long.valueOf(-1))
                .toList();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void entriesComeOutInOrderInGroups() throws InterruptedException {
        JournalQueue queue = queue(100, MANY_BYTES);
        offer(queue, Durability.MYSQL, 1);
        offer(queue, Durability.MYSQL, 2);
        offer(queue, Durability.MYSQL, 3);

        assertThat(take(queue, 2)).containsExactly(1L, 2L);
        assertThat(take(queue, 2)).containsExactly(3L);
        assertThat(take(queue, 2)).isEmpty();
    }

    @Test
    void aGroupIsLimitedInBytesButForALargeFirstEntry() throws InterruptedException {
        JournalQueue queue = queue(100, MANY_BYTES);
        offer(queue, Durability.MYSQL, 1, 5000);
        offer(queue, Durability.MYSQL, 2, 500);
        offer(queue, Durability.MYSQL, 3, 500);

        assertThat(take(queue, 10, 2000)).hasSize(1);
        assertThat(take(queue, 10, 2000)).hasSize(2);
    }

    @Test
    void entriesThatBelongTogetherAreInOneGroup() throws InterruptedException {
        JournalQueue queue = queue(100, MANY_BYTES);
        offer(queue, Durability.MYSQL, 1);
        queue.offer(Durability.MYSQL, List.of(row(PHONE, 2, 1), row(PHONE, 3, 1)));

        assertThat(take(queue, 2)).containsExactly(1L);
        assertThat(take(queue, 2)).containsExactly(2L, 3L);
    }

    @Test
    void aFullShareRefusesByNumberAndLeavesTheOtherAlone() throws InterruptedException {
        JournalQueue queue = queue(2, MANY_BYTES);

        assertThat(offer(queue, Durability.MYSQL, 1)).isTrue();
        assertThat(offer(queue, Durability.MYSQL, 2)).isTrue();
        assertThat(offer(queue, Durability.MYSQL, 3)).isFalse();
        assertThat(offer(queue, Durability.REDIS, 4)).isTrue();
        assertThat(queue.depth(Durability.MYSQL)).isEqualTo(2);
        assertThat(queue.depth(Durability.REDIS)).isEqualTo(1);
        take(queue, 1);
        assertThat(offer(queue, Durability.MYSQL, 3)).isTrue();
    }

    @Test
    void aFullShareRefusesByBytes() throws InterruptedException {
        JournalQueue queue = queue(100, 10_000);

        assertThat(offer(queue, Durability.MYSQL, 1, 6000)).isTrue();
        assertThat(offer(queue, Durability.MYSQL, 2, 6000)).isFalse();
        assertThat(offer(queue, Durability.MYSQL, 3, 1000)).isTrue();
        take(queue, 10);
        assertThat(offer(queue, Durability.MYSQL, 2, 6000)).isTrue();
    }

    @Test
    void whatIsLargerThanTheQueueIsTakenWhereNothingElseWaits() {
        JournalQueue queue = queue(1, MANY_BYTES);
        List<JournalEntry> two = List.of(row(PHONE, 1, 1), row(PHONE, 2, 1));

        assertThat(queue.offer(Durability.MYSQL, two)).isPresent();
        assertThat(queue.offer(Durability.MYSQL, two)).isEmpty();
    }

    @Test
    void eachDurabilityHasHalfOfAGroupIfItNeedsIt() throws InterruptedException {
        JournalQueue queue = queue(100, MANY_BYTES);
        for (int i = 0; i < 20; i++) {
            offer(queue, Durability.REDIS, 100 + i);
        }
        pass(LINGER);
        for (int i = 0; i < 6; i++) {
            offer(queue, Durability.MYSQL, i);
        }

        assertThat(take(queue, 8)).containsExactly(0L, 1L, 2L, 3L, 100L, 101L, 102L, 103L);
        assertThat(take(queue, 8)).containsExactly(4L, 5L, 104L, 105L, 106L, 107L, 108L, 109L);
    }

    @Test
    void aMessageNobodyWaitsForIsWrittenWhenItsAckDoesNotComeAndTheNextOnesWithIt() throws InterruptedException {
        JournalQueue queue = queue(100, MANY_BYTES);
        offer(queue, Durability.REDIS, 1);
        pass(LINGER.dividedBy(2));
        offer(queue, Durability.REDIS, 2);
        pass(LINGER.dividedBy(4));
        offer(queue, Durability.REDIS, 3);
        assertThat(take(queue, 10)).isEmpty();

        pass(LINGER.dividedBy(4));
        assertThat(take(queue, 10)).containsExactly(1L, 2L);
        assertThat(queue.depth()).isEqualTo(1);
    }

    @Test
    void anAckThatComesFirstMakesItNeedless() throws InterruptedException {
        JournalQueue queue = queue(2, 2 * JournalEntry.FIXED_BYTES + 2);
        offer(queue, Durability.REDIS, 1);
        offer(queue, Durability.REDIS, 2);
        assertThat(queue.cancel(PAD, 9)).isZero();
        assertThat(queue.cancel(PHONE, 1)).isEqualTo(1);
        assertThat(queue.depth()).isEqualTo(1);
        assertThat(offer(queue, Durability.REDIS, 3)).isTrue();

        pass(LINGER);
        assertThat(take(queue, 10)).containsExactly(2L, 3L);
        assertThat(queue.cancel(PHONE, 9)).isZero();
    }

    @Test
    void anAckCancelsNothingThatSomebodyWaitsForOrThatIsNoMessageAlone() throws InterruptedException {
        JournalQueue queue = queue(100, MANY_BYTES);
        offer(queue, Durability.MYSQL, 1);
        queue.offer(Durability.REDIS, List.of(new Final(PHONE, 1, "m1", CopyState.COLLAPSED, ""), row(PHONE, 2, 1)));

        assertThat(queue.cancel(PHONE, 9)).isZero();
        assertThat(take(queue, 10)).containsExactly(1L, -1L, 2L);
    }

    @Test
    void aShareThatIsHalfFullWaitsForNoAck() throws InterruptedException {
        JournalQueue queue = queue(4, MANY_BYTES);
        for (int i = 1; i <= 4; i++) {
            offer(queue, Durability.REDIS, i);
        }

        assertThat(take(queue, 10)).containsExactly(1L, 2L);
    }

    @Test
    void inAHurryNothingLingersAndItIsKnownWhenItIsWritten() throws InterruptedException {
        JournalQueue queue = queue(100, MANY_BYTES);
        offer(queue, Durability.REDIS, 1);
        long upto = queue.hurry();
        offer(queue, Durability.REDIS, 2);
        assertThat(queue.isWritten(upto)).isFalse();

        List<Waiting> group = queue.take(10, MANY_BYTES, Duration.ZERO, Duration.ZERO);
        assertThat(group).hasSize(1);
        assertThat(queue.isWritten(upto)).isFalse();
        queue.done();
        assertThat(queue.isWritten(upto)).isTrue();
    }

    @Test
    void whoTakesWaitsForTheFirstEntryAndThenAMomentForMore()
            throws InterruptedException, ExecutionException, TimeoutException {
        JournalQueue queue = new JournalQueue(100, MANY_BYTES, LINGER, System::nanoTime);
        CompletableFuture<Integer> taken = new CompletableFuture<>();
        Thread taker = Thread.startVirtualThread(() -> {
            try {
                taken.complete(queue.take(3, MANY_BYTES, Duration.ofSeconds(20), Duration.ofSeconds(20))
                        .size());
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        for (int i = 0; i < 3; i++) {
            Optional<Waiting> offered = queue.offer(Durability.MYSQL, List.of(row(PHONE, i, 1)));
            assertThat(offered).isPresent();
        }

        assertThat(taken.get(10, TimeUnit.SECONDS)).isEqualTo(3);
        taker.join();
    }
}
