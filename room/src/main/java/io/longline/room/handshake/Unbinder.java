package io.longline.room.handshake;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.pool.BoundedPool;
import io.longline.keeper.shard.Seqs;
import io.longline.room.RoomMetrics;
import io.longline.room.delivery.Inboxes;
import io.longline.room.session.Departures;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Place;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the endpoints of ended sessions back to the register, in the background, and goes on trying while it is away: a route
 * that stays behind would tell a user online until somebody binds it anew. The queue is bounded; what is beyond it is counted and
 * left to that.
 */
public final class Unbinder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Unbinder.class);
    private static final int LIMIT = 200_000;
    private static final long FIRST_RETRY_MS = 500;
    private static final long MAX_RETRY_MS = 30_000;
    private static final int MAX_DOUBLINGS = 10;
    private static final Duration CLOSE_TIME = Duration.ofSeconds(3);

    private final Routes routes;
    private final Inboxes inboxes;
    private final Departures departures;
    private final BoundedPool pool;
    private final RoomMetrics metrics;
    private final int limit;
    private final Duration bindOver;
    private final DelayQueue<Leaver> queue = new DelayQueue<>();
    private final Thread feeder = Thread.ofVirtual().name("unbinder").unstarted(this::feed);

    /**
     * Works from {@link #start} on.
     *
     * @param pool makes whoever gives it more than its bound wait
     */
    public Unbinder(
            RegisterClient register, Inboxes inboxes, Departures departures, BoundedPool pool, RoomMetrics metrics) {
        this(register, inboxes, departures, pool, metrics, LIMIT, register.bindOver());
    }

    /**
     * As the other one, with limits of its own.
     *
     * @param limit of what waits
     * @param bindOver after so long a bind whose answer did not come can no longer happen
     */
    Unbinder(
            Routes routes,
            Inboxes inboxes,
            Departures departures,
            BoundedPool pool,
            RoomMetrics metrics,
            int limit,
            Duration bindOver) {
        this.routes = routes;
        this.inboxes = inboxes;
        this.departures = departures;
        this.pool = pool;
        this.metrics = metrics;
        this.limit = limit;
        this.bindOver = bindOver;
    }

    public void start() {
        metrics.watchUnbinds(queue::size, limit);
        feeder.start();
    }

    /** The session of this generation is gone. Never blocks. */
    public void leave(Endpoint endpoint, Place place, long generation, Parting why) {
        add(new Leaver(endpoint, place, generation, new Leaver.Work.Unbind(why), 0, System.nanoTime()));
    }

    /**
     * As {@link #leave}, and the device is to be forgotten. Where a newer session has it by then, that keeps it; but what was stored for it
     * until this was asked for goes all the same, unless that session is older than the wish.
     *
     * @return is done when it was tried once, at the latest after as long as an answer is waited for: whoever binds the device before is
     *     not forgotten
     */
    public CompletableFuture<Void> forget(Endpoint endpoint, Place place, long generation) {
        Leaver.Work.UnbindAndForget work = Leaver.Work.UnbindAndForget.askedNow();
        add(new Leaver(endpoint, place, generation, work, 0, System.nanoTime()));
        return work.tried().completeOnTimeout(null, routes.answerWait().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A bind for this place was sent and its answer never came; {@code forget}: if it came through, the device is to be forgotten too. */
    public void leaveUnanswered(Endpoint endpoint, Place place, boolean forget) {
        Leaver.Work work = forget ? Leaver.Work.UnbindAndForget.askedNow() : new Leaver.Work.Unbind(Parting.UNBOUND);
        add(new Leaver(endpoint, place, 0, work, 0, System.nanoTime() + bindOver.toNanos()));
    }

    private void add(Leaver leaver) {
        if (leaver.isToUnbind()) {
            departures.note(leaver.endpoint(), leaver.generation());
        }
        if (queue.size() < limit) {
            queue.add(leaver);
            return;
        }
        leaver.tried();
        metrics.unbindDropped();
        if (leaver.forgets()) {
            metrics.forgetGivenUp();
        }
    }

    private void feed() {
        try {
            while (true) {
                Leaver leaver = queue.take();
                pool.run(() -> serve(leaver));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void serve(Leaver leaver) {
        Leaver left = leaver;
        try {
            if (!(leaver.work() instanceof Leaver.Work.EmptyInbox)) {
                long begunNanos = System.nanoTime();
                Optional<Routes.Unbound> unbound = unbind(leaver);
                if (!(leaver.work() instanceof Leaver.Work.UnbindAndForget forget) || unbound.isEmpty()) {
                    return;
                }
                OptionalLong upto = toBeEmptied(unbound.get(), forget.askedNanos(), begunNanos);
                if (upto.isEmpty()) {
                    return;
                }
                left = leaver.with(new Leaver.Work.EmptyInbox(upto.getAsLong()));
            }
            if (left.work() instanceof Leaver.Work.EmptyInbox(long uptoSeq)) {
                inboxes.forget(leaver.endpoint(), uptoSeq).join();
            }
        } catch (CompletionException | LonglineException e) {
            log.debug(
                    "unbind failed endpoint={} failures={} code={}",
                    leaver.endpoint(),
                    leaver.failures(),
                    ErrorTranslator.fromAny(e).code());
            long delayMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS << Math.min(leaver.failures(), MAX_DOUBLINGS));
            add(left.again(TimeUnit.MILLISECONDS.toNanos(delayMs)));
        } finally {
            leaver.tried();
        }
    }

    /**
     * Up to which seq an inbox is to be emptied; empty: not at all. Where a newer session has the device, only if that can have come
     * after the wish to forget it, and only of what was stored before it.
     */
    private static OptionalLong toBeEmptied(Routes.Unbound unbound, long askedNanos, long begunNanos) {
        long asked = lastSeqBefore(unbound.timeMs(), begunNanos - askedNanos);
        if (unbound.wasOwner()) {
            return OptionalLong.of(asked);
        }
        long askedAtTheEarliest = lastSeqBefore(unbound.timeMs(), System.nanoTime() - askedNanos);
        return unbound.newerGeneration() > askedAtTheEarliest
                ? OptionalLong.of(Math.min(asked, unbound.newerGeneration() - 1))
                : OptionalLong.empty();
    }

    /** @param timeMs by the clock that leads seqs; 0: not told */
    private static long lastSeqBefore(long timeMs, long nanos) {
        return timeMs == 0 ? 0 : Seqs.lastOf(timeMs - TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    /** Empty: the bind that was never answered has not happened, or is not ours any more. */
    private Optional<Routes.Unbound> unbind(Leaver leaver) {
        OptionalLong generation = leaver.generation() != 0
                ? OptionalLong.of(leaver.generation())
                : routes.generationAt(leaver.endpoint(), leaver.place());
        return generation.isPresent()
                ? Optional.of(routes.unbind(leaver.endpoint(), generation.getAsLong(), leaver.forgets(), leaver.why()))
                : Optional.empty();
    }

    /** Tells what can be told within 3 s. */
    @Override
    public void close() {
        long end = System.nanoTime() + CLOSE_TIME.toNanos();
        try {
            while (System.nanoTime() < end && (!queue.isEmpty() || pool.running() > 0)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        feeder.interrupt();
    }
}
