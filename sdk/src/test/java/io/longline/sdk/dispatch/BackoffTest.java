package io.longline.sdk.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(new Random(7));

    @Test
    void everyWaitLiesBetweenNothingAndTheCeiling() {
        for (int n = 0; n < 100; n++) {
            double ceiling = Math.min(60_000, 1_000 * Math.pow(2, n));
            for (int i = 0; i < 100; i++) {
                assertThat(backoff.waitMs(n)).isBetween(0L, (long) ceiling);
            }
        }
    }

    @Test
    void waitsAreSpreadOverTheWholeRange() {
        long[] waits = LongStream.range(0, 10_000).map(i -> backoff.waitMs(20)).toArray();
        assertThat(LongStream.of(waits).average().orElseThrow()).isBetween(29_000.0, 31_000.0);
        assertThat(LongStream.of(waits).min().orElseThrow()).isLessThan(600);
        assertThat(LongStream.of(waits).max().orElseThrow()).isGreaterThan(59_400);
    }

    @Test
    void withoutJitterTheCeilingItselfIsWaited() {
        backoff.configure(settings(100, 1_000, 3, 0));
        assertThat(LongStream.range(0, 5).map(n -> backoff.waitMs((int) n)).toArray())
                .containsExactly(100, 300, 900, 1_000, 1_000);
    }

    @Test
    void halfJitterWaitsAtLeastHalfTheCeiling() {
        backoff.configure(settings(1_000, 1_000, 1, 0.5));
        for (int i = 0; i < 1_000; i++) {
            assertThat(backoff.waitMs(0)).isBetween(500L, 1_000L);
        }
    }

    @Test
    void settingsThatWouldMeanNoWaitAtAllAreIgnored() {
        backoff.configure(settings(0, 0, 0, 0));
        assertThat(LongStream.range(0, 100).map(i -> backoff.waitMs(20)).max().orElseThrow())
                .isGreaterThan(10_000);
    }

    @Test
    void brokenSettingsNeverGiveANegativeWait() {
        backoff.configure(settings(1_000, 5_000, Double.NaN, -3));
        assertThat(backoff.waitMs(1_000_000)).isBetween(0L, 5_000L);
        backoff.configure(settings(-1, -1, Double.POSITIVE_INFINITY, 99));
        assertThat(backoff.waitMs(3)).isBetween(0L, 0xFFFF_FFFFL);
    }

    private static io.longline.v1.Backoff settings(int baseMs, int maxMs, double factor, double jitter) {
        return io.longline.v1.Backoff.newBuilder()
                .setBaseMs(baseMs)
                .setMaxMs(maxMs)
                .setFactor(factor)
                .setJitter(jitter)
                .build();
    }
}
