package io.longline.saver.job;

import io.longline.keeper.error.LonglineException;
import org.jspecify.annotations.Nullable;

/**
 * A message to a long list, or to everybody; or users to be kicked.
 *
 * @param createdAtMs when its message was sent, by the time of Redis
 * @param endsAtMs of its time to live
 * @param ratePerS targets, or people; 0: as fast as its product may
 * @param targeted targets in the list; 0 of a broadcast
 * @param reason what it waits for, or why it ended; empty: nothing special
 * @param recalled what it has sent is to be recalled, or was
 * @param held somebody works on it
 * @param broadcast NONE of a list
 * @param kick null: it is a message
 */
record Job(
        String product,
        String id,
        String messageId,
        JobState state,
        long createdAtMs,
        long endsAtMs,
        int ratePerS,
        int targeted,
        Progress progress,
        String reason,
        boolean recalled,
        boolean held,
        Broadcast broadcast,
        @Nullable Kick kick) {

    boolean isBroadcast() {
        return broadcast.hasTopic();
    }

    /** Whether it can be sent with one before it: it waits, and nothing is wished of it but to be sent to everybody. */
    boolean mayBeMerged() {
        boolean waits = state == JobState.QUEUED || state == JobState.RUNNING;
        return waits
                && !held
                && !recalled
                && ratePerS == 0
                && broadcast.bytes().perS() == 0
                && broadcast.canaryPermille() == 0;
    }

    /** INVALID_ARGUMENT where what is told of it is that of the other kind. */
    void require(boolean broadcasts) {
        if (isBroadcast() != broadcasts) {
            throw LonglineException.invalid(
                    "how_far", "is not that of job " + id + ", which is a " + (isBroadcast() ? "broadcast" : "list"));
        }
    }
}
