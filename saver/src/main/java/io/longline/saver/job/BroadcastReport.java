package io.longline.saver.job;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What whoever sends a broadcast tells of it.
 *
 * @param offset in the log of its topic; 0: it is not there yet
 * @param rooms by "instance/incarnation"; others stay as they were told of before
 * @param reason what it waits for, or why it ends
 * @param end final: its log is as that wants it, the next one of its topic may begin; HOLDING: its canary has it; null: it goes on
 * @param lease for so long nobody else is to have it
 * @param givesBack somebody else is to go on then, and no room sends on behalf of this one any more
 */
record BroadcastReport(
        long offset,
        Map<String, RoomCounts> rooms,
        String reason,
        @Nullable JobState end,
        Duration lease,
        boolean givesBack) {

    /** How it stands then. One that has ended stays so, one that rests does not hold, nor one that more users are to have by now. */
    JobState next(Job job) {
        JobState now = job.state();
        if (end == null || now.isFinal()) {
            return now;
        }
        if (end == JobState.HOLDING) {
            return now == JobState.RUNNING && job.broadcast().mayHold() ? end : now;
        }
        return end;
    }

    /** It may be read now, although somebody has cancelled it meanwhile: it is still to be removed. */
    boolean isOpenButCancelled(JobState next) {
        return end == JobState.DONE && next != JobState.DONE;
    }

    /** The next one of its topic may begin. */
    boolean letsGo(JobState next) {
        return end != null && end.isFinal() && !isOpenButCancelled(next);
    }

    /** Nobody has it any more. */
    boolean ends(JobState next) {
        return end != null && (end.isFinal() || next == JobState.HOLDING);
    }

    /** Whoever reports has it further, or its successor not before that time. */
    boolean hasItFurther(Job job, JobState next) {
        return !ends(next) && job.broadcast().begun() && next != JobState.HOLDING;
    }

    /** Where it was to hold and runs, it is not given back either: whoever hears that goes on. */
    boolean isGivenBack(JobState next) {
        return givesBack && (end != JobState.HOLDING || next != JobState.RUNNING);
    }
}
