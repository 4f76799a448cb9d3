package io.longline.room.handshake;

import io.longline.frames.CloseCode;
import java.util.Locale;

/** Why a session ended that gives its endpoint back, as presence tells of it. A word of the register's; one that it does not know it takes for {@link #UNBOUND}. */
public enum Parting {
    /** By its client, which may keep the link. */
    CLIENT_UNBOUND,
    /** The link was closed by the client, or broke. */
    LINK_CLOSED,
    GOING_AWAY,
    TOO_SLOW,
    HEARTBEAT_MISSED,
    OVERLOADED,
    BAD_TOKEN,
    MALFORMED_FRAME,
    FRAME_TOO_LARGE,
    PROTOCOL_ABUSE,
    /** In another way, as when a bind came to nothing. */
    UNBOUND;

    /** Of a link that was closed with this code; 0: it was not closed by the room. */
    public static Parting of(int closeCode) {
        return closeCode == 0
                ? LINK_CLOSED
                : CloseCode.of(closeCode).map(Parting::of).orElse(UNBOUND);
    }

    private static Parting of(CloseCode code) {
        return switch (code) {
            case GOING_AWAY -> GOING_AWAY;
            case TOO_SLOW -> TOO_SLOW;
            case HEARTBEAT_MISSED -> HEARTBEAT_MISSED;
            case OVERLOADED -> OVERLOADED;
            case BAD_TOKEN -> BAD_TOKEN;
            case MALFORMED_FRAME -> MALFORMED_FRAME;
            case FRAME_TOO_LARGE -> FRAME_TOO_LARGE;
            case PROTOCOL_ABUSE -> PROTOCOL_ABUSE;
            case REPLACED, KICKED, BLOCKED, HELLO_TIMED_OUT, NEVER_ACKNOWLEDGES -> UNBOUND;
        };
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
