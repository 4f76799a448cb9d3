package io.longline.saver.expiry;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.pool.QueuedPool;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.endpoint.Batch;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.MessageEvents;
import io.longline.saver.expiry.RedisExpiry.Wanted;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What expires in one shard; one virtual thread, which no other shard waits for. What cannot be looked at now is due again a minute later. */
final class ShardExpiry {
    private static final Logger log = LoggerFactory.getLogger(ShardExpiry.class);

    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** Claimed at a time: all of it is looked at long before it is due again. */
    private static final int PAGE = 32;

    /** Of a shard; all shards together are what Redis has to do beside the rest. */
    private static final int SIDE_BY_SIDE = 4;

    private static final Duration AGAIN = Duration.ofMinutes(1);
    /** Between two looks at one inbox. */
    private static final Duration PAUSE = Duration.ofSeconds(2);
    /** What another saver should have looked at by now. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private static final int TURNS_BETWEEN_OTHERS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Of one inbox. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final int shard;
    private final Tools tools;
    private int turn;

    /**
     * What those of all shards share.
     *
     * @param isMine whether a shard is this saver's, as far as it knows
     */
    record Tools(RedisExpiry store, MessageEvents events, Expiry.Look look, QueuedPool slow, IntPredicate isMine) {}

    ShardExpiry(int shard, Tools tools) {
        this.shard = shard;
        this.tools = tools;
        this.turn = shard;
    }

    /** Until it is interrupted. */
    void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (!turn()) {
                    Thread.sleep(PERIOD);
                }
            }
        } catch (InterruptedException e) {
            log.debug("closes shard={}", shard);
        }
    }

    /** Whether there is more to do at once. */
    boolean turn() {
        try {
            return tools.events.isAnyTold() && lookAtDue();
        } catch (LonglineException e) { // it is rebuilt, or its node is away
            log.debug("what expired is told later shard={} error={}", shard, e.getMessage());
        } catch (RuntimeException e) {
            log.error("a fault of ours, what expired is told later shard={}", shard, e);
        }
        return false;
    }

    private boolean lookAtDue() {
        boolean isMine = tools.isMine.test(shard);
        if (!isMine && turn++ % TURNS_BETWEEN_OTHERS != 0) {
            return false;
        }
        Wanted wanted = new Wanted(PAGE, isMine ? Duration.ZERO : LATE, AGAIN);
        List<Endpoint> due = RedisStore.await(tools.store.due(shard, wanted), Deadline.after(PATIENCE));
        Queue<Endpoint> waiting = new ConcurrentLinkedQueue<>(due);
        int lanes = Math.min(SIDE_BY_SIDE, due.size());
        if (lanes > 0) {
            Batch.together(Collections.nCopies(lanes, waiting), this::lookThroughAll);
        }
        return due.size() == PAGE;
    }

    private int lookThroughAll(Queue<Endpoint> waiting) {
        int looked = 0;
        for (Endpoint next = waiting.poll(); next != null; next = waiting.poll()) {
            lookThrough(next);
            looked++;
        }
        return looked;
    }

    private void lookThrough(Endpoint endpoint) {
        laterIfItFails(endpoint, () -> {
            if (tools.events.isTold(endpoint.product())) {
                lookHereFirst(endpoint);
            } else if (tools.events.isUnwanted(endpoint.product())) {
                note(endpoint, false);
            }
        });
    }

    private void lookHereFirst(Endpoint endpoint) {
        if (tools.look.here().test(endpoint, Deadline.after(LOOK))) {
            note(endpoint, true);
        } else {
            boolean _ = tools.slow.run(() -> lookThroughWhole(endpoint), () -> log.debug("too late shard={}", shard));
        }
    }

    private void lookThroughWhole(Endpoint endpoint) {
        laterIfItFails(endpoint, () -> {
            tools.look.whole().accept(endpoint, Deadline.after(LOOK));
            note(endpoint, true);
        });
    }

    private void note(Endpoint endpoint, boolean isTold) {
        boolean _ = RedisStore.await(tools.store.next(endpoint, isTold, PAUSE), Deadline.after(PATIENCE));
    }

    private static void laterIfItFails(Endpoint endpoint, Runnable step) {
        try {
            step.run();
        } catch (LonglineException e) {
            log.debug("what expired is told later product={} error={}", endpoint.product(), e.getMessage());
        }
    }
}
