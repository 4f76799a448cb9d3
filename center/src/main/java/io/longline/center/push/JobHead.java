package io.longline.center.push;

/**
 * The first line of a job: all but its targets.
 *
 * @param push without targets
 * @param ratePerS targets; 0: as fast as the product may
 */
public record JobHead(Push push, int ratePerS) {
    public static final int MAX_RATE_PER_S = 1_000_000;
}
