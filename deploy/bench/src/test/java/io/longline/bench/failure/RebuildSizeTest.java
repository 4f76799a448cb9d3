package io.longline.bench.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RebuildSizeTest {

    @Test
    void theLastLinkAndTheLastUserTakeWhatIsLeft() {
        RebuildSize size = new RebuildSize(130, 64, 25, 10);
        assertThat(size.links()).isEqualTo(3);
        assertThat(size.users()).isEqualTo(3);
        assertThat(List.of(size.messagesOf(0), size.messagesOf(1), size.messagesOf(2)))
                .containsExactly(10, 10, 5);
    }

    @Test
    void moreSessionsThanALinkTakesAreRefused() {
        assertThatThrownBy(() -> new RebuildSize(1, 65, 1, 1)).hasMessageContaining("64");
    }

    @Test
    void theMedianIsTheOneInTheMiddle() {
        List<Duration> times = List.of(Duration.ofMillis(3), Duration.ofMillis(1), Duration.ofMillis(20));
        assertThat(RebuildResult.median(times)).isEqualTo(Duration.ofMillis(3));
        assertThat(RebuildResult.longest(times)).isEqualTo(Duration.ofMillis(20));
        assertThat(RebuildResult.median(List.of())).isEqualTo(Duration.ZERO);
    }
}
