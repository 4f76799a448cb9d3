package io.longline.deploy.proxy;

import java.time.Duration;

/**
 * How one direction of a connection fares.
 *
 * @param bytesPerSecond 0: as many as there are
 * @param blackHole nothing passes
 * @param reset the connection is reset
 */
public record Terms(Duration latency, long bytesPerSecond, boolean blackHole, boolean reset) {

    /** Everything passes at once. */
    public static final Terms NONE = new Terms(Duration.ZERO, 0, false, false);

    public static final Terms BLACK_HOLE = new Terms(Duration.ZERO, 0, true, false);
    public static final Terms RESET = new Terms(Duration.ZERO, 0, false, true);

    public static Terms latency(Duration latency) {
        return new Terms(latency, 0, false, false);
    }

    /** Throws an IllegalArgumentException unless it is at least 1. */
    public static Terms bandwidth(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException(
                    "bandwidth is " + bytesPerSecond + ", expected at least 1 byte a second");
        }
        return new Terms(Duration.ZERO, bytesPerSecond, false, false);
    }

    /** Both at once. */
    Terms and(Terms other) {
        return new Terms(
                latency.plus(other.latency),
                lower(bytesPerSecond, other.bytesPerSecond),
                blackHole || other.blackHole,
                reset || other.reset);
    }

    private static long lower(long a, long b) {
        return a == 0 || b == 0 ? Math.max(a, b) : Math.min(a, b);
    }
}
