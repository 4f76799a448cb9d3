package io.longline.room.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeartbeatGrantTest {

    @ParameterizedTest
    @CsvSource({"0, 240", "1, 30", "100, 100", "10000, 600", "-1, 600"})
    void aLinkWithoutProductsGetsItsWishWithinTheUsualLimits(int wished, int granted) {
        assertThat(HeartbeatGrant.grant(wished, List.of())).isEqualTo(granted);
    }

    @Test
    void oneAndAHalfIntervalsMayBeSilent() {
        assertThat(HeartbeatGrant.allowedSilence(3)).isEqualTo(Duration.ofMillis(4_500));
    }
}
