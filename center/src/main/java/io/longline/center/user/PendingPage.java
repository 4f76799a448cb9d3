package io.longline.center.user;

import io.longline.center.push.Priority;
import java.util.List;
import java.util.OptionalLong;

/**
 * What waits in an inbox, or the next of it, in the order of seq.
 *
 * @param next after which seq the next page begins; empty: that was all
 */
record PendingPage(List<Waiting> items, OptionalLong next) {

    PendingPage {
        items = List.copyOf(items);
    }

    /**
     * One message, without its payload.
     *
     * @param collapseKey empty: none
     */
    record Waiting(
            long seq, String messageId, long sentAtMs, long expiresAtMs, Priority priority, String collapseKey) {}
}
