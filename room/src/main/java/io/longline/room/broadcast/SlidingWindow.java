package io.longline.room.broadcast;

import java.util.Arrays;

/**
 * How much there was in the last second, counted in steps of 20 ms. What it says is never too little, whichever second is looked at: the step in which
 * a second begins counts whole. Not thread-safe.
 */
final class SlidingWindow {
    private static final long STEP_NANOS = 20_000_000;
    private static final int STEPS = 51; // the 50 of a second, and the one of which a part is in it
    /** A tenth of a second: so much of a limit may be used at a time, so that people are not let have it in one burst a second. */
    private static final int FEW_STEPS = 5;

    private static final int FEW_IN_A_SECOND = 10;

    private final long[] steps = new long[STEPS];
    private long newest;
    private long total;

    SlidingWindow(long nowNanos) {
        newest = step(nowNanos);
    }

    private static long step(long nanos) {
        return Math.floorDiv(nanos, STEP_NANOS);
    }

    private static int index(long step) {
        return Math.floorMod(step, STEPS);
    }

    void add(long amount, long nowNanos) {
        moveTo(nowNanos);
        steps[index(newest)] += amount;
        total += amount;
    }

    /** How much more there may be now where there may be so much in any second. Not below 0. */
    long free(long limit, long nowNanos) {
        moveTo(nowNanos);
        long fewSteps = Math.ceilDiv(limit, FEW_IN_A_SECOND) - few();
        return Math.max(0, Math.min(left(limit, nowNanos), fewSteps));
    }

    /** The same, but for what may be at a time. */
    long left(long limit, long nowNanos) {
        moveTo(nowNanos);
        return limit - total;
    }

    /** Nothing was in the last second. */
    boolean isEmpty(long nowNanos) {
        moveTo(nowNanos);
        return total == 0;
    }

    private long few() {
        long sum = 0;
        for (int back = 0; back < FEW_STEPS; back++) {
            sum += steps[index(newest - back)];
        }
        return sum;
    }

    private void moveTo(long nowNanos) {
        long now = step(nowNanos);
        if (now - newest >= STEPS) {
            Arrays.fill(steps, 0);
            total = 0;
            newest = now;
        }
        while (newest < now) {
            newest++;
            total -= steps[index(newest)];
            steps[index(newest)] = 0;
        }
    }
}
