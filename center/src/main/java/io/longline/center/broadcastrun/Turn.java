package io.longline.center.broadcastrun;

import java.time.Duration;

/**
 * Of what cannot be divided among rooms each has one for a while, then it is another one's turn: a turn lasts long enough to be worth the second in
 * which nobody has what changes hands.
 */
final class Turn {
    static final Duration LENGTH = Duration.ofSeconds(3);

    private boolean chosen;
    private boolean begun;
    private long endsAt;
    private boolean hadOne;
    /** The last one. */
    private long endedAt;

    /** It is this room's turn, and goes on being so. */
    boolean isOn(long now) {
        return chosen && (!begun || endsAt - now > 0);
    }

    void choose() {
        chosen = true;
    }

    void leave(long now) {
        if (chosen && begun) {
            hadOne = true;
            endedAt = now;
        }
        chosen = false;
        begun = false;
    }

    /** It has what it is to have, so its time runs. */
    void given(boolean whole, long now) {
        if (chosen && !begun && whole) {
            begun = true;
            endsAt = now + LENGTH.toNanos();
        }
    }

    /** Nanoseconds that it has waited for the next one; one that had none yet has waited longest. */
    long waited(long now) {
        if (chosen) {
            return 0;
        }
        return hadOne ? now - endedAt : Long.MAX_VALUE;
    }
}
