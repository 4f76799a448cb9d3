package io.longline.center.result;

import org.jspecify.annotations.Nullable;

/**
 * What became of a message at one endpoint: an entry of {@code results}.
 *
 * @param device "": of a message that is to be sent later, or that was recalled before that, those that the user has then
 * @param reason why it was dropped, null otherwise
 * @param seq 0: it has none, because it was not stored
 */
public record EndpointResult(
        String user, String device, Status status, @Nullable String reason, long seq) {

    /** Of a target of a message that is to be sent later. */
    public static EndpointResult scheduled(String user, String device) {
        return new EndpointResult(user, device, Status.SCHEDULED, null, 0);
    }

    /** Of a target that it is sent to no more. */
    public static EndpointResult recalled(String user, String device) {
        return new EndpointResult(user, device, Status.RECALLED, null, 0);
    }

    /** There is no copy of it: it is to be sent later, or was recalled or came to its end before it was stored. */
    public boolean isWithoutCopy() {
        return seq == 0;
    }

    /** seq is drawn from one counter per user, so it names the copy even if the copy moved to another device. */
    public boolean isSameCopy(EndpointResult other) {
        return seq != 0 && seq == other.seq && user.equals(other.user);
    }
}
