package io.longline.deploy.check.history;

import io.longline.deploy.check.history.Event.Session;
import org.jspecify.annotations.Nullable;

/** One thing that happened to an uplink at its client. */
public sealed interface UplinkEvent extends CallEvent {

    /** It is about to be sent, once more perhaps. */
    record Begun(long at, Uplink uplink) implements UplinkEvent {}

    /** The room says that it is kept. */
    record Taken(long at, Uplink uplink) implements UplinkEvent {}

    /** The room says that it was not taken. */
    record Refused(long at, Uplink uplink, String reason) implements UplinkEvent {}

    /**
     * A reply came, over a link or from the SDK.
     *
     * @param reply null where the payload is damaged
     */
    record Replied(
            long at,
            Session session,
            long seq,
            String inReplyTo,
            @Nullable Reply reply) implements UplinkEvent {}
}
