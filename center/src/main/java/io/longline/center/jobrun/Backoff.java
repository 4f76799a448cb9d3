package io.longline.center.jobrun;

import java.time.Duration;

/** How long to wait after tries that failed for a while: 1 s, 2 s, then 4 s. */
final class Backoff {
    private static final int MOST_DOUBLINGS = 2;
    private int tries;

    Duration next() {
        return Duration.ofSeconds(1L << Math.min(tries++, MOST_DOUBLINGS));
    }
}
