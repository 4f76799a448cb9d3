package io.longline.center.due;

import io.longline.center.CenterMetrics;
import io.longline.center.schedule.DuePage;
import io.longline.center.schedule.DuePush;
import io.longline.center.schedule.ScheduleClient;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * One round over all shards: what is due is begun and sent, so many at the same moment, and a round ends when no more is due. It does not wait for
 * what it began. A shard is asked for no more than can be sent at once.
 *
 * <p>What is begun is told to nobody else for 15 s; it has 10 s, counted from before it was asked for. So a process that is stopped in between and
 * wakes when another one sends has no time left to do anything; and what a process began that died, another one sends.
 */
public final class DueRound implements LeasedLoop.Task, AutoCloseable {
    /** Of a shard at a time. */
    static final int PAGE = 4;

    private static final Duration BEGUN = Duration.ofSeconds(15);
    private static final Duration TIME_TO_SEND = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ScheduleClient schedule;
    private final DueFlow flow;
    private final CenterMetrics metrics;
    private final Semaphore room;
    private final int atOnce;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Integer, Long> waiting = new HashMap<>();
    /** The shard that the next round begins with. */
    private int first;

    public DueRound(ScheduleClient schedule, DueFlow flow, int atOnce, CenterMetrics metrics) {
        this.schedule = schedule;
        this.flow = flow;
        this.atOnce = atOnce;
        this.room = new Semaphore(atOnce);
        this.metrics = metrics;
    }

    @Override
    public boolean due() {
        return true;
    }

    @Override
    public void run(Lease lease) throws InterruptedException {
        try {
            begin(lease);
        } catch (RuntimeException e) {
            metrics.dueRoundFailed();
            throw e;
        } finally {
            metrics.scheduled(
                    waiting.values().stream().mapToLong(Long::longValue).sum());
        }
    }

    private void begin(Lease lease) throws InterruptedException {
        Deque<Integer> shards = new ArrayDeque<>();
        for (int i = 0; i < Shards.COUNT; i++) {
            shards.add((first + i) % Shards.COUNT);
        }
        while (!shards.isEmpty()) {
            List<Integer> some = withRoom(shards);
            first = (some.getLast() + 1) % Shards.COUNT;
            shards.addAll(begin(some, lease));
            if (!lease.valid()) {
                return;
            }
        }
    }

    /** Takes the next shards for which there is room; waits until there is for one. */
    private List<Integer> withRoom(Deque<Integer> shards) throws InterruptedException {
        List<Integer> some = new ArrayList<>();
        room.acquire(PAGE);
        do {
            some.add(shards.remove());
        } while (!shards.isEmpty() && room.tryAcquire(PAGE));
        return some;
    }

    /** Answers those of which more is due. */
    private List<Integer> begin(List<Integer> shards, Lease lease) {
        int taken = shards.size() * PAGE;
        try {
            Deadline patience = Deadline.after(PATIENCE);
            Deadline end = Deadline.after(TIME_TO_SEND);
            if (!lease.valid()) {
                return List.of();
            }
            List<Integer> more = new ArrayList<>();
            for (Map.Entry<Integer, DuePage> page :
                    schedule.due(shards, PAGE, BEGUN, patience).entrySet()) {
                waiting.put(page.getKey(), page.getValue().waiting());
                for (DuePush due : page.getValue().messages()) {
                    taken--;
                    start(due, end);
                }
                if (page.getValue().more()) {
                    more.add(page.getKey());
                }
            }
            return more;
        } finally {
            room.release(taken);
        }
    }

    private void start(DuePush due, Deadline end) {
        threads.execute(() -> {
            try {
                flow.run(due, end);
            } finally {
                room.release();
            }
        });
    }

    /** How many are being sent. */
    public int inWork() {
        return atOnce - room.availablePermits();
    }

    /** Stops at once; what is not finished is begun again by another center. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
