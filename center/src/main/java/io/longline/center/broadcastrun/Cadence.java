package io.longline.center.broadcastrun;

import java.time.Duration;

/** How long to wait before the rooms are asked again: not at all at first, as they have only told how many there are, then ever longer. */
final class Cadence {
    static final Duration LONGEST = Duration.ofMillis(500);
    private static final Duration SHORTEST = Duration.ofMillis(25);

    private Duration next = Duration.ZERO;

    Duration next() {
        Duration now = next;
        Duration longer = now.isZero() ? SHORTEST : now.multipliedBy(2);
        next = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
        return now;
    }
}
