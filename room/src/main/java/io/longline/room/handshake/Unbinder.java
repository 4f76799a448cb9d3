package io.longline.room.handshake;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.pool.BoundedPool;
import io.longline.room.RoomMetrics;
import io.longline.room.delivery.SaverClient;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Place;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
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
    private static final Duration FORGET_TIME = Duration.ofSeconds(30);
    private static final Duration CLOSE_TIME = Duration.ofSeconds(3);
    /** When a bind whose answer did not come can no longer happen: its deadline, what clocks may differ by, and some. */
    private static final Duration BIND_OVER = Duration.ofSeconds(4).plus(RegisterClient.CLOCK_SLACK);

    private final RegisterClient register;
    private final SaverClient saver;
    private final BoundedPool pool;
    private final RoomMetrics metrics;
    /** Inboxes that are to be emptied, and until when that is tried. */
    private final Map<Endpoint, Long> toEmpty = new ConcurrentHashMap<>();

    private final DelayQueue<Leaver> queue = new DelayQueue<>();
    private final Thread feeder = Thread.ofVirtual().name("unbinder").unstarted(this::feed);

    /**
     * Works from {@link #start} on.
     *
     * @param pool makes whoever gives it more than its bound wait
     */
    public Unbinder(RegisterClient register, SaverClient saver, BoundedPool pool, RoomMetrics metrics) {
        this.register = register;
        this.saver = saver;
        this.pool = pool;
        this.metrics = metrics;
    }

    public void start() {
        metrics.watchUnbinds(queue::size, LIMIT);
        feeder.start();
    }

    /** The session of this generation is gone. Never blocks. */
    public void leave(Endpoint endpoint, Place place, long generation) {
        add(new Leaver(endpoint, place, generation, Leaver.Work.UNBIND, 0, System.nanoTime()));
    }

    /** As {@link #leave}, and the device is to be forgotten, if this generation still has it. */
    public void forget(Endpoint endpoint, Place place, long generation) {
        add(new Leaver(endpoint, place, generation, Leaver.Work.UNBIND_AND_FORGET, 0, System.nanoTime()));
    }

    /** A bind for this place was sent and its answer never came. */
    public void leaveUnanswered(Endpoint endpoint, Place place) {
        leaveUnanswered(endpoint, place, false);
    }

    /** As {@link #leaveUnanswered(Endpoint, Place)}; {@code forget}: if it came through, the device is to be forgotten too. */
    public void leaveUnanswered(Endpoint endpoint, Place place, boolean forget) {
        Leaver.Work work = forget ? Leaver.Work.UNBIND_AND_FORGET : Leaver.Work.UNBIND;
        add(new Leaver(endpoint, place, 0, work, 0, System.nanoTime() + BIND_OVER.toNanos()));
    }

    private void add(Leaver leaver) {
        if (queue.size() >= LIMIT) {
            metrics.unbindDropped();
        } else {
            queue.add(leaver);
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
        Leaver.Work left = leaver.work();
        if (left == Leaver.Work.EMPTY_INBOX && !stillToEmpty(leaver.endpoint())) {
            return;
        }
        try {
            if (left != Leaver.Work.EMPTY_INBOX) {
                boolean wasOwner = unbind(leaver);
                if (!wasOwner || left == Leaver.Work.UNBIND) {
                    return;
                }
                left = Leaver.Work.EMPTY_INBOX;
                toEmpty.put(leaver.endpoint(), System.nanoTime() + FORGET_TIME.toNanos());
            }
            saver.forget(leaver.endpoint());
            toEmpty.remove(leaver.endpoint());
        } catch (LonglineException e) {
            log.debug("unbind failed endpoint={} failures={} code={}", leaver.endpoint(), leaver.failures(), e.code());
            long delayMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS << Math.min(leaver.failures(), MAX_DOUBLINGS));
            add(leaver.again(left, TimeUnit.MILLISECONDS.toNanos(delayMs)));
        }
    }

    private boolean stillToEmpty(Endpoint endpoint) {
        Long until = toEmpty.get(endpoint);
        if (until != null && System.nanoTime() - until < 0) {
            return true;
        }
        toEmpty.remove(endpoint);
        metrics.forgetGivenUp();
        return false;
    }

    /** The endpoint is in use again: what is in its inbox from now on is not what was to be forgotten. */
    public void boundAgain(Endpoint endpoint) {
        toEmpty.remove(endpoint);
    }

    private boolean unbind(Leaver leaver) {
        OptionalLong generation = leaver.generation() != 0
                ? OptionalLong.of(leaver.generation())
                : register.generationAt(leaver.endpoint(), leaver.place());
        boolean forget = leaver.work() == Leaver.Work.UNBIND_AND_FORGET;
        return generation.isPresent() && register.unbind(leaver.endpoint(), generation.getAsLong(), forget);
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
