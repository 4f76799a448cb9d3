package io.longline.saver.inbox;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import java.util.Optional;

/**
 * What became of a hint.
 *
 * @param messageId empty: the endpoint is meant, no copy
 */
record Settlement(Endpoint endpoint, long seq, String messageId, CopyState state, String reason, By by) {

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
     */
    record Settled(Optional<CopyState> state, String device, long seq, boolean ended) {}
}
