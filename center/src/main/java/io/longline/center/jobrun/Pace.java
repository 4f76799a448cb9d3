package io.longline.center.jobrun;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When the next targets may be sent, so that in no second more are than the rate says, but for some that are sent together. Nothing is
 * saved up while nothing is sent. Used by one thread.
 */
final class Pace {
    /** Of a second of the rate, so that a change of it, and a pause, act soon. */
    private static final int PARTS = 4;

    private final LongSupplier nanos;
    private long freeAt;

    Pace(LongSupplier nanos) {
        this.nanos = nanos;
        this.freeAt = nanos.getAsLong();
    }

    /** How many are sent together; {@code perS} 0: nothing limits it. */
    static int together(int perS, int most) {
        return perS == 0 ? most : Math.clamp(perS / PARTS, 1, most);
    }

    /** Until the next may be sent. */
    Duration untilFree() {
        return Duration.ofNanos(Math.max(0, freeAt - nanos.getAsLong()));
    }

    /** So many are being sent from now on. */
    void sent(int targets, int perS) {
        long now = nanos.getAsLong();
        freeAt = perS == 0
                ? now
                : now + Duration.ofSeconds(targets).dividedBy(perS).toNanos();
    }
}
