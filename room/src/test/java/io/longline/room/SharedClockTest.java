package io.longline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SharedClockTest {
    private static final long HOUR = 3_600_000;

    private long wallMs = 1_000_000_000;
    private long monotonicMs = 77;
    private final SharedClock clock =
            new SharedClock(new RoomClocks(() -> wallMs, () -> TimeUnit.MILLISECONDS.toNanos(monotonicMs)));

    private void pass(long ms) {
        wallMs += ms;
        monotonicMs += ms;
    }

    /** Redis is asked, and says this after half of the time it takes. */
    private void ask(long timeMs, long takesMs) {
        long asked = clock.asking();
        pass(takesMs);
        clock.told(timeMs, asked);
    }

    @Test
    void untilAnybodyTellsItIsTheWallClock() {
        wallMs += HOUR;

        assertThat(clock.nowMs()).isEqualTo(1_000_000_000 + HOUR);
        clock.told(0, clock.asking());
        assertThat(clock.nowMs()).as("an answer that does not say").isEqualTo(wallMs);
    }

    @Test
    void aWallClockThatIsSetChangesNothingOnceAnAnswerCame() {
        ask(5_000_000, 0);

        pass(10);
        wallMs -= HOUR;

        assertThat(clock.nowMs()).isEqualTo(5_000_010);
        assertThat(clock.wallAheadMs()).isEqualTo(wallMs - 5_000_010);
    }

    @Test
    void anAnswerThatTookLongSpoilsNothing() {
        ask(5_000_000, 0);

        ask(5_000_000, 4_000); // said at once, heard after a stop

        assertThat(clock.nowMs()).isBetween(5_003_999L, 5_004_001L);
    }

    @Test
    void anotherClockIsFollowedAtTheFirstAnswer() {
        ask(5_000_000, 0);

        ask(5_000_000 - HOUR, 20);
        assertThat(clock.nowMs()).isBetween(5_000_000 - HOUR, 5_000_030 - HOUR);

        ask(5_000_000 + HOUR, 20);
        assertThat(clock.nowMs()).isBetween(5_000_000 + HOUR, 5_000_030 + HOUR);
    }
}
