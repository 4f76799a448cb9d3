package io.longline.coordinator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final List<Duration> waits = new ArrayList<>();
    private final Pace pace = new Pace(100, now::get, time -> {
        waits.add(time);
        now.addAndGet(time.toNanos());
    });

    @Test
    void whoHasTakenSomeWaitsBeforeTheNext() {
        pace.take(200);
        pace.take(50);
        pace.take(1);

        assertThat(waits).containsExactly(Duration.ofSeconds(2), Duration.ofMillis(500));
    }

    @Test
    void timeThatWentByCountsAndIsNotSaved() {
        pace.take(100);
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        pace.take(100);
        pace.take(100);

        assertThat(waits).containsExactly(Duration.ofSeconds(1));
    }
}
