package io.longline.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class PacingTest {
    private final Histogram arrivals = new Histogram(600_000_000, 4);

    private void come(long atMs, int count) {
        arrivals.recordValueWithCount(atMs * 1_000, count);
    }

    @Test
    void anEvenFlowHasItsPaceInEverySecond() {
        for (int ms = 500; ms < 5_500; ms += 30) {
            come(ms, 3);
        }

        assertThat(Pacing.of(arrivals).mostInASecond()).isEqualTo(102); // 34 times 30 ms are within a second
        assertThat(Pacing.of(arrivals).perSecond()).isCloseTo(100, within(1.0));
    }

    @Test
    void twoBurstsWithinASecondAreFoundWhereverTheyLie() {
        come(300, 10);
        come(2_900, 40);
        come(3_800, 50);
        come(6_000, 10);

        assertThat(Pacing.of(arrivals).mostInASecond()).isEqualTo(90);
    }

    @Test
    void whatIsASecondApartIsNotInOneSecond() {
        come(1_000, 5);
        come(2_010, 5);

        assertThat(Pacing.of(arrivals).mostInASecond()).isEqualTo(5);
    }

    @Test
    void nothingHasNoPace() {
        assertThat(Pacing.of(arrivals)).isEqualTo(new Pacing(0, 0));
    }

    @Test
    void theErrorIsInPercentOfWhatWasSet() {
        assertThat(Pacing.percentAbove(1_020, 1_000)).isCloseTo(2, within(1e-9));
        assertThat(Pacing.percentAbove(990, 1_000)).isCloseTo(-1, within(1e-9));
    }
}
