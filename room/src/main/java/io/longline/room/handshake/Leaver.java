package io.longline.room.handshake;

import io.longline.room.session.Endpoint;
import io.longline.room.session.Place;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * A session that is gone, and that others are still to be told of.
 *
 * @param generation 0: it is not known, because the bind was never answered; the route is then known by its place
 * @param failures how often it was tried in vain
 * @param dueNanos when it is to be tried, in terms of {@link System#nanoTime()}
 */
record Leaver(Endpoint endpoint, Place place, long generation, Work work, int failures, long dueNanos)
        implements Delayed {

    /** What is still to be done. */
    enum Work {
        UNBIND,
        /** The device is to be forgotten too: by the register with the unbind, then by the saver, with its inbox. */
        UNBIND_AND_FORGET,
        /** The register has forgotten it. */
        EMPTY_INBOX
    }

    Leaver again(Work left, long delayNanos) {
        return new Leaver(endpoint, place, generation, left, failures + 1, System.nanoTime() + delayNanos);
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
}
