package io.longline.saver.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalQueue.Waiting;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class JournalQueueTest {
    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");

    private static Waiting entry(long seq, int bytes) {
        ByteString body = ByteString.copyFrom(new byte[bytes]);
        return new Waiting(new JournalEntry.Row(PHONE, seq, "m" + seq, 0, body), new CompletableFuture<>());
    }

    @Test
    void entriesComeOutInOrderInGroups() throws InterruptedException {
        JournalQueue queue = new JournalQueue(100, 1_000_000);
        Waiting first = entry(1, 10);
        Waiting second = entry(2, 10);
        Waiting third = entry(3, 10);
        queue.offer(first);
        queue.offer(second);
        queue.offer(third);

        assertThat(queue.take(2, 1_000_000, Duration.ZERO)).containsExactly(first, second);
        assertThat(queue.take(2, 1_000_000, Duration.ZERO)).containsExactly(third);
        assertThat(queue.take(2, 1_000_000, Duration.ZERO)).isEmpty();
    }

    @Test
    void aGroupIsLimitedInBytesButForALargeFirstEntry() throws InterruptedException {
        JournalQueue queue = new JournalQueue(100, 1_000_000);
        queue.offer(entry(1, 5000));
        queue.offer(entry(2, 500));
        queue.offer(entry(3, 500));

        assertThat(queue.take(10, 2000, Duration.ZERO)).hasSize(1);
        assertThat(queue.take(10, 2000, Duration.ZERO)).hasSize(2);
    }

    @Test
    void aFullQueueRefusesByNumber() throws InterruptedException {
        JournalQueue queue = new JournalQueue(2, 1_000_000);

        assertThat(queue.offer(entry(1, 1))).isTrue();
        assertThat(queue.offer(entry(2, 1))).isTrue();
        assertThat(queue.offer(entry(3, 1))).isFalse();
        assertThat(queue.depth()).isEqualTo(2);
        queue.take(1, 1_000_000, Duration.ZERO);
        assertThat(queue.offer(entry(3, 1))).isTrue();
    }

    @Test
    void aFullQueueRefusesByBytes() throws InterruptedException {
        JournalQueue queue = new JournalQueue(100, 10_000);

        assertThat(queue.offer(entry(1, 6000))).isTrue();
        assertThat(queue.offer(entry(2, 6000))).isFalse();
        assertThat(queue.offer(entry(3, 1000))).isTrue();
        queue.take(10, 10_000, Duration.ZERO);
        assertThat(queue.offer(entry(2, 6000))).isTrue();
    }

    @Test
    void whoTakesWaitsForTheFirstEntry() throws InterruptedException, ExecutionException, TimeoutException {
        JournalQueue queue = new JournalQueue(100, 1_000_000);
        CompletableFuture<Integer> taken = new CompletableFuture<>();
        Thread taker = Thread.startVirtualThread(() -> {
            try {
                taken.complete(queue.take(10, 1000, Duration.ofSeconds(20)).size());
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        queue.offer(entry(1, 1));

        assertThat(taken.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        taker.join();
    }
}
