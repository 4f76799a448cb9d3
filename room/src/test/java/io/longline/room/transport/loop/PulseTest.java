package io.longline.room.transport.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final long START = Long.MAX_VALUE - 5; // a monotonic clock may begin anywhere

    private long now = START;
    private final Pulse pulse = new Pulse(() -> now, TimeUnit.SECONDS.toNanos(6));
    private final List<Long> stops = new ArrayList<>();

    PulseTest() {
        pulse.onStopped(stops::add);
        pulse.beat();
    }

    private void after(long ms) {
        now += TimeUnit.MILLISECONDS.toNanos(ms);
        pulse.beat();
    }

    @Test
    void aPauseThatIsShortEnoughIsNoStop() {
        after(6_000);
        after(5_000);

        assertThat(stops).isEmpty();
    }

    @Test
    void aLongerOneIsToldOnceWithTheTimeBeforeIt() {
        after(100);
        long before = now;

        after(6_001);
        after(100);

        assertThat(stops).containsExactly(before);
    }

    @Test
    void whatFollowsAStopMayTakeLongAndIsNone() {
        pulse.onStopped(since -> {
            stops.add(since);
            now += TimeUnit.SECONDS.toNanos(20);
            pulse.beat(); // as everything does that happens on the loop
        });

        after(7_000);
        after(100);

        assertThat(stops).containsExactly(START);
    }

    @Test
    void ofALongPauseHalfASecondCountsAsAwake() {
        after(100);
        after(5_000);
        after(50);

        assertThat(pulse.awakeMs()).isEqualTo(650);
    }
}
