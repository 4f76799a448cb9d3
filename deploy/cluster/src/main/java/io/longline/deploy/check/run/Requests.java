package io.longline.deploy.check.run;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What a run has under way, each in a thread of its own: so much at a time for each product at each center, as more would only queue
 * where the machine is busy, and what waits for a stalled part is not to hold up the others. Any thread.
 */
final class Requests implements AutoCloseable {
    private static final int MOST_AT_ONCE = 16;

    private final ScheduledExecutorService timer;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Lane, Semaphore> lanes = new ConcurrentHashMap<>();

    private record Lane(String product, int center) {}

    Requests(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** False where too many of that product, or of what is for none (""), are under way at that center: nothing happens. */
    boolean submit(String product, int center, Runnable request) {
        Semaphore lane = lane(product, center);
        boolean may = lane.tryAcquire();
        if (may) {
            threads.execute(() -> run(lane, request));
        }
        return may;
    }

    /** Waits while too many are under way. */
    void put(String product, int center, Runnable request) {
        Semaphore lane = lane(product, center);
        lane.acquireUninterruptibly();
        threads.execute(() -> run(lane, request));
    }

    /** Begins after a while, when there is room for it; {@link #awaitAll} waits for it only from then on. */
    void later(long nanos, String product, int center, Runnable request) {
        Runnable begin = () -> threads.execute(() -> {
            Semaphore lane = lane(product, center);
            lane.acquireUninterruptibly();
            run(lane, request);
        });
        Future<?> _ = timer.schedule(begin, nanos, TimeUnit.NANOSECONDS);
    }

    private Semaphore lane(String product, int center) {
        return lanes.computeIfAbsent(new Lane(product, center), _ -> new Semaphore(MOST_AT_ONCE));
    }

    private static void run(Semaphore lane, Runnable request) {
        try {
            request.run();
        } finally {
            lane.release();
        }
    }

    void awaitAll() {
        lanes.values().forEach(lane -> {
            lane.acquireUninterruptibly(MOST_AT_ONCE);
            lane.release(MOST_AT_ONCE);
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
