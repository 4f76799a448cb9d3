package io.longline.center.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.product.BroadcastLimits;
import org.junit.jupiter.api.Test;

class BroadcastRateTest {

    @Test
    void itHasItsOwnOrTheUsualOneOfItsProduct() {
        assertThat(BroadcastRate.perS(0, BroadcastLimits.NONE, 1)).isZero();
        assertThat(BroadcastRate.perS(7, BroadcastLimits.NONE, 3)).isEqualTo(7);
        assertThat(BroadcastRate.perS(0, new BroadcastLimits(50, 0), 3)).isEqualTo(50);
        assertThat(BroadcastRate.perS(70, new BroadcastLimits(50, 0), 1)).isEqualTo(70);
    }

    @Test
    void itsProductMayNoMoreAndSharesThat() {
        assertThat(BroadcastRate.perS(0, new BroadcastLimits(0, 100), 1)).isEqualTo(100);
        assertThat(BroadcastRate.perS(0, new BroadcastLimits(500, 100), 1)).isEqualTo(100);
        assertThat(BroadcastRate.perS(70, new BroadcastLimits(0, 100), 2)).isEqualTo(50);
        assertThat(BroadcastRate.perS(20, new BroadcastLimits(0, 100), 2)).isEqualTo(20);
        assertThat(BroadcastRate.perS(0, new BroadcastLimits(0, 2), 5)).isEqualTo(1);
        assertThat(BroadcastRate.perS(0, new BroadcastLimits(0, 100), 0)).isEqualTo(100);
    }
}
