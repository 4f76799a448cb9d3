package io.longline.coordinator.callback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallbackConfigTest {
    @Test
    void whatCallbacksMayTakeGrowsWithTheHeapWithinBounds() {
        assertThat(CallbackConfig.ofHeap(1L << 30)).isEqualTo(new CallbackConfig(64, 894_784));
        assertThat(CallbackConfig.ofHeap(1L << 20)).isEqualTo(new CallbackConfig(16, 100_000));
        assertThat(CallbackConfig.ofHeap(Long.MAX_VALUE)).isEqualTo(new CallbackConfig(4_096, 20_000_000));
    }
}
