package io.longline.keeper.pool;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on virtual threads, so many at a time; so many more wait for their turn, in the order in which they came and no longer than
 * is worth it. For work that slows itself down when too much of it is under way. The metrics of {@link BoundedPool}, and {@code
 * longline_pool_waiting}; whoever has waited too long counts as rejected.
 */
public final class QueuedPool implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(QueuedPool.class);

    private final String name;
    private final int atOnce;
    private final int limit;
    private final long patienceNanos;
    private final LongSupplier nanos;
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private final Counter rejects;
    private int running;
    private boolean closed;

    private record Waiting(Runnable task, Runnable tooLate, long sinceNanos) {}

    /**
     * @param name a constant of the program: it is a metric's tag and the prefix of the threads' names
     * @param atOnce how many run at a time
     * @param limit how many run or wait
     * @param patience for which a task may wait
     */
    public QueuedPool(String name, int atOnce, int limit, Duration patience, MeterRegistry metrics) {
        this(name, atOnce, limit, patience, metrics, System::nanoTime);
    }

    /** As the other one, with a monotonic clock. */
    QueuedPool(String name, int atOnce, int limit, Duration patience, MeterRegistry metrics, LongSupplier nanos) {
        this.nanos = nanos;
        this.name = name;
        this.atOnce = Math.min(atOnce, limit);
        this.limit = limit;
        this.patienceNanos = patience.toNanos();
        Tags tags = Tags.of("pool", name);
        Gauge.builder("longline.pool.depth", this, QueuedPool::running)
                .tags(tags)
                .register(metrics);
        Gauge.builder("longline.pool.limit", () -> this.atOnce).tags(tags).register(metrics);
        Gauge.builder("longline.pool.waiting", this, QueuedPool::waiting)
                .description("tasks that wait for their turn")
                .tags(tags)
                .register(metrics);
        Gauge.builder("longline.pool.waiting.limit", () -> limit - this.atOnce)
                .tags(tags)
                .register(metrics);
        rejects = metrics.counter("longline.pool.rejects", tags);
    }

    /**
     * Runs a task now or when it is its turn. What it throws is logged: a task answers for its own failures. Does not wait.
     *
     * @param tooLate run instead where the task waited too long, on a virtual thread too
     * @return false if it was refused
     */
    public boolean run(Runnable task, Runnable tooLate) {
        synchronized (this) {
            if (closed || running + queue.size() >= limit) {
                rejects.increment();
                return false;
            }
            if (running == atOnce) {
                queue.add(new Waiting(task, tooLate, nanos.getAsLong()));
                return true;
            }
            running++;
        }
        Thread.ofVirtual().name(name).start(() -> work(task));
        return true;
    }

    private void work(Runnable first) {
        for (Runnable task = first; task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable e) {
                log.error("a task failed pool={}", name, e);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Waiting next = queue.poll();
        if (next == null) {
            running--;
            return null;
        }
        if (nanos.getAsLong() - next.sinceNanos > patienceNanos) {
            rejects.increment();
            return next.tooLate;
        }
        return next.task;
    }

    public synchronized int running() {
        return running;
    }

    public synchronized int waiting() {
        return queue.size();
    }

    /** Takes no more tasks; those that wait are too late, those that run go on. */
    @Override
    public void close() {
        Queue<Waiting> left;
        synchronized (this) {
            closed = true;
            left = new ArrayDeque<>(queue);
            queue.clear();
        }
        left.forEach(waiting -> Thread.ofVirtual().name(name).start(waiting.tooLate));
    }
}
