package io.longline.keeper.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogLimitsTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final LogLimits limits = new LogLimits(
            100,
            2_000,
            3_600,
            Map.of(
                    "chat*", new LogBounds(10, 0, 60),
                    "chat-long*", new LogBounds(0, 9_000, 0),
                    "chat-7", new LogBounds(7, 7, 7)));

    @Test
    void aTopicHasTheBoundsOfItsNameThenOfThePatternThatSaysMostThenOfItsProduct() {
        assertThat(limits.of("chat-7")).isEqualTo(new LogBounds(7, 7, 7));
        assertThat(limits.of("chat-8")).isEqualTo(new LogBounds(10, 2_000, 60));
        assertThat(limits.of("chat-long-8")).isEqualTo(new LogBounds(100, 9_000, 3_600));
        assertThat(limits.of("news")).isEqualTo(new LogBounds(100, 2_000, 3_600));
        assertThat(LogLimits.NONE.of("news")).isEqualTo(LogBounds.NONE);
    }

    @Test
    void aMessageStaysAsLongAsItLivesOrAsItsTopicLetsIt() {
        assertThat(limits.ttl("news", DAY)).isEqualTo(Duration.ofHours(1));
        assertThat(limits.ttl("chat-8", DAY)).isEqualTo(Duration.ofMinutes(1));
        assertThat(limits.ttl("news", Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(5));
        assertThat(LogLimits.NONE.ttl("news", DAY)).isEqualTo(DAY);
    }
}
