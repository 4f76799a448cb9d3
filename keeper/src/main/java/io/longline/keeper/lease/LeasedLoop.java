package io.longline.keeper.lease;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a task each period, and at once when woken, while it holds a lease. Where another process has the lease, or the
 * task fails, it comes back soon: so the work of a process that dies is taken over.
 *
 * <p>The lease is given back after each run, so that whichever process is woken does the work; or kept as long as it is valid,
 * for work that always begins again.
 */
public final class LeasedLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeasedLoop.class);
    private static final Duration SOON = Duration.ofMillis(250);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    /** What the loop runs. */
    public interface Task {
        /** Whether there is anything to do; asked without the lease. */
        boolean due();

        /** Does it. Ends early where the lease is no longer valid; what it throws is logged, and it is run again soon. */
        void run(Lease lease) throws InterruptedException;
    }

    private final String lease;
    private final ZkLeases leases;
    private final Duration period;
    private final Task task;
    private final boolean keep;
    private final BlockingQueue<Boolean> wakeUp = new ArrayBlockingQueue<>(1);
    private final Thread thread;
    // The rest is touched by the thread alone.
    /** The failure that was logged last: a dependency that stays away is one line, not four a second. */
    private @Nullable String logged;

    private @Nullable Lease held;

    /** Gives the lease back after each run. */
    public LeasedLoop(String lease, ZkLeases leases, Duration period, Task task) {
        this(lease, leases, period, task, false);
    }

    private LeasedLoop(String lease, ZkLeases leases, Duration period, Task task, boolean keep) {
        this.lease = lease;
        this.leases = leases;
        this.period = period;
        this.task = task;
        this.keep = keep;
        this.thread = Thread.ofVirtual().name(lease).unstarted(this::loop);
    }

    /** Keeps the lease from run to run. */
    public static LeasedLoop keeping(String lease, ZkLeases leases, Duration period, Task task) {
        return new LeasedLoop(lease, leases, period, task, true);
    }

    public LeasedLoop start() {
        thread.start();
        return this;
    }

    /** From any thread; does not block. A wake-up during a run leads to another one. */
    public void wake() {
        wakeUp.offer(true);
    }

    /** Interrupts the task and waits for its end. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSE_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Duration pause = runOnce() ? period : SOON;
                wakeUp.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            log.debug("closed lease={}", lease);
        } finally {
            Thread.interrupted(); // The thread ends; what it holds is given back first.
            release();
        }
    }

    /** Whether all is done until the next period. */
    private boolean runOnce() throws InterruptedException {
        try {
            if (task.due()) {
                Optional<Lease> mine = lease();
                if (mine.isEmpty()) {
                    return false;
                }
                task.run(mine.get());
            }
            logged = null;
            return true;
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                logOnce(ErrorTranslator.fromAny(e));
            }
            return false;
        } finally {
            if (!keep) {
                release();
            }
        }
    }

    private Optional<Lease> lease() {
        if (held == null || !held.valid()) {
            release();
            held = leases.tryAcquire(lease).orElse(null);
        }
        return Optional.ofNullable(held);
    }

    private void release() {
        Lease last = held;
        held = null;
        if (last != null) {
            last.close();
        }
    }

    private void logOnce(LonglineException error) {
        String line = error.code() + " " + error.getMessage();
        if (!line.equals(logged)) {
            log.warn("work was broken off, it is tried again lease={} reason={}", lease, line, error.getCause());
            logged = line;
        }
    }
}
