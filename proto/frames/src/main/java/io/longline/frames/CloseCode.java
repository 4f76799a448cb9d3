package io.longline.frames;

import java.util.Optional;

/**
 * Why a link or a session ends. The numbers are those of CONTRACT section 4 and are the WebSocket close status too. Below 3500 the
 * client may come back by itself; from 3500 on it must not until its app acts, but for the two whose {@link #retry()} is true: they
 * always travel with a {@code retry_after_ms}.
 */
public enum CloseCode {
    GOING_AWAY(3000, "going away", true),
    TOO_SLOW(3001, "too slow", true),
    HEARTBEAT_MISSED(3002, "heartbeat missed", true),
    OVERLOADED(3003, "overloaded", true),
    BAD_TOKEN(3500, "bad token", false),
    REPLACED(3501, "replaced by a newer session", false),
    KICKED(3502, "kicked", false),
    MALFORMED_FRAME(3503, "malformed frame", false),
    FRAME_TOO_LARGE(3504, "frame too large", false),
    BLOCKED(3505, "blocked", true),
    HELLO_TIMED_OUT(3506, "hello timed out", false),
    PROTOCOL_ABUSE(3507, "protocol abuse", false),
    NEVER_ACKNOWLEDGES(3508, "never acknowledges", true);

    private static final int FIRST_FINAL = 3500;

    private final int number;
    private final String reason;
    private final boolean retry;

    CloseCode(int number, String reason, boolean retry) {
        this.number = number;
        this.reason = reason;
        this.retry = retry;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** The reason sent where the sender has nothing more exact to say. */
    public String reason() {
        return reason;
    }

    /** Whether the client may come back without its app acting. */
    public boolean retry() {
        return retry;
    }

    /** The code of a number; empty for one that a later release may have added. */
    public static Optional<CloseCode> of(int number) {
        for (CloseCode code : values()) {
            if (code.number == number) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }

    /** {@link #retry()} of a number that may be unknown: then its range decides. */
    public static boolean retryAfter(int number) {
        return of(number).map(CloseCode::retry).orElse(number < FIRST_FINAL);
    }
}
