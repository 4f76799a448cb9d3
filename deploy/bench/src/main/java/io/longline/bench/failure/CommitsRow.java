package io.longline.bench.failure;

import io.longline.bench.rig.PacedPushes.Answers;
import java.time.Duration;

/**
 * One stretch of {@link Commits}.
 *
 * @param delay of each commit meanwhile
 */
public record CommitsRow(Duration delay, Answers redis, Answers mysql) {

    /** Whether every push of the product that does not wait for commits was answered with success. */
    public boolean isWhole() {
        return redis.refused() == 0;
    }
}
