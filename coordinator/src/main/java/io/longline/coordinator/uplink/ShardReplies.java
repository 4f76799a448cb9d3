package io.longline.coordinator.uplink;

import io.longline.coordinator.UplinkMetrics;
import io.longline.coordinator.uplink.InboxClient.Stored;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The replies that wait in one shard: when they are to be looked at, and what becomes of those that are tried. Any thread. */
final class ShardReplies {
    private static final Logger log = LoggerFactory.getLogger(ShardReplies.class);
    /** For what another coordinator has noted here and did not live to bring. */
    private static final Duration LOOK_ANYWAY = Duration.ofSeconds(30);

    private static final Duration AWAY = Duration.ofSeconds(1);

    private final int shard;
    private final ReplyFlow.Tools tools;
    private volatile int waiting;
    private long fence;
    private long dueNanos;
    private boolean looking;

    ShardReplies(int shard, ReplyFlow.Tools tools) {
        this.shard = shard;
        this.tools = tools;
    }

    /** As it was known last, where the shard is ours. */
    int waiting() {
        return tools.fences().applyAsLong(shard) == 0 ? 0 : waiting;
    }

    /** Some were noted, which are to be tried after that time if they are there still. */
    void noted(int nowWaiting, Duration dueIn) {
        waiting = nowWaiting;
        dueWithin(dueIn);
    }

    private synchronized void dueWithin(Duration time) {
        long nanos = System.nanoTime() + time.toNanos();
        dueNanos = Math.min(dueNanos - nanos, 0) + nanos;
    }

    /** Whether to {@link #look} now; who is told so has to. */
    synchronized boolean isDue() {
        long present = tools.fences().applyAsLong(shard);
        if (present == 0 || looking) {
            fence = looking ? fence : 0;
            return false;
        }
        looking = present != fence || System.nanoTime() - dueNanos >= 0;
        fence = present;
        if (looking) {
            dueNanos = System.nanoTime() + LOOK_ANYWAY.toNanos();
        }
        return looking;
    }

    /** Tries what is due, and waits. */
    void look() {
        Duration next = AWAY;
        try {
            ReplyStore.Due due = RedisStore.await(tools.store().due(shard), Deadline.after(ReplyFlow.PATIENCE));
            waiting = due.waiting();
            next = due.next().filter(soon -> soon.compareTo(LOOK_ANYWAY) < 0).orElse(LOOK_ANYWAY);
            forget(overdue(due.unreadable()), UplinkMetrics.Reply.FAILED).join();
            tryAll(due.replies()).join();
        } catch (LonglineException e) {
            log.debug("replies are looked at again shard={} error={}", shard, e.getMessage());
        } finally {
            looked(next);
        }
    }

    private synchronized void looked(Duration next) {
        looking = false;
        dueWithin(next);
    }

    /** Completes when each was tried and what is over is forgotten; never fails. */
    CompletableFuture<?> tryAll(List<ReplyStore.Waiting> replies) {
        List<CompletableFuture<Stored>> tried = replies.stream()
                .map(each -> tools.inboxes().apply(each.reply()))
                .toList();
        return CompletableFuture.allOf(tried.toArray(CompletableFuture[]::new)).thenCompose(_ -> {
            List<String> stored = new ArrayList<>();
            List<String> givenUp = new ArrayList<>();
            for (int i = 0; i < tried.size(); i++) {
                Stored outcome = tried.get(i).join();
                if (outcome == Stored.YES) {
                    stored.add(replies.get(i).reply().name());
                } else if (outcome == Stored.NEVER || isOver(replies.get(i).age())) {
                    givenUp.add(replies.get(i).reply().name());
                }
            }
            return CompletableFuture.allOf(
                    forget(stored, UplinkMetrics.Reply.STORED), forget(givenUp, UplinkMetrics.Reply.FAILED));
        });
    }

    private static List<String> overdue(List<ReplyStore.Unreadable> replies) {
        return replies.stream()
                .filter(reply -> isOver(reply.age()))
                .map(ReplyStore.Unreadable::name)
                .toList();
    }

    private static boolean isOver(Duration age) {
        return age.compareTo(InboxClient.TIME_TO_LIVE) >= 0;
    }

    /** Counted by who finds them there; tried once more where that fails. */
    private CompletableFuture<?> forget(List<String> names, UplinkMetrics.Reply as) {
        if (names.isEmpty()) {
            return CompletableFuture.completedFuture(true);
        }
        CompletionStage<ReplyStore.Forgotten> forgotten = tools.store().forget(shard, names);
        return forgotten
                .handle((answer, error) -> {
                    if (error == null) {
                        waiting = answer.waiting();
                        tools.metrics().reply(as, answer.were());
                    }
                    return true;
                })
                .toCompletableFuture();
    }
}
