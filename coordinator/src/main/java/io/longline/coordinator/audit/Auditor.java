package io.longline.coordinator.audit;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round after the other, in the one coordinator that has the lease, and keeps it as long as rounds come to their end: the pause between
 * two of them is one of the whole cluster.
 */
final class Auditor implements LeasedLoop.Task {
    private static final Logger log = LoggerFactory.getLogger(Auditor.class);
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final int MOST_FAILURES = 3;

    private final AuditRound.Tools tools;
    private final InstantSource clock;

    Auditor(AuditRound.Tools tools, InstantSource clock) {
        this.tools = tools;
        this.clock = clock;
    }

    @Override
    public boolean due() {
        return tools.config().ratePerS() > 0;
    }

    /** Until the lease ends; throws after several rounds in a row that were broken off, as another coordinator may do better. */
    @Override
    public void run(Lease lease) throws InterruptedException {
        int failures = 0;
        while (pauseBetween(lease)) {
            long began = System.nanoTime();
            try {
                round(lease);
                failures = 0;
                tools.metrics().whole(clock.millis(), Duration.ofNanos(System.nanoTime() - began));
            } catch (LonglineException e) {
                tools.metrics().brokenOff();
                if (lease.valid() && ++failures == MOST_FAILURES) {
                    throw e;
                }
                log.info("a round of the audit was broken off reason={}", e.getMessage());
            }
        }
    }

    private void round(Lease lease) {
        AuditReport report = new AuditReport(tools.metrics(), _ -> {}, _ -> {});
        new AuditRound(tools, tools.config().ratePerS(), report, lease::valid).run();
        log.debug("audited routes={} sessions={} unknown={}", report.routes(), report.sessions(), report.unknown());
    }

    /** Whether the lease is still there after it. */
    private boolean pauseBetween(Lease lease) throws InterruptedException {
        long end = clock.millis() + tools.config().pause().toMillis();
        do {
            tools.pause().of(STEP);
        } while (lease.valid() && clock.millis() < end);
        return lease.valid();
    }
}
