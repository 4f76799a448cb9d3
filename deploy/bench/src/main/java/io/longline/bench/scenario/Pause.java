package io.longline.bench.scenario;

import io.longline.deploy.cluster.ClusterException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting, for a while or for something. */
final class Pause {
    private static final Duration POLL = Duration.ofMillis(50);

    private Pause() {}

    static void of(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted", e);
        }
    }

    /** Whether it came to that within the time. */
    static boolean until(BooleanSupplier condition, Duration within) {
        long end = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            of(POLL);
        }
        return true;
    }
}
