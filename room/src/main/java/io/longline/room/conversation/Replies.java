package io.longline.room.conversation;

import io.longline.room.handshake.BindAttempt;
import io.longline.room.session.Session;
import io.longline.room.transport.Ending;
import io.longline.v1.Backoff;
import io.longline.v1.BindError;
import io.longline.v1.Bound;
import io.longline.v1.Error;
import io.longline.v1.Pong;
import io.longline.v1.ServerFrame;
import io.longline.v1.Uplink;
import io.longline.v1.Welcome;

/** The frames that a conversation answers with. */
final class Replies {
    static final ServerFrame PONG =
            ServerFrame.newBuilder().setPong(Pong.getDefaultInstance()).build();

    /** How a client is to spread its attempts, until it has heard it from the dispatcher. */
    private static final Backoff BACKOFF = Backoff.newBuilder()
            .setBaseMs(1_000)
            .setMaxMs(60_000)
            .setFactor(2.0)
            .setJitter(1.0)
            .build();

    private Replies() {}

    /** Without its {@code bound}. */
    static Welcome.Builder welcome(Reception reception, int heartbeatS) {
        return Welcome.newBuilder()
                .setConnection(reception.secret())
                .setResume(reception.secret())
                .setHeartbeatS(heartbeatS)
                .setServerTimeMs(reception.nowMs())
                .setBackoff(BACKOFF);
    }

    static Bound bound(BindAttempt attempt) {
        Bound.Builder bound = Bound.newBuilder().setRef(attempt.wish().ref());
        Ending refusal = attempt.refusal();
        if (refusal != null) {
            BindError.Builder error =
                    BindError.newBuilder().setCode(refusal.code()).setReason(refusal.reason());
            if (refusal.retryAfterMs() > 0) {
                error.setRetryAfterMs(refusal.retryAfterMs());
            }
            return bound.setError(error).build();
        }
        Session renewed = attempt.isRenewal() ? attempt.session() : null;
        if (renewed != null) {
            return bound.setOk(true).setGeneration(renewed.generation()).build();
        }
        return bound.setOk(true)
                .setGeneration(attempt.generation())
                .setPending(attempt.opened().pending())
                .build();
    }

    static ServerFrame frame(Bound bound) {
        return ServerFrame.newBuilder().setBound(bound).build();
    }

    static ServerFrame unknown(String kind) {
        return frame(Error.newBuilder().setReason("UNKNOWN_FRAME").setMessage("unknown kind of frame: " + kind));
    }

    /** What was wrong with a frame of one session. */
    static ServerFrame error(int ref, String message) {
        return frame(
                Error.newBuilder().setRef(ref).setReason("INVALID_ARGUMENT").setMessage(message));
    }

    /** What was wrong with a frame of one session that is about a topic. */
    static ServerFrame error(int ref, String topic, String message) {
        return frame(Error.newBuilder()
                .setRef(ref)
                .setTopic(topic)
                .setReason("INVALID_ARGUMENT")
                .setMessage(message));
    }

    static ServerFrame notBound(Uplink uplink) {
        return frame(Error.newBuilder()
                .setRef(uplink.getRef())
                .setId(uplink.getId())
                .setReason("INVALID_ARGUMENT")
                .setMessage("uplink: ref " + uplink.getRef() + " is not bound"));
    }

    private static ServerFrame frame(Error.Builder error) {
        return ServerFrame.newBuilder().setError(error).build();
    }
}
