package io.longline.saver.job;

import io.longline.keeper.error.LonglineException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a back end wants of a job.
 *
 * @param state RUNNING, PAUSED or CANCELLED; null: as it is
 * @param ratePerS empty: as it is
 * @param bytesPerS of a broadcast; empty: as it is
 * @param canaryPermille of a broadcast; empty: as it is
 * @param recall it ends, if it has not, and what it has sent is recalled
 */
record JobWish(
        @Nullable JobState state,
        OptionalInt ratePerS,
        OptionalInt bytesPerS,
        OptionalInt canaryPermille,
        boolean recall) {

    void require(Job job) {
        if (canaryPermille.isPresent() && !job.isBroadcast()) {
            throw LonglineException.invalid("canary_permille", "is for broadcasts, job " + job.id() + " has a list");
        }
        if (bytesPerS.isPresent() && !job.isBroadcast()) {
            throw LonglineException.invalid("bytes_per_s", "is for broadcasts, job " + job.id() + " has a list");
        }
    }

    /** Whether one that has ended is as it is wanted. */
    boolean isOf(Job job) {
        return state == job.state() && ratePerS.isEmpty() && bytesPerS.isEmpty() && canaryPermille.isEmpty();
    }

    JobState next(Job job) {
        JobState now = job.state();
        if (recall) {
            return now.isFinal() ? now : JobState.CANCELLED;
        }
        if (state == null) {
            return now == JobState.HOLDING && job.broadcast().isLessThan(canaryPermille(job)) ? JobState.RUNNING : now;
        }
        return state == JobState.RUNNING ? goingOn(job) : state;
    }

    /** What goes on is queued: another one of its product may run meanwhile. None of its topic does where a broadcast has begun. */
    private static JobState goingOn(Job job) {
        return switch (job.state()) {
            case PAUSED, HOLDING -> job.broadcast().begun() ? JobState.RUNNING : JobState.QUEUED;
            default -> job.state();
        };
    }

    int ratePerS(Job job) {
        return ratePerS.orElse(job.ratePerS());
    }

    int bytesPerS(Job job) {
        return bytesPerS.orElse(job.broadcast().bytes().perS());
    }

    /** Who lets one go on that holds, and says no number, means everybody. */
    int canaryPermille(Job job) {
        boolean everybody = job.state() == JobState.HOLDING && state == JobState.RUNNING;
        return canaryPermille.orElse(everybody ? 0 : job.broadcast().canaryPermille());
    }
}
