package io.longline.center.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AckPaceTest {
    private final AckPace pace = new AckPace();

    /** How many looks a wait takes until an ack that comes after so long is seen, and how much later than it came that is. */
    private record Wait(int looks, Duration late) {}

    private Wait until(Duration ack) {
        Duration now = Duration.ZERO;
        Duration pause = pace.first();
        int looks = 0;
        while (now.compareTo(ack) < 0) {
            now = now.plus(pause);
            pause = looks == 0 ? pace.second() : pace.after(pause);
            looks++;
        }
        pace.acked(now);
        return new Wait(looks, now.minus(ack));
    }

    private Wait learned(Duration ack) {
        for (int i = 0; i < 50; i++) {
            until(ack);
        }
        return until(ack);
    }

    @Test
    void acksThatUsuallyTakeAsLongAreSeenWithinTwoLooks() {
        for (int ms : new int[] {2, 10, 40, 90}) {
            Duration ack = Duration.ofMillis(ms);
            Wait wait = learned(ack);
            assertThat(wait.looks()).as("%s ms", ms).isLessThanOrEqualTo(2);
            assertThat(wait.late()).as("%s ms", ms).isLessThanOrEqualTo(Duration.ofMillis(5 + ms / 2));
        }
    }

    @Test
    void acksThatComeSoonerAreLearned() {
        learned(Duration.ofMillis(100));
        assertThat(learned(Duration.ofMillis(4)).late()).isLessThanOrEqualTo(Duration.ofMillis(6));
    }

    @Test
    void aWaitOfTenSecondsForNobodyCostsFewLooks() {
        Wait wait = until(Duration.ofSeconds(10));
        assertThat(wait.looks()).isLessThan(55);
        assertThat(pace.after(pace.longest())).isEqualTo(pace.longest());
    }

    @Test
    void whoWasAwayDoesNotSlowDownTheOthers() {
        for (int i = 0; i < 50; i++) {
            pace.acked(Duration.ofSeconds(10));
        }
        assertThat(pace.first()).isLessThanOrEqualTo(Duration.ofMillis(100));
    }
}
