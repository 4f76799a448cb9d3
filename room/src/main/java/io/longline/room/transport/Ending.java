package io.longline.room.transport;

import io.longline.frames.CloseCode;
import io.longline.v1.Close;
import io.longline.v1.ServerFrame;

/**
 * Why a link or a session ends, as the client is told.
 *
 * @param code a close code; a number, because a service of a later release may name one that this one does not know
 * @param retry whether the client may come back by itself
 * @param retryAfterMs 0: it decides when
 */
public record Ending(int code, String reason, boolean retry, long retryAfterMs) {

    /** Bytes that are still read from a client whose link is closed: more than what can have been on its way from one that stops. */
    public static final int MOST_READ_OFF = 256 * 1024;

    public static Ending of(CloseCode code, String reason) {
        return new Ending(code.number(), reason, code.retry(), 0);
    }

    public static Ending of(CloseCode code) {
        return of(code, code.reason());
    }

    public static Ending ofNumber(int code, String reason, long retryAfterMs) {
        return new Ending(code, reason, CloseCode.retryAfter(code), retryAfterMs);
    }

    /** The frame that says so. */
    public ServerFrame frame() {
        Close.Builder close = Close.newBuilder().setCode(code).setReason(reason).setRetry(retry);
        if (retryAfterMs > 0) {
            close.setRetryAfterMs(retryAfterMs);
        }
        return ServerFrame.newBuilder().setClose(close).build();
    }

    public Ending retryAfter(long ms) {
        return new Ending(code, reason, retry, ms);
    }
}
