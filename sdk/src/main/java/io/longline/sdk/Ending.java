package io.longline.sdk;

import io.longline.v1.RoomAddress;
import java.util.ArrayList;
import java.util.List;

/** How a try to be connected ended. */
final class Ending {
    private final int code;
    private final String reason;
    private final boolean comesBack;
    private final long retryAfterMs;
    private final List<RoomAddress> moveTo = new ArrayList<>();
    private boolean moves;

    private Ending(int code, String reason, boolean comesBack, long retryAfterMs) {
        this.code = code;
        this.reason = reason;
        this.comesBack = comesBack;
        this.retryAfterMs = retryAfterMs;
    }

    /** Without a word of the room: it, the network or the dispatcher is away. */
    static Ending lost(String reason, long retryAfterMs) {
        return new Ending(0, reason, true, retryAfterMs);
    }

    /** By the room, with a close code. */
    static Ending closed(int code, String reason, boolean comesBack, long retryAfterMs) {
        return new Ending(code, reason, comesBack, retryAfterMs);
    }

    /** By us, because the room sent us elsewhere; no addresses: wherever the dispatcher says. */
    static Ending moved(List<RoomAddress> rooms, String reason) {
        Ending ending = new Ending(0, reason, true, 0);
        ending.moves = true;
        ending.moveTo.addAll(rooms);
        return ending;
    }

    int code() {
        return code;
    }

    String reason() {
        return reason;
    }

    boolean comesBack() {
        return comesBack;
    }

    long retryAfterMs() {
        return retryAfterMs;
    }

    boolean moves() {
        return moves;
    }

    List<RoomAddress> moveTo() {
        return moveTo;
    }
}
