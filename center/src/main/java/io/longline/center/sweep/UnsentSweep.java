package io.longline.center.sweep;

import io.longline.center.CenterMetrics;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.ZkLeases;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a {@link SweepRound} after each interval, in the one center that holds the lease. */
public final class UnsentSweep implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UnsentSweep.class);
    private static final String LEASE = "center/unsent";
    private static final Duration END = Duration.ofSeconds(5);

    private final ZkLeases leases;
    private final SweepRound round;
    private final Duration interval;
    private final CenterMetrics metrics;
    private final Thread thread;
    private @Nullable Lease lease;
    private boolean failing;

    public UnsentSweep(ZkLeases leases, SweepRound round, Duration interval, CenterMetrics metrics) {
        this.leases = leases;
        this.round = round;
        this.interval = interval;
        this.metrics = metrics;
        this.thread = Thread.ofVirtual().name("center-sweep").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                turn();
                Thread.sleep(interval);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            release();
        }
    }

    private void turn() {
        try {
            if (holdsLease()) {
                metrics.swept(round.run());
            }
            failing = false;
        } catch (RuntimeException e) {
            metrics.sweepFailed();
            if (!failing) {
                log.warn("the sweep fails, and tries on error={}", e.getMessage());
            }
            failing = true;
        }
    }

    private boolean holdsLease() {
        if (lease != null && lease.valid()) {
            return true;
        }
        release();
        Optional<Lease> taken = leases.tryAcquire(LEASE);
        lease = taken.orElse(null);
        return taken.isPresent();
    }

    private void release() {
        if (lease != null) {
            lease.close();
            lease = null;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
