package io.longline.center.job;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A message to a long list, or a broadcast; or a list of users to be kicked.
 *
 * @param createdAtMs when its message was sent, by the store's clock
 * @param endsAtMs of its time to live
 * @param ratePerS targets, or people; 0: as fast as its product may, or as it usually is there where bytes are 0, too
 * @param targeted targets in the list; 0 of a broadcast, which has its own progress, too
 * @param acked copies; empty: nobody could say
 * @param reason what it waits for, or why it ended; "": nothing special
 * @param recalled what it has sent is to be recalled, or was
 * @param held somebody works on it, and may have more to tell of it
 * @param broadcast null: it is a list
 * @param kick null: it is a message; of a kick the id is its message id, too, {@code sent} counts users, and {@code copies} their sessions
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
        boolean held,
        @Nullable Broadcast broadcast,
        @Nullable JobKick kick) {

    /**
     * What a job has that is a broadcast.
     *
     * @param canaryPermille so many users of 1,000 are to have it, then it is HOLDING; 0: everybody
     * @param bytesPerS 0: any number
     * @param bytesEach what one session takes of them; 0: only the message tells, which an earlier release stored
     */
    public record Broadcast(
            String topic, int canaryPermille, int bytesPerS, int bytesEach, BroadcastProgress progress) {}

    /** It has ended, and nothing more will be heard of it. */
    public boolean isOver() {
        return state.isFinal() && !held;
    }
}
