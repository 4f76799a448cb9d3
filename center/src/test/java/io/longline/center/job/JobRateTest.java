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
        assertThat(JobRate.perS(0, rate(1_000), 1)).isEqualTo(900);
        assertThat(JobRate.perS(5_000, rate(1_000), 1)).isEqualTo(900);
        assertThat(JobRate.perS(0, rate(1), 1)).isEqualTo(1);
    }

    @Test
    void otherwiseItHasItsOwn() {
        assertThat(JobRate.perS(100, rate(1_000), 1)).isEqualTo(100);
        assertThat(JobRate.perS(100, SendLimits.NONE, 1)).isEqualTo(100);
        assertThat(JobRate.perS(0, SendLimits.NONE, 1)).isZero();
    }

    @Test
    void jobsThatRunSideBySideShareWhatTheirProductMay() {
        assertThat(JobRate.perS(0, rate(1_000), 3)).isEqualTo(300);
        assertThat(JobRate.perS(100, rate(1_000), 3)).isEqualTo(100);
        assertThat(JobRate.perS(0, rate(1), 9)).isEqualTo(1);
        assertThat(JobRate.perS(0, SendLimits.NONE, 3)).isZero();
    }
}
