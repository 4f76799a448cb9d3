package io.longline.center.broadcastrun;

import io.longline.center.job.Standing;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broadcast that is ours. It is given to nobody else for {@link #LEASE}, and we ask nobody to send after {@link #SAFE}, counted from before we
 * asked for it; what rooms were asked until then is over before the lease is. Used by the thread that works on the broadcast.
 */
final class BroadcastHold {
    static final Duration SAFE = Duration.ofSeconds(4);
    static final Duration LEASE = SAFE.plus(Shares.CALL).plus(Shares.LENGTH).plusMillis(500);
    /** Of a report. Who was not heard asks nobody to send, so a wish of a back end is no older than this when rooms are asked. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(BroadcastHold.class);
    /** Whoever asks next has it. */
    private static final Duration NO_TIME = Duration.ofMillis(1);

    private static final Duration LAST_PATIENCE = Duration.ofSeconds(4);
    private static final Duration AGAIN = Duration.ofMillis(250);

    private final String jobId;
    private Standing standing;
    private Deadline safe;
    private boolean heard = true;
    private boolean lost;

    /** Tells saver how far it is; empty: somebody else has it. */
    @FunctionalInterface
    interface Report {
        Optional<Standing> send(Duration lease, Deadline deadline);
    }

    /** @param safe begun before it was asked for */
    BroadcastHold(String jobId, Standing standing, Deadline safe) {
        this.jobId = jobId;
        this.standing = standing;
        this.safe = safe;
    }

    /** Whether something may still be done. */
    boolean isOurs() {
        return !lost && !safe.passed();
    }

    /** Until when. */
    Deadline deadline() {
        return safe;
    }

    /** As the back end wants it by now. */
    Standing standing() {
        return standing;
    }

    /** Whether saver has heard the last report, so that {@link #standing} is how it stands. */
    boolean isHeard() {
        return heard && !lost;
    }

    /** Tells it once. */
    void report(Report report) {
        Deadline renewed = Deadline.after(SAFE);
        try {
            note(report.send(LEASE, Deadline.after(PATIENCE)));
            safe = renewed;
        } catch (LonglineException e) {
            heard = false;
            log.debug("no report job={} error={}", jobId, e.getMessage());
        }
    }

    private void note(Optional<Standing> now) {
        now.ifPresent(known -> standing = known);
        lost = now.isEmpty();
        heard = true;
    }

    /** We do nothing more, and tell that until it is heard. */
    void last(Report report) {
        Deadline end = Deadline.after(LAST_PATIENCE);
        heard = false;
        while (!lost && !heard && !end.passed()) {
            try {
                note(report.send(NO_TIME, end.atMost(PATIENCE)));
            } catch (LonglineException e) {
                log.debug("no last report job={} error={}", jobId, e.getMessage());
                if (!sleep(AGAIN)) {
                    return;
                }
            }
        }
    }

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
