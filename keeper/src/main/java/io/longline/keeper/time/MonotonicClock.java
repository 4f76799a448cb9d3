package io.longline.keeper.time;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** For libraries that measure waits on a {@link Clock}: it goes on evenly where somebody sets the time of day, and tells no time of day. */
public final class MonotonicClock extends Clock {
    public static final MonotonicClock INSTANCE = new MonotonicClock();

    private final long beganNanos = System.nanoTime();

    private MonotonicClock() {}

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(System.nanoTime() - beganNanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Zones mean nothing to it. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
