package io.longline.room.topic;

import io.longline.room.session.PushSizes;
import io.longline.room.session.StoredMessage;
import java.util.List;

/**
 * A piece of a log, as the saver read it.
 *
 * @param messages in order; their seq is the offset
 * @param more there is something after {@code upto}
 * @param upto everything behind what was asked for and up to here is in {@code messages}, or gone
 * @param gap over 0: some of what is gone left before its time was over; the first offset that is kept, or the next to be given
 */
public record TopicPage(List<StoredMessage> messages, boolean more, long upto, long gap) {

    /** As much of its messages in a frame, about: with one more it still fits into what a client takes. */
    private static final int FRAME_BYTES = 600 * 1024;

    /** How many of these, from the first on, go into a frame. */
    int part(List<StoredMessage> some, String topic) {
        int count = 0;
        for (long bytes = 0; count < some.size() && bytes <= FRAME_BYTES; count++) {
            bytes += PushSizes.roughly(some.get(count).message(), topic);
        }
        return count;
    }

    /** There is said to be more, but this brings nothing: asking again at once would go on for ever. */
    boolean idle(long after) {
        return more && messages.isEmpty() && upto <= after;
    }
}
