package io.longline.room.topic;

import io.longline.room.RoomMetrics;
import io.longline.room.delivery.AckPace;
import io.longline.room.delivery.Backoff;
import io.longline.room.transport.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the saver how far the clients of one loop are done with their topics. Of several acks of a follow only the newest is sent, every few
 * milliseconds, or less often where many clients acknowledge, and one call a follow is under way at a time.
 *
 * <p>While the saver is away the newest ack of each follow is kept and tried again. That of a follow that is no more is given up after a while,
 * and at once where there are too many of them: the client gets once more what it had, and drops it.
 */
final class Passes {
    private static final Logger log = LoggerFactory.getLogger(Passes.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration MAX_RETRY = Duration.ofSeconds(5);
    private static final int TRIES_AFTER_END = 8; // about 20 s

    private final Loop loop;
    private final TopicLogs logs;
    private final RoomMetrics metrics;
    private final int limit;
    private final Backoff backoff = new Backoff(FIRST_RETRY, MAX_RETRY, RandomGenerator.getDefault());
    private final IdentityHashMap<Follow, Pass> passes = new IdentityHashMap<>();
    private final Queue<Pass> due = new ArrayDeque<>();
    private final AckPace pace = new AckPace();
    private boolean ticking;

    /** What one follow has to tell: waits in {@code due}, or is under way, or waits to be tried again. */
    private static final class Pass {
        final Follow follow;
        long told;
        int failures;

        Pass(Follow follow) {
            this.follow = follow;
        }
    }

    /** @param limit on those of follows that are no more; each that is there has one at most */
    Passes(Loop loop, TopicLogs logs, RoomMetrics metrics, int limit) {
        this.loop = loop;
        this.logs = logs;
        this.metrics = metrics;
        this.limit = limit;
    }

    /** The follow has something new to tell. */
    void due(Follow follow) {
        if (!passes.containsKey(follow)) {
            Pass pass = new Pass(follow);
            passes.put(follow, pass);
            enqueue(pass);
        }
    }

    /** How many follows have something to tell that the saver has not taken yet. */
    int size() {
        return passes.size();
    }

    private void enqueue(Pass pass) {
        due.add(pass);
        if (!ticking) {
            ticking = true;
            loop.later(pace.pause(), this::tick);
        }
    }

    private void tick() {
        ticking = false;
        pace.sends(due.size());
        for (int left = due.size(); left > 0; left--) {
            Pass next = due.poll();
            if (next != null) {
                send(next);
            }
        }
    }

    private void send(Pass pass) {
        Follow follow = pass.follow;
        long acked = follow.acked();
        if (acked <= pass.told) {
            passes.remove(follow);
            return;
        }
        metrics.topicAckForwarded();
        loop.whenDone(logs.pass(follow.session().endpoint(), follow.topic(), acked), (_, error) -> {
            if (error == null) {
                pass.told = acked;
                told(pass);
            } else {
                failed(pass);
            }
        });
    }

    private void told(Pass pass) {
        pass.failures = 0;
        if (pass.follow.acked() > pass.told) {
            enqueue(pass);
        } else {
            passes.remove(pass.follow);
        }
    }

    private void failed(Pass pass) {
        pass.failures++;
        if (pass.follow.isGone() && (pass.failures >= TRIES_AFTER_END || passes.size() > limit)) {
            passes.remove(pass.follow);
            metrics.topicAckGivenUp();
            log.debug("ack given up endpoint={} topic={}", pass.follow.session().endpoint(), pass.follow.topic());
            return;
        }
        loop.later(backoff.after(pass.failures), () -> enqueue(pass));
    }
}
