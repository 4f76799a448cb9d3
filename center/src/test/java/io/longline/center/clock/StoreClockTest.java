package io.longline.center.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StoreClockTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private long storeMs = 1_700_000_000_000L;
    private long ownMs = storeMs;
    private long nanos = 17;
    private int asked;
    private long answerTakesNanos;
    private boolean away;
    private boolean earlier;
    private CompletableFuture<OptionalLong> hanging = new CompletableFuture<>();
    private boolean hangs;

    private final List<Long> ahead = new ArrayList<>();

    private final StoreClock clock =
            new StoreClock(this::ask, () -> Instant.ofEpochMilli(ownMs), () -> nanos, ahead::add);

    private CompletableFuture<OptionalLong> ask(Deadline deadline) {
        asked++;
        if (away) {
            return CompletableFuture.failedFuture(new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "no time left"));
        }
        if (hangs) {
            return hanging;
        }
        nanos += answerTakesNanos;
        return CompletableFuture.completedFuture(earlier ? OptionalLong.empty() : OptionalLong.of(storeMs));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        storeMs += time.toMillis();
        ownMs += time.toMillis();
    }

    private long millis() {
        return clock.millis(Deadline.after(Duration.ofSeconds(1)));
    }

    @Test
    void aClockOfTheProcessThatIsWrongChangesNothing() {
        ownMs -= HOUR.toMillis();
        assertThat(millis()).isEqualTo(storeMs);
        pass(Duration.ofSeconds(2));
        ownMs += 2 * HOUR.toMillis();
        assertThat(millis()).isEqualTo(storeMs);
        assertThat(clock.aheadMs()).isEqualTo(HOUR.toMillis());
        assertThat(asked).isEqualTo(1);
        assertThat(ahead).containsExactly(-HOUR.toMillis());
    }

    @Test
    void aStoreWhoseTimeWasCorrectedIsFollowedWithinSeconds() {
        millis();
        storeMs += HOUR.toMillis();
        pass(Duration.ofSeconds(6));
        millis(); // asks
        assertThat(millis()).isEqualTo(storeMs);
    }

    @Test
    void whileTheStoreDoesNotAnswerTheTimeGoesOn() {
        millis();
        hangs = true;
        pass(Duration.ofMinutes(10));
        assertThat(millis()).isEqualTo(storeMs);
        pass(Duration.ofMinutes(10));
        assertThat(clock.estimate()).isEqualTo(storeMs);
        assertThat(asked).isEqualTo(2);
        hanging.complete(OptionalLong.of(storeMs));
    }

    @Test
    void withoutHavingHeardOfItWhatIsStoredWaitsAndFails() {
        away = true;
        assertThatThrownBy(this::millis).isInstanceOfSatisfying(LonglineException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(error.dependency()).contains("saver");
        });
        assertThat(clock.estimate()).isEqualTo(ownMs);
    }

    @Test
    void saversOfAnEarlierReleaseAreAskedOnceAMinute() {
        earlier = true;
        ownMs -= HOUR.toMillis();
        assertThat(millis()).isEqualTo(ownMs);
        pass(Duration.ofSeconds(50));
        assertThat(millis()).isEqualTo(ownMs);
        assertThat(asked).isEqualTo(1);
        earlier = false;
        pass(Duration.ofSeconds(20));
        assertThat(millis()).isEqualTo(storeMs);
    }

    @Test
    void anAnswerThatTookLongReplacesNoGoodOne() {
        millis();
        pass(Duration.ofSeconds(6));
        answerTakesNanos = Duration.ofSeconds(3).toNanos();
        millis();
        nanos -= answerTakesNanos;
        answerTakesNanos = 0;
        assertThat(clock.estimate()).isEqualTo(storeMs);
    }
}
