package io.longline.bench.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TimelineTest {
    private final Timeline line = new Timeline();

    private static long ms(long ms) {
        return Duration.ofMillis(ms).toNanos();
    }

    private void at(long... times) {
        for (long time : times) {
            line.add(ms(time));
        }
    }

    @Test
    void theLongestGapBeginsWithTheLastBeforeTheStretch() {
        at(0, 10, 20, 500, 510, 700);
        Timeline.Gap gap = line.longestGap(ms(100), ms(710));
        assertThat(gap.length()).isEqualTo(Duration.ofMillis(480));
        assertThat(gap.to()).isEqualTo(ms(500));
    }

    @Test
    void aGapThatIsStillOpenCounts() {
        at(0, 10);
        assertThat(line.longestGap(ms(5), ms(1000)).length()).isEqualTo(Duration.ofMillis(990));
        assertThat(line.endOfLastGap(ms(5), ms(1000), Duration.ofMillis(100))).isEqualTo(ms(1000));
    }

    @Test
    void theEndOfTheLastLongGapIsWhenItFlowsAgain() {
        at(0, 10, 600, 610, 1300, 1310, 1320);
        assertThat(line.endOfLastGap(ms(5), ms(1330), Duration.ofMillis(500))).isEqualTo(ms(1300));
        assertThat(line.endOfLastGap(ms(1305), ms(1330), Duration.ofMillis(500)))
                .isEqualTo(ms(1305));
    }

    @Test
    void aTimeThatWasAddedLateStandsInItsPlace() {
        at(0, 300, 100, 200);
        assertThat(line.longestGap(0, ms(300)).length()).isEqualTo(Duration.ofMillis(100));
    }
}
