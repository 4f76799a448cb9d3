package io.longline.center.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.product.BroadcastLimits;
import org.junit.jupiter.api.Test;

class BroadcastRateTest {
    private static final int EACH = 100;

    private static int perS(int people, BroadcastLimits limits, int sharing) {
        return perS(people, 0, limits, sharing);
    }

    private static int perS(int people, int bytes, BroadcastLimits limits, int sharing) {
        return new BroadcastRate(people, bytes, EACH).perS(limits, sharing);
    }

    @Test
    void itHasItsOwnOrTheUsualOneOfItsProduct() {
        assertThat(perS(0, BroadcastLimits.NONE, 1)).isZero();
        assertThat(perS(7, BroadcastLimits.NONE, 3)).isEqualTo(7);
        assertThat(perS(0, new BroadcastLimits(50, 0), 3)).isEqualTo(50);
        assertThat(perS(70, new BroadcastLimits(50, 0), 1)).isEqualTo(70);
    }

    @Test
    void itsProductMayNoMoreAndSharesThat() {
        assertThat(perS(0, new BroadcastLimits(0, 100), 1)).isEqualTo(100);
        assertThat(perS(0, new BroadcastLimits(500, 100), 1)).isEqualTo(100);
        assertThat(perS(70, new BroadcastLimits(0, 100), 2)).isEqualTo(50);
        assertThat(perS(20, new BroadcastLimits(0, 100), 2)).isEqualTo(20);
        assertThat(perS(0, new BroadcastLimits(0, 2), 5)).isEqualTo(1);
        assertThat(perS(0, new BroadcastLimits(0, 100), 0)).isEqualTo(100);
    }

    @Test
    void bytesASecondAreSoManyPeopleByTheSizeOfTheMessageOneAtLeast() {
        assertThat(perS(0, 10_000, BroadcastLimits.NONE, 3)).isEqualTo(100);
        assertThat(perS(40, 10_000, BroadcastLimits.NONE, 1)).isEqualTo(40);
        assertThat(perS(4_000, 10_000, BroadcastLimits.NONE, 1)).isEqualTo(100);
        assertThat(perS(0, 50, BroadcastLimits.NONE, 1)).isEqualTo(1);
        assertThat(perS(0, 2_000_000_000, BroadcastLimits.NONE, 1)).isEqualTo(1_000_000);
        assertThat(new BroadcastRate(0, 10_000, 0).perS(BroadcastLimits.NONE, 1))
                .as("of a message whose size nobody knows")
                .isZero();
    }

    @Test
    void theUsualOneInBytesIsThatOfOneThatSaysNothingOfItsPace() {
        assertThat(perS(0, 0, new BroadcastLimits(0, 0, 10_000, 0), 3)).isEqualTo(100);
        assertThat(perS(0, 0, new BroadcastLimits(70, 0, 10_000, 0), 1)).isEqualTo(70);
        assertThat(perS(0, 0, new BroadcastLimits(700, 0, 10_000, 0), 1)).isEqualTo(100);
        assertThat(perS(900, 0, new BroadcastLimits(70, 0, 10_000, 0), 1)).isEqualTo(900);
        assertThat(perS(0, 90_000, new BroadcastLimits(70, 0, 10_000, 0), 1)).isEqualTo(900);
    }

    @Test
    void theGreatestOneInBytesIsSharedToo() {
        assertThat(perS(0, 0, new BroadcastLimits(0, 0, 0, 10_000), 1)).isEqualTo(100);
        assertThat(perS(0, 0, new BroadcastLimits(0, 0, 0, 10_000), 4)).isEqualTo(25);
        assertThat(perS(90, 0, new BroadcastLimits(0, 0, 0, 10_000), 4)).isEqualTo(25);
        assertThat(perS(0, 2_000, new BroadcastLimits(0, 0, 0, 10_000), 4)).isEqualTo(20);
        assertThat(perS(0, 0, new BroadcastLimits(0, 40, 0, 10_000), 2)).isEqualTo(20);
        assertThat(perS(0, 0, new BroadcastLimits(0, 0, 90_000, 10_000), 1)).isEqualTo(100);
    }
}
