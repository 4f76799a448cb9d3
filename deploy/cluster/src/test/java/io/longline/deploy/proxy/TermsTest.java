package io.longline.deploy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TermsTest {

    @Test
    void latenciesAddUpAndTheLowestBandwidthHolds() {
        Terms both = Terms.latency(Duration.ofMillis(100))
                .and(Terms.bandwidth(5000))
                .and(Terms.latency(Duration.ofMillis(50)))
                .and(Terms.bandwidth(3000));
        assertThat(both).isEqualTo(new Terms(Duration.ofMillis(150), 3000, false, false));
        assertThat(both.and(Terms.BLACK_HOLE).blackHole()).isTrue();
        assertThat(Terms.NONE.and(Terms.NONE)).isEqualTo(Terms.NONE);
    }

    @Test
    void noBandwidthIsABlackHoleAndNotABandwidth() {
        assertThatThrownBy(() -> Terms.bandwidth(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRuleIsForTheTwoItNames() {
        Rule both = new Rule("room-1", "*", true);
        assertThat(both.covers("room-1", "saver-1")).isTrue();
        assertThat(both.covers("saver-1", "room-1")).isTrue();
        assertThat(both.covers("room-2", "saver-1")).isFalse();
        Rule oneWay = new Rule("room-1", "saver-1", false);
        assertThat(oneWay.covers("room-1", "saver-1")).isTrue();
        assertThat(oneWay.covers("saver-1", "room-1")).isFalse();
    }
}
