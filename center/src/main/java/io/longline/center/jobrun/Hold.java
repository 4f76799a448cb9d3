package io.longline.center.jobrun;

import io.longline.center.job.JobState;
import io.longline.center.job.Standing;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job that is ours until it is to rest or to end, or until nobody hears of us. It is given to nobody else for {@link #LEASE}, and we do nothing
 * after {@link #SAFE}, counted from before we asked for it: a process that is stopped in between and wakes when another one has the job has no time
 * left. Used by the thread that works on the job.
 */
final class Hold {
    static final Duration LEASE = Duration.ofSeconds(15);
    static final Duration SAFE = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(Hold.class);
    /** Whoever asks next has it. */
    private static final Duration NO_TIME = Duration.ofMillis(1);
    /** So often saver is told where it stands, and tells what is wanted. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final Duration AGAIN = Duration.ofMillis(250);

    private final String jobId;
    /** As it is to stay: running, or ended where it is recalled. */
    private final JobState state;

    private final BooleanSupplier stopping;
    private int ratePerS;
    private Deadline safe;
    private Deadline nextLook = Deadline.after(LOOK);
    private boolean lost;

    /** Tells saver how far it is; empty: somebody else has the job. */
    @FunctionalInterface
    interface Report {
        Optional<Standing> send(Duration lease, Deadline deadline);
    }

    /**
     * A job that was taken.
     *
     * @param safe begun before it was asked for
     * @param stopping whether this process is about to leave
     */
    Hold(String jobId, Standing standing, Deadline safe, BooleanSupplier stopping) {
        this.jobId = jobId;
        this.state = standing.state();
        this.ratePerS = standing.ratePerS();
        this.safe = safe;
        this.stopping = stopping;
    }

    /** Until when something may be done. */
    Deadline deadline() {
        return safe;
    }

    /** As the back end wishes it by now. */
    int ratePerS() {
        return ratePerS;
    }

    /** Whether it is to go on. Where saver does not answer it is asked again, as long as the job is ours. */
    boolean report(Report report) {
        while (!lost) {
            Deadline renewed = Deadline.after(SAFE);
            boolean leaving = stopping.getAsBoolean();
            try {
                Optional<Standing> now = report.send(leaving ? NO_TIME : LEASE, safe);
                safe = renewed;
                nextLook = Deadline.after(LOOK);
                now.ifPresent(standing -> ratePerS = standing.ratePerS());
                lost = leaving || now.isEmpty();
                return !lost && now.get().state() == state;
            } catch (LonglineException e) {
                log.debug("no report job={} error={}", jobId, e.getMessage());
                lost = leaving || safe.passed() || !sleep(AGAIN);
            }
        }
        return false;
    }

    /** Waits; false where it is not to go on. */
    boolean rest(Duration time, Report report) {
        Deadline end = Deadline.after(time);
        while (!end.passed()) {
            if (!sleep(Duration.ofNanos(Math.min(end.remainingNanos(), nextLook.remainingNanos())))) {
                return false;
            }
            if (nextLook.passed() && !report(report)) {
                return false;
            }
        }
        return true;
    }

    /** False if the process is stopping. */
    private static boolean sleep(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
