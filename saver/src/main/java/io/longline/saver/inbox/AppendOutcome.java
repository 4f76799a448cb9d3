package io.longline.saver.inbox;

import io.longline.saver.endpoint.CopyState;

/** What an inbox says to a copy. */
sealed interface AppendOutcome {

    /**
     * The copy is there.
     *
     * @param device where: the heir, if it was stored for {@code default} and there is one
     * @param before the seq that waits next below it, 0 if none does
     * @param repeated it was there already, and this is what became of it
     * @param reason why it was dropped, empty otherwise
     * @param older the seq of the message that gave way to it, 0 if none did
     * @param olderId its message id
     */
    record Appended(
            String device,
            long seq,
            long before,
            CopyState state,
            boolean repeated,
            String reason,
            long older,
            String olderId)
            implements AppendOutcome {}

    /** The inbox holds as many messages as the product allows. */
    record Full() implements AppendOutcome {}

    /** It is a new one, and there is no memory for it. */
    record NoRoom() implements AppendOutcome {}
}
