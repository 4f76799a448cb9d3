package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void whatIsLeftIsNeverMoreThanWasGiven() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(5));
        assertThat(deadline.passed()).isFalse();
        assertThat(deadline.remainingMillis()).isBetween(1L, 5_000L);
        assertThat(deadline.remainingNanos()).isBetween(1L, 5_000_000_000L);
        assertThatCode(deadline::check).doesNotThrowAnyException();
    }

    @Test
    void aPassedDeadlineHasNothingLeftAndSaysSo() {
        Deadline deadline = Deadline.afterMillis(0);
        assertThat(deadline.passed()).isTrue();
        assertThat(deadline.remainingMillis()).isZero();
        assertThat(Deadline.after(Duration.ofSeconds(-1)).remainingNanos()).isZero();
        assertThatThrownBy(deadline::check)
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }

    @Test
    void lessThanAMillisecondIsNotNothing() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(1).plusNanos(1));
        assertThat(deadline.atMost(Duration.ofNanos(900_000)).remainingMillis()).isLessThanOrEqualTo(1);
        assertThat(Deadline.afterMillis(1).remainingMillis()).isLessThanOrEqualTo(1);
    }

    @Test
    void theEarlierOfTwoCounts() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(5));
        assertThat(deadline.atMost(Duration.ofSeconds(60))).isSameAs(deadline);
        assertThat(deadline.atMost(Duration.ofSeconds(1)).remainingMillis()).isLessThanOrEqualTo(1_000);
    }
}
