package io.longline.center.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.product.SendLimits;
import org.junit.jupiter.api.Test;

class JobRateTest {

    private static SendLimits rate(long perS) {
        return new SendLimits(perS, 0, 0, 0, 0, 0);
    }

    @Test
    void itsProductLeavesATenthToOthers() {
        assertThat(JobRate.perS(0, rate(1_000))).isEqualTo(900);
        assertThat(JobRate.perS(5_000, rate(1_000))).isEqualTo(900);
        assertThat(JobRate.perS(0, rate(1))).isEqualTo(1);
    }

    @Test
    void otherwiseItHasItsOwn() {
        assertThat(JobRate.perS(100, rate(1_000))).isEqualTo(100);
        assertThat(JobRate.perS(100, SendLimits.NONE)).isEqualTo(100);
        assertThat(JobRate.perS(0, SendLimits.NONE)).isZero();
    }
}
