package io.longline.center.job;

import java.util.OptionalLong;

/**
 * A message to a long list.
 *
 * @param createdAtMs when its message was sent, by the store's clock
 * @param endsAtMs of its time to live
 * @param ratePerS targets; 0: as fast as its product may
 * @param targeted targets in the list
 * @param acked copies; empty: nobody could say
 * @param reason what it waits for, or why it ended; "": nothing special
 * @param recalled what it has sent is to be recalled, or was
 * @param held somebody works on it, and may have more to tell of it
 */
public record Job(
        String product,
        String id,
        String messageId,
        JobState state,
        long createdAtMs,
        long endsAtMs,
        int ratePerS,
        long targeted,
        Progress progress,
        OptionalLong acked,
        String reason,
        boolean recalled,
        boolean held) {

    /** It has ended, and nothing more will be heard of it. */
    public boolean isOver() {
        return state.isFinal() && !held;
    }
}
