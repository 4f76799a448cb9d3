package io.longline.deploy.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The measure does not excuse a sender that is too fast, and does not blame one for a reader that stood still. */
final class ArrivalsTest {

    private static long ms(long ms) {
        return Duration.ofMillis(ms).toNanos();
    }

    private static Arrivals at(LongStream momentsMs) {
        return new Arrivals(momentsMs.mapToObj(at -> arrival(at - 1, at)).toList());
    }

    private static Arrival arrival(long afterMs, long byMs) {
        return new Arrival("u" + byMs, "*", 1, "x", ms(afterMs), ms(byMs));
    }

    @Test
    void anEvenFlowIsWhatItIsAndATenthMoreIsSeen() {
        Arrivals twenty = at(LongStream.range(0, 100).map(i -> i * 50));
        assertThat(twenty.mostInASecond()).isBetween(18, 20);
        Arrivals twentyFive = at(LongStream.range(0, 100).map(i -> i * 40));
        assertThat(twentyFive.mostInASecond()).isGreaterThan(20);
        assertThat(twenty.took()).isGreaterThanOrEqualTo(Duration.ofMillis(4_950));
    }

    @Test
    void burstsAreSeenWhicheverSecondTheyLieIn() {
        Arrivals bursts = at(LongStream.concat(
                LongStream.range(0, 20).map(i -> 700 + i),
                LongStream.range(0, 20).map(i -> 1_300 + i)));
        assertThat(bursts.mostInASecond()).isEqualTo(40);
    }

    @Test
    void whatAReaderFindsThatStoodStillMayHaveComeAnyTimeBefore() {
        List<Arrival> found =
                IntStream.range(0, 40).mapToObj(i -> arrival(0, 2_000 + i)).toList();
        assertThat(new Arrivals(found).mostInASecond()).isZero();
        assertThat(new Arrivals(found).after(ms(1_000)).all()).isEmpty();
    }
}
