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
    /** Who rests longer leaves its place to others that wait for one, and who has had it for so long already. */
    private static final Duration SHORT_REST = Duration.ofSeconds(1);

    static final Duration TURN = Duration.ofSeconds(10);

    private final String jobId;
    /** As it is to stay: running, or ended where it is recalled. */
    private final JobState state;

    private final BooleanSupplier stopping;
    private final BooleanSupplier crowded;
    private Standing standing;
    private Deadline safe;
    private Deadline nextLook = Deadline.after(LOOK);
    private final Deadline turn = Deadline.after(TURN);
    private boolean lost;
    private boolean ended;

    /** Tells saver how far it is; empty: somebody else has the job. {@code givesBack}: somebody else is to have it when the lease is over. */
    @FunctionalInterface
    interface Report {
        Optional<Standing> send(Duration lease, boolean givesBack, Deadline deadline);
    }

    /**
     * A job that was taken.
     *
     * @param safe begun before it was asked for
     * @param stopping whether this process is about to leave
     * @param crowded whether all places for such jobs are taken here
     */
    Hold(String jobId, Standing standing, Deadline safe, BooleanSupplier stopping, BooleanSupplier crowded) {
        this.jobId = jobId;
        this.state = standing.state();
        this.standing = standing;
        this.safe = safe;
        this.stopping = stopping;
        this.crowded = crowded;
    }

    /** Until when something may be done. */
    Deadline deadline() {
        return safe;
    }

    /** As the back end wishes it by now. */
    Standing standing() {
        return standing;
    }

    /** Somebody has ended it, and that we have no more to tell of it is still to be told. */
    boolean hasEnded() {
        return ended && !lost;
    }

    /** Somebody else has it, or will have: what was reported last may not have been heard. */
    boolean isLost() {
        return lost;
    }

    /** Whether it is to go on. Where saver does not answer it is asked again, as long as the job is ours. */
    boolean report(Report report) {
        return stopping.getAsBoolean() ? giveBack(NO_TIME, report) : tell(LEASE, false, report);
    }

    /** It is nobody's for that time; false. */
    private boolean giveBack(Duration rest, Report report) {
        boolean goesOn = tell(rest.compareTo(NO_TIME) > 0 ? rest : NO_TIME, true, report);
        lost = lost || goesOn;
        return false;
    }

    /** We do nothing more, and it is nobody's. */
    void leave(Report report) {
        boolean _ = giveBack(NO_TIME, report);
    }

    private boolean tell(Duration lease, boolean givesBack, Report report) {
        while (!lost) {
            Deadline renewed = Deadline.after(SAFE);
            try {
                Optional<Standing> now = report.send(lease, givesBack, safe);
                safe = renewed;
                nextLook = Deadline.after(LOOK);
                now.ifPresent(known -> standing = known);
                ended = now.filter(
                                known -> known.state() != state && known.state().isFinal())
                        .isPresent();
                lost = now.isEmpty();
                return !lost && now.get().state() == state;
            } catch (LonglineException e) {
                log.debug("no report job={} error={}", jobId, e.getMessage());
                lost = stopping.getAsBoolean() || safe.passed() || !sleep(AGAIN);
            }
        }
        return false;
    }

    /** Waits; false where it is not to go on. Where it would keep others from a place here somebody else is to go on. */
    boolean rest(Duration time, Report report) {
        if ((time.compareTo(SHORT_REST) > 0 || turn.passed()) && crowded.getAsBoolean()) {
            return giveBack(time, report);
        }
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
