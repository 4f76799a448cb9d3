package io.longline.center.unicast;

import io.longline.center.endpoint.Endpoint;
import io.longline.center.result.EndpointResult;
import io.longline.center.result.Status;
import org.jspecify.annotations.Nullable;

/**
 * What the store made of a message for one endpoint.
 *
 * @param endpoint where it is: the heir, if it was meant for {@code default} and there is one
 * @param seq 0: the inbox did not take it
 * @param before the highest seq still in that inbox below it, 0 if none
 * @param status stored, or what has become of a copy that was there already
 * @param reason why it was dropped
 * @param repeated it was there before this was asked for
 */
record StoredCopy(
        Endpoint endpoint,
        long seq,
        long before,
        Status status,
        @Nullable String reason,
        boolean repeated) {

    static final String INBOX_FULL = "inbox_full";

    /** An inbox of several that had no room: the others got theirs, this one says so. */
    static StoredCopy inboxFull(Endpoint endpoint) {
        return new StoredCopy(endpoint, 0, 0, Status.DROPPED, INBOX_FULL, false);
    }

    /** It has no end yet and nothing says that it was written. */
    boolean waits() {
        return status == Status.STORED;
    }

    EndpointResult result() {
        return result(status, reason);
    }

    EndpointResult result(Status newStatus, @Nullable String newReason) {
        return new EndpointResult(endpoint.user(), endpoint.device(), newStatus, newReason, seq);
    }
}
