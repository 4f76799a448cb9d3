package io.longline.room.uplink;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.room.session.Session;
import io.longline.v1.Error;
import io.longline.v1.ServerFrame;
import io.longline.v1.UplinkAck;
import java.time.Duration;

/** What a client is told of its uplinks. */
final class UplinkFrames {
    private static final Duration USUAL_RETRY = Duration.ofSeconds(1);

    private UplinkFrames() {}

    static ServerFrame ack(Session session, String id) {
        return ServerFrame.newBuilder()
                .setUplinkAck(UplinkAck.newBuilder().setRef(session.ref()).setId(id))
                .build();
    }

    /** It was not taken, or nobody knows; with a time where sending it again may help. */
    static ServerFrame error(Session session, String id, Throwable why) {
        LonglineException shown = ErrorTranslator.outside(ErrorTranslator.fromAny(why));
        Error.Builder error = Error.newBuilder()
                .setRef(session.ref())
                .setId(id)
                .setReason(shown.code().name())
                .setMessage(shown.getMessage());
        if (shown.code().retryable()) {
            error.setRetryAfterMs(shown.retryAfter().orElse(USUAL_RETRY).toMillis());
        }
        return ServerFrame.newBuilder().setError(error).build();
    }

    static boolean mayBeRepeated(Throwable why) {
        return ErrorTranslator.fromAny(why).code().retryable();
    }
}
