package io.longline.coordinator.uplink;

import io.longline.coordinator.UplinkMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replies that an inbox did not take, which are tried on for some minutes, after pauses that grow. In the memory of this process, and so many
 * of them: what finds no room is lost, as all are that wait here when the process ends. Any thread may add.
 */
final class ReplyRetries implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReplyRetries.class);
    private static final int MOST_DOUBLINGS = 20;

    private final Function<Reply, CompletableFuture<Boolean>> inboxes;
    private final Limits limits;
    private final UplinkMetrics metrics;
    private final DelayQueue<Waiting> waiting = new DelayQueue<>();
    private final Thread thread = Thread.ofVirtual().name("reply-retries").unstarted(this::run);
    private int replies;
    private long bytes;

    /**
     * How much may wait, and how long.
     *
     * @param bytes of what replies say
     * @param first pause, the next is twice as long
     * @param most at last
     * @param inAll after that a reply is given up
     */
    record Limits(int replies, long bytes, Duration first, Duration most, Duration inAll) {
        static final Limits USUAL =
                new Limits(10_000, 16 << 20, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(5));
    }

    private record Waiting(Reply reply, int tries, long dueNanos, long untilNanos) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    /** @param inboxes whether the inbox took it; never fails */
    ReplyRetries(Function<Reply, CompletableFuture<Boolean>> inboxes, Limits limits, UplinkMetrics metrics) {
        this.inboxes = inboxes;
        this.limits = limits;
        this.metrics = metrics;
        metrics.watchReplies(this::size);
    }

    void start() {
        thread.start();
    }

    /** It was tried once in vain. */
    void add(Reply reply) {
        synchronized (this) {
            if (replies >= limits.replies || bytes + size(reply) > limits.bytes) {
                metrics.reply(UplinkMetrics.Reply.FAILED);
                return;
            }
            replies++;
            bytes += size(reply);
        }
        long now = System.nanoTime();
        waiting.add(new Waiting(reply, 1, now + limits.first.toNanos(), now + limits.inAll.toNanos()));
    }

    /** With those that are being tried. */
    synchronized int size() {
        return replies;
    }

    private void run() {
        try {
            while (true) {
                Waiting next = waiting.take();
                var _ = inboxes.apply(next.reply).thenAccept(stored -> settle(next, stored));
            }
        } catch (InterruptedException e) {
            log.debug("closed, replies that wait are lost count={}", size());
        }
    }

    private void settle(Waiting tried, boolean stored) {
        long now = System.nanoTime();
        if (!stored && now < tried.untilNanos) {
            long doubled = limits.first.toNanos() << Math.min(tried.tries, MOST_DOUBLINGS);
            long pause = Math.min(doubled, limits.most.toNanos());
            waiting.add(new Waiting(tried.reply, tried.tries + 1, now + pause, tried.untilNanos));
            return;
        }
        metrics.reply(stored ? UplinkMetrics.Reply.STORED : UplinkMetrics.Reply.FAILED);
        synchronized (this) {
            replies--;
            bytes -= size(tried.reply);
        }
    }

    private static int size(Reply reply) {
        return reply.text().getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
