package io.longline.room.handshake;

import io.longline.frames.CloseCode;
import io.longline.room.transport.Ending;

/** Whoever was closed for abuse again and again is not bound for a while. */
final class AbuseStep implements HandshakeStep {
    private final Abusers abusers;

    AbuseStep(Abusers abusers) {
        this.abusers = abusers;
    }

    @Override
    public void take(BindBatch batch) {
        for (BindAttempt attempt : batch.toBeBound()) {
            long ms = abusers.refusedForMs(attempt.admission().endpoint());
            if (ms > 0) {
                attempt.refuse(Ending.of(CloseCode.PROTOCOL_ABUSE, "closed for it again and again")
                        .retryAfter(ms));
            }
        }
    }
}
