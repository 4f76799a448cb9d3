package io.longline.center.jobrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private long nanos = 1_000;
    private final Pace pace = new Pace(() -> nanos);

    private long untilFreeMs() {
        return pace.untilFree().toMillis();
    }

    @Test
    void whatIsSentIsPaidForByTheTimeAfterIt() {
        assertThat(untilFreeMs()).isZero();
        pace.sent(5, 20);
        assertThat(untilFreeMs()).isEqualTo(250);
        nanos += Duration.ofMillis(200).toNanos();
        assertThat(untilFreeMs()).isEqualTo(50);
    }

    @Test
    void nothingIsSavedUp() {
        nanos += Duration.ofHours(1).toNanos();
        pace.sent(1, 1);
        assertThat(untilFreeMs()).isEqualTo(1_000);
    }

    @Test
    void withoutARateItIsAlwaysFree() {
        pace.sent(250, 0);
        assertThat(untilFreeMs()).isZero();
        assertThat(Pace.together(0, 250)).isEqualTo(250);
    }

    @Test
    void soManyAreSentTogetherThatTheyTakeAQuarterOfASecond() {
        assertThat(Pace.together(1, 250)).isEqualTo(1);
        assertThat(Pace.together(20, 250)).isEqualTo(5);
        assertThat(Pace.together(1_000_000, 250)).isEqualTo(250);
    }
}
