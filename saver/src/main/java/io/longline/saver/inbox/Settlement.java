package io.longline.saver.inbox;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import java.util.Optional;

/**
 * What became of a hint.
 *
 * @param messageId empty: the endpoint is meant, no copy
 * @param refuses of a recall: where there is no copy, one that comes is refused
 */
record Settlement(
        Endpoint endpoint, long seq, String messageId, CopyState state, String reason, By by, boolean refuses) {

    /** Of a copy. */
    Settlement(Endpoint endpoint, long seq, String messageId, CopyState state, String reason, By by) {
        this(endpoint, seq, messageId, state, reason, by, false);
    }

    /**
     * Whose doing it is.
     *
     * @param node the room that the hint went to, or who ended the copy; empty: nobody
     * @param routedMs so long ago the hint went to the room
     */
    record By(String node, long routedMs) {
        static final By NOBODY = new By("", 0);
    }

    /**
     * @param state of the copy now; empty if there is no copy
     * @param device where the copy is
     * @param ended this settlement made it final
     * @param isVoid it never was a copy: one that comes is refused
     */
    record Settled(Optional<CopyState> state, String device, long seq, boolean ended, boolean isVoid) {

        /** Of a copy, or of none. */
        Settled(Optional<CopyState> state, String device, long seq, boolean ended) {
            this(state, device, seq, ended, false);
        }

        boolean isOfCopy() {
            return state.isPresent() && !isVoid;
        }
    }
}
