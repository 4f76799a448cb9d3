package io.longline.keeper.redis;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Allowance;
import io.longline.keeper.rpc.Deadline;
import io.netty.util.Timeout;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call: it waits for the link that serves its key, is sent there, and, where that node certainly did not carry it out,
 * once more to whoever serves the key then. Its caller is told at the timeout; what Redis has still to answer counts as on
 * its way until it does, or the link is closed.
 */
final class RedisCall<T> {
    /** A timeout that comes so late came late because this process was stopped: what Redis answered meanwhile is read first. */
    private static final long HELD_UP = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long READ_FIRST = TimeUnit.MILLISECONDS.toNanos(100);

    private final RedisLinks links;
    private final Allowance flight;
    private final RedisMetrics metrics;
    private final String key;
    private final int size;
    private final Function<RedisLink, ? extends CompletionStage<T>> work;
    private final @Nullable Deadline deadline = RedisStore.DEADLINE.isBound() ? RedisStore.DEADLINE.get() : null;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final long startedNanos = System.nanoTime();
    private boolean repeated;
    private volatile @Nullable Timeout timeout;

    RedisCall(
            RedisLinks links,
            Allowance flight,
            RedisMetrics metrics,
            String key,
            int size,
            Function<RedisLink, ? extends CompletionStage<T>> work) {
        this.links = links;
        this.flight = flight;
        this.metrics = metrics;
        this.key = key;
        this.size = size;
        this.work = work;
    }

    CompletableFuture<T> begin() {
        if (flight.tryTake(size)) {
            find();
        } else {
            metrics.rejectedInFlight();
            result.completeExceptionally(RedisErrors.overloaded("too many commands are on their way to Redis", null));
        }
        return result;
    }

    private void find() {
        RedisLink open = links.open(key);
        if (open != null) {
            send(open);
            return;
        }
        var _ = links.present(key).whenComplete((link, error) -> {
            if (error == null) {
                send(link);
            } else {
                end(null, error);
            }
        });
    }

    private void send(RedisLink link) {
        if (result.isDone()) { // nobody waits any more
            flight.give(1, size);
            return;
        }
        if (deadline != null && deadline.passed()) {
            end(
                    null,
                    new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "Redis came back too late").dependency("redis"));
            return;
        }
        LonglineException refusal = link.enter();
        if (refusal != null) {
            metrics.refused();
            end(null, refusal);
            return;
        }
        long sent = System.nanoTime();
        Duration patience = links.timeout();
        long due = sent + patience.toNanos();
        timeout = links.timer().newTimeout(_ -> expired(link, sent, due), patience.toNanos(), TimeUnit.NANOSECONDS);
        sendOn(link).whenComplete((reply, error) -> answered(link, sent, reply, error));
    }

    private CompletionStage<T> sendOn(RedisLink link) {
        try {
            return work.apply(link);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void answered(RedisLink link, long sent, @Nullable T reply, @Nullable Throwable error) {
        link.left();
        Timeout armed = timeout;
        if (armed != null && armed.cancel()) {
            link.answered(System.nanoTime() - sent);
        }
        RedisErrors.Refusal refusal = error == null || repeated ? null : RedisErrors.refusal(error);
        if (refusal == null || result.isDone()) {
            end(reply, error);
            return;
        }
        repeated = true;
        metrics.repeated(refusal);
        var _ = links.renewed(link, refusal).whenComplete((looked, failure) -> find());
    }

    private void expired(RedisLink link, long sent, long due) {
        if (System.nanoTime() - due > HELD_UP) {
            timeout = links.timer().newTimeout(late -> expiredFor(late, link, sent), READ_FIRST, TimeUnit.NANOSECONDS);
        } else {
            timedOut(link, sent);
        }
    }

    /** If nothing has come since, and it was not sent again. */
    private void expiredFor(Timeout late, RedisLink link, long sent) {
        if (late.equals(timeout) && !result.isDone()) {
            timedOut(link, sent);
        }
    }

    private void timedOut(RedisLink link, long sent) {
        link.timedOut(System.nanoTime() - sent);
        if (result.completeExceptionally(RedisErrors.late())) {
            metrics.command(startedNanos, false);
        }
    }

    private void end(@Nullable T reply, @Nullable Throwable error) {
        flight.give(1, size);
        boolean first =
                error == null ? result.complete(reply) : result.completeExceptionally(RedisErrors.translated(error));
        if (first) {
            metrics.command(startedNanos, error == null);
        }
    }
}
