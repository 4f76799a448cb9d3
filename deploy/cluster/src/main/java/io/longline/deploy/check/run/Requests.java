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
 * What a run has under way, each in a thread of its own: so much at a time for each product, as more would only queue, and what waits
 * for a stalled part is not to hold up the others. Any thread.
 */
final class Requests implements AutoCloseable {
    private static final int MOST_AT_ONCE = 200;

    private final ScheduledExecutorService timer;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Semaphore> rooms = new ConcurrentHashMap<>();

    Requests(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** False where too many of that product, or of what is for none (""), are under way: nothing happens. */
    boolean submit(String product, Runnable request) {
        Semaphore room = room(product);
        boolean may = room.tryAcquire();
        if (may) {
            threads.execute(() -> run(room, request));
        }
        return may;
    }

    /** Waits while too many are under way. */
    void put(String product, Runnable request) {
        Semaphore room = room(product);
        room.acquireUninterruptibly();
        threads.execute(() -> run(room, request));
    }

    /** Begins after a while, when there is room for it; {@link #awaitAll} waits for it only from then on. */
    void later(long nanos, String product, Runnable request) {
        Runnable begin = () -> threads.execute(() -> {
            Semaphore room = room(product);
            room.acquireUninterruptibly();
            run(room, request);
        });
        Future<?> _ = timer.schedule(begin, nanos, TimeUnit.NANOSECONDS);
    }

    private Semaphore room(String product) {
        return rooms.computeIfAbsent(product, _ -> new Semaphore(MOST_AT_ONCE));
    }

    private static void run(Semaphore room, Runnable request) {
        try {
            request.run();
        } finally {
            room.release();
        }
    }

    void awaitAll() {
        rooms.values().forEach(room -> {
            room.acquireUninterruptibly(MOST_AT_ONCE);
            room.release(MOST_AT_ONCE);
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
