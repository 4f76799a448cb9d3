package io.longline.center.result;

import org.jspecify.annotations.Nullable;

/**
 * What became of a message at one endpoint: an entry of {@code results}.
 *
 * @param reason why it was dropped, null otherwise
 * @param seq 0: it has none, because it was not stored
 */
public record EndpointResult(
        String user, String device, Status status, @Nullable String reason, long seq) {

    /** seq is drawn from one counter per user, so it names the copy even if the copy moved to another device. */
    public boolean isSameCopy(EndpointResult other) {
        return seq != 0 && seq == other.seq && user.equals(other.user);
    }
}
