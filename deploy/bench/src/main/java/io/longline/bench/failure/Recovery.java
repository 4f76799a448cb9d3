package io.longline.bench.failure;

import java.time.Duration;

/**
 * What one kill did.
 *
 * @param part that was killed
 * @param instances of its kind that there were
 * @param flowsAgain from the kill until every client had pushes without a gap again; negative: not within the patience
 * @param answerGap the longest time without an answer of success that the back end saw
 * @param refused attempts of the back end that were not answered with success
 */
public record Recovery(String part, int instances, Duration flowsAgain, Duration answerGap, long refused) {

    public boolean isRecovered() {
        return !flowsAgain.isNegative();
    }
}
