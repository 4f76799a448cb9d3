package io.longline.deploy.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RevivalPauseTest {
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final RevivalPause pause = new RevivalPause();

    @Test
    void aProcessThatDiesAgainAndAgainIsStartedAfterLongerAndLongerPauses() {
        List<Long> pauses =
                Stream.generate(() -> pause.after(SHORT).toMillis()).limit(9).toList();
        assertThat(pauses).containsExactly(0L, 500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L);
    }

    @Test
    void aLongLifeBeginsAnew() {
        pause.after(SHORT);
        pause.after(SHORT);
        assertThat(pause.after(Duration.ofMinutes(2))).isEqualTo(Duration.ZERO);
        assertThat(pause.after(SHORT)).isEqualTo(Duration.ofMillis(500));
    }
}
