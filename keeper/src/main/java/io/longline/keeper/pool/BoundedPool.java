package io.longline.keeper.pool;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on virtual threads, so many at a time. There is no queue: a task runs at once, or the {@link FullPolicy} says
 * what becomes of it. Metrics {@code longline_pool_depth}, {@code longline_pool_limit} and {@code
 * longline_pool_rejects_total}, tagged with the pool's name.
 */
public final class BoundedPool implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BoundedPool.class);
    private static final Duration RETRY_AFTER = Duration.ofMillis(200);

    private final String name;
    private final int limit;
    private final FullPolicy policy;
    private final Semaphore free;
    private final Counter rejects;
    private volatile boolean closed;

    /** The name is a constant of the program: it is a metric's tag and the prefix of the threads' names. */
    public BoundedPool(String name, int limit, FullPolicy policy, MeterRegistry metrics) {
        this.name = name;
        this.limit = limit;
        this.policy = policy;
        this.free = new Semaphore(limit);
        Tags tags = Tags.of("pool", name);
        Gauge.builder("longline.pool.depth", this, BoundedPool::running)
                .description("tasks running now")
                .tags(tags)
                .register(metrics);
        Gauge.builder("longline.pool.limit", () -> limit)
                .description("tasks that may run at a time")
                .tags(tags)
                .register(metrics);
        rejects = Counter.builder("longline.pool.rejects")
                .description("tasks that were refused or dropped because the pool was full")
                .tags(tags)
                .register(metrics);
    }

    /**
     * Runs the task on a virtual thread of its own. What it throws is logged: a task answers for its own failures.
     *
     * @return false if it was dropped
     * @throws LonglineException OVERLOADED under {@link FullPolicy#REJECT}; DRAINING after close
     */
    public boolean run(Runnable task) {
        if (!admit()) {
            return false;
        }
        if (closed) {
            free.release();
            throw new LonglineException(ErrorCode.DRAINING, name + " is closed");
        }
        Thread.ofVirtual().name(name).start(() -> {
            try {
                task.run();
            } catch (Throwable e) {
                log.error("a task failed pool={}", name, e);
            } finally {
                free.release();
            }
        });
        return true;
    }

    /** Tasks running now. */
    public int running() {
        return limit - free.availablePermits();
    }

    /** Waits until nothing runs; false if the time was over before, or the caller was interrupted. */
    public boolean awaitIdle(Duration time) {
        try {
            if (free.tryAcquire(limit, time.toNanos(), TimeUnit.NANOSECONDS)) {
                free.release(limit);
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Takes no more tasks. Those that run go on: {@link #awaitIdle} before, to see them end. */
    @Override
    public void close() {
        closed = true;
    }

    private boolean admit() {
        if (policy == FullPolicy.WAIT) {
            free.acquireUninterruptibly();
            return true;
        }
        if (free.tryAcquire()) {
            return true;
        }
        rejects.increment();
        if (policy == FullPolicy.REJECT) {
            throw new LonglineException(ErrorCode.OVERLOADED, name + " is full with " + limit + " tasks")
                    .retryAfter(RETRY_AFTER);
        }
        return false;
    }
}
