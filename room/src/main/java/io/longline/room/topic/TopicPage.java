package io.longline.room.topic;

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

    /** There is said to be more, but this brings nothing: asking again at once would go on for ever. */
    boolean idle(long after) {
        return more && messages.isEmpty() && upto <= after;
    }
}
