package io.longline.center.unicast;

import io.longline.center.endpoint.Endpoint;
import io.longline.center.push.Outgoing;
import org.jspecify.annotations.Nullable;

/**
 * There is something for this endpoint: the inbox is the truth, a hint makes it fast.
 *
 * @param seq 0: QoS 0
 * @param before the highest seq still in the inbox below it; 0 if none
 * @param message null: the room loads it
 */
public record Hint(
        Endpoint endpoint, long seq, long before, @Nullable Outgoing message) {

    /** It is in the inbox, whatever becomes of the hint. */
    boolean isStored() {
        return seq != 0;
    }
}
