package io.longline.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SlopeTest {

    @Test
    void theConstantPartDoesNotCount() {
        Slope slope = new Slope();
        slope.add(1_000, 50_000_000 + 1_000 * 300);
        slope.add(2_000, 50_000_000 + 2_000 * 300);
        slope.add(5_000, 50_000_000 + 5_000 * 300);

        assertThat(slope.perUnit()).isCloseTo(300, within(1e-6));
    }

    @Test
    void oneSizeHasNoSlope() {
        Slope slope = new Slope();
        slope.add(1, 1);
        slope.add(1, 2);

        assertThatThrownBy(slope::perUnit).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void halfAreBelowTheMedian() {
        assertThat(Median.of(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Median.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
    }
}
