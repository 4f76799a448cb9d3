package io.longline.center.place;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final Duration USUAL = Duration.ofSeconds(1);
    private static final Duration SHORT = Duration.ofMillis(250);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Silence silence = new Silence(nanos::get);

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void whoAnswersIsWaitedForAsUsual() {
        assertThat(silence.patience(USUAL)).isEqualTo(USUAL);
        silence.unanswered();
        silence.answered();
        assertThat(silence.patience(USUAL)).isEqualTo(USUAL);
    }

    @Test
    void whoDidNotAnswerIsNotWaitedForLongForAWhile() {
        silence.unanswered();
        assertThat(silence.patience(USUAL)).isEqualTo(SHORT);
        assertThat(silence.patience(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(100));

        passes(Duration.ofMillis(1_900));
        silence.unanswered(); // nobody waited as long as usual
        assertThat(silence.patience(USUAL)).isEqualTo(SHORT);
        passes(Duration.ofMillis(200));
        assertThat(silence.patience(USUAL)).isEqualTo(USUAL);

        silence.unanswered();
        assertThat(silence.patience(USUAL)).isEqualTo(SHORT);
    }
}
