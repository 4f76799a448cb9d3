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
 * <p>The lease is given back after each run, so that whichever process is woken does the work; or kept from run to run, for work
 * that always begins again: as long as the runs succeed, and for half a minute at most. A process that is cut off from what the work
 * needs, or from a part of it, would otherwise keep it from all others.
 */
public final class LeasedLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeasedLoop.class);
    private static final Duration SOON = Duration.ofMillis(250);
    /** After a kept lease was given back: the others, who ask again {@link #SOON}, have their turn first. */
    private static final Duration OTHERS_FIRST = Duration.ofSeconds(1);

    private static final Duration TURN = Duration.ofSeconds(30);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    /** What the loop runs. */
    public interface Task {
        /** Whether there is anything to do; asked without the lease. */
        boolean due();

        /** Does it. Ends early where the lease is no longer valid; what it throws is logged, and it is run again soon. */
        void run(Lease lease) throws InterruptedException;
    }

    private final String lease;
    private final Duration period;
    private final Task task;
    private final Duration turn;
    private final Duration othersFirst;
    private final BlockingQueue<Boolean> wakeUp = new ArrayBlockingQueue<>(1);
    private final Thread thread;
    // The rest is touched by the thread alone.
    private final KeptLease kept;
    /** The failure that was logged last: a dependency that stays away is one line, not four a second. */
    private @Nullable String logged;

    /** Gives the lease back after each run. */
    public LeasedLoop(String lease, ZkLeases leases, Duration period, Task task) {
        this(lease, leases, period, task, Duration.ZERO);
    }

    /** @param turn how long the lease is kept at most; zero: for one run */
    LeasedLoop(String lease, ZkLeases leases, Duration period, Task task, Duration turn) {
        this.lease = lease;
        this.kept = new KeptLease(() -> leases.tryAcquire(lease));
        this.period = period;
        this.task = task;
        this.turn = turn;
        this.othersFirst = turn.isZero() ? Duration.ZERO : OTHERS_FIRST;
        this.thread = Thread.ofVirtual().name(lease).unstarted(this::loop);
    }

    /** Keeps the lease from run to run. */
    public static LeasedLoop keeping(String lease, ZkLeases leases, Duration period, Task task) {
        return new LeasedLoop(lease, leases, period, task, TURN);
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
                Duration pause = runOnce();
                wakeUp.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            log.debug("closed lease={}", lease);
        } finally {
            Thread.interrupted(); // The thread ends; what it holds is given back first.
            kept.giveBack();
        }
    }

    /** How long to wait for the next run. */
    private Duration runOnce() throws InterruptedException {
        try {
            if (!task.due()) {
                kept.giveBack();
                logged = null;
                return period;
            }
            Optional<Lease> mine = kept.get();
            if (mine.isEmpty()) {
                return SOON;
            }
            task.run(mine.get());
            logged = null;
            if (!kept.isHeldFor(turn)) {
                return period;
            }
            kept.giveBack();
            return longer(period, othersFirst);
        } catch (RuntimeException e) {
            kept.failed();
            if (!Thread.currentThread().isInterrupted()) {
                logOnce(ErrorTranslator.fromAny(e));
            }
            return longer(SOON, othersFirst);
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private void logOnce(LonglineException error) {
        String line = error.code() + " " + error.getMessage();
        if (!line.equals(logged)) {
            log.warn("work was broken off, it is tried again lease={} reason={}", lease, line, error.getCause());
            logged = line;
        }
    }
}
