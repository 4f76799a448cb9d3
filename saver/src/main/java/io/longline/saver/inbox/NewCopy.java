package io.longline.saver.inbox;

import com.google.protobuf.ByteString;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.Endpoint;

/**
 * A copy of a message that an inbox is to take.
 *
 * @param collapseKey the message with it that nobody was sent yet gives way to this one; empty: none does
 * @param message as it travels and is stored; the saver does not look into it
 * @param job whose acks are counted; empty: it is of none
 */
record NewCopy(
        Endpoint endpoint,
        String messageId,
        long expiresAtMs,
        String collapseKey,
        Urgency urgency,
        ByteString message,
        String job) {

    /** Of no job. */
    NewCopy(
            Endpoint endpoint,
            String messageId,
            long expiresAtMs,
            String collapseKey,
            Urgency urgency,
            ByteString message) {
        this(endpoint, messageId, expiresAtMs, collapseKey, urgency, message, "");
    }
}
