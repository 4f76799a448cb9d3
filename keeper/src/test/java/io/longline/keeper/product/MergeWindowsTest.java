package io.longline.keeper.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeWindowsTest {
    private static final MergeWindows SOME =
            new MergeWindows(20, Map.of("news", 0, "news*", 100, "news*late", 200, "*ab", 3, "ab*", 4, "**", 500));

    @ParameterizedTest
    @CsvSource({"news, 0", "newsletter, 100", "newsletter-late, 200", "ab, 3", "chat, 500", "*, 500", "*urgent, 500"})
    void theNameCountsBeforePatternsAndOfTheseTheOneThatSaysMost(String topic, int windowMs) {
        assertThat(SOME.of(topic)).isEqualTo(windowMs);
    }

    @Test
    void aTopicWithoutAnEntryHasTheProducts() {
        assertThat(new MergeWindows(20, Map.of("news", 0)).of("sport")).isEqualTo(20);
        assertThat(MergeWindows.NONE.of("*")).isZero();
    }

    @Test
    void oneEntryIsSetOrTakenAway() {
        assertThat(SOME.with("news", 7).of("news")).isEqualTo(7);
        assertThat(SOME.with("news", null).of("news")).isEqualTo(100);
        assertThat(SOME.with("news", null).topics()).hasSize(5);
        assertThat(SOME.withWindowMs(30)).isEqualTo(new MergeWindows(30, SOME.topics()));
    }
}
