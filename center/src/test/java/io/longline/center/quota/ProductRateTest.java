package io.longline.center.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.longline.center.CenterMetrics;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.SendLimits;
import io.longline.keeper.rpc.Deadline;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ProductRateTest {
    private static final SendLimits FIFTY = new SendLimits(50, 0, 0, 0, 0, 0);
    private static final Deadline DEADLINE = Deadline.after(Duration.ofMinutes(1));

    private final Deque<GrantOutcome> answers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long nanos =
            Long.MAX_VALUE - Duration.ofSeconds(1).toNanos(); // so that it passes over the end of its range
    private final ProductRate rate =
            new ProductRate("shop", this::grant, () -> 5, () -> nanos, new CenterMetrics(registry));

    private GrantOutcome grant(long needed, long wanted, SendLimits limits, Deadline deadline) {
        asked.add(needed + " to " + wanted);
        return answers.isEmpty() ? new GrantOutcome.Unanswered() : answers.removeFirst();
    }

    private void granted(long messages) {
        answers.add(new GrantOutcome.Granted(messages));
    }

    private void over(Quota quota, int waitMs) {
        answers.add(new GrantOutcome.Over(quota, Duration.ofMillis(waitMs)));
    }

    private void pass(int millis) {
        nanos += Duration.ofMillis(millis).toNanos();
    }

    private void take(long messages) {
        rate.take(messages, FIFTY, DEADLINE);
    }

    private LonglineException refused(long messages) {
        return catchThrowableOfType(LonglineException.class, () -> take(messages));
    }

    @Test
    void itAsksForATenthOfASecondAheadAndNotAgainUntilThatIsGone() {
        granted(6);
        granted(1);

        for (int i = 0; i < 7; i++) {
            take(1);
        }

        assertThat(asked).containsExactly("1 to 6", "1 to 6");
        assertThat(rate.credits()).isZero();
    }

    @Test
    void aListAsksForWhatItLacks() {
        granted(6);
        granted(1004);

        take(2);
        take(1000);

        assertThat(asked).containsExactly("2 to 7", "996 to 1001");
        assertThat(rate.credits()).isEqualTo(8);
    }

    @Test
    void aRefusalHoldsUntilItsTimeIsOverAndNobodyIsAskedMeanwhile() {
        over(Quota.RATE, 800);
        LonglineException first = refused(1);
        pass(799);
        LonglineException last = refused(1);

        assertThat(first.code()).isEqualTo(ErrorCode.PRODUCT_RATE_EXCEEDED);
        assertThat(first.getMessage()).isEqualTo("product shop is over 50 messages/s");
        assertThat(first.retryAfter()).contains(Duration.ofMillis(800));
        assertThat(last.retryAfter()).contains(Duration.ofMillis(1));
        assertThat(asked).hasSize(1);

        pass(1);
        granted(6);
        take(1);
        assertThat(asked).hasSize(2);
        assertThat(registry.counter("longline.center.quota.refused", "quota", "rate")
                        .count())
                .isEqualTo(2);
    }

    @Test
    void whatIsRefusedToManyMayBeGrantedToFewer() {
        SendLimits daily = new SendLimits(0, 100, 0, 0, 0, 0);
        over(Quota.DAY, 1000);
        granted(1);

        assertThatThrownBy(() -> rate.take(10, daily, DEADLINE)).hasMessage("product shop is over 100 messages a day");
        rate.take(1, daily, DEADLINE);
        assertThatThrownBy(() -> rate.take(11, daily, DEADLINE)).isInstanceOf(LonglineException.class);

        assertThat(asked).containsExactly("10 to 1010", "1 to 1001");
    }

    @Test
    void otherLimitsBeginAnew() {
        granted(6);
        over(Quota.RATE, 60_000);
        granted(500);
        take(6);
        assertThat(refused(1)).isNotNull();

        rate.take(1, new SendLimits(5000, 0, 0, 0, 0, 0), DEADLINE);

        assertThat(asked).containsExactly("6 to 11", "1 to 6", "1 to 501");
    }

    @Test
    void withoutAnAnswerItLetsItsShareThroughASecondAtATime() {
        for (int i = 0; i < 10; i++) {
            take(1);
        }
        LonglineException refused = refused(1);
        pass(1000);
        take(1);

        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(1));
        assertThat(asked).hasSize(2);
    }

    @Test
    void whatIsLeftOfAShareIsVoidAndWhatWasTakenBeyondItIsOwed() {
        take(1);
        pass(1000);
        granted(6);
        take(1);
        assertThat(rate.credits()).isEqualTo(5);

        take(25); // in the next share of 10
        pass(1000);
        granted(30);
        take(1);

        assertThat(asked).containsExactly("1 to 6", "1 to 6", "20 to 25", "11 to 16");
    }

    @Test
    void aQuotaWithoutARateIsNoBoundWhileNobodyAnswers() {
        SendLimits daily = new SendLimits(0, 10, 0, 0, 0, 0);
        for (int i = 0; i < 100; i++) {
            rate.take(1, daily, DEADLINE);
        }

        assertThat(asked).containsExactly("1 to 1001");
    }

    @Test
    void thoseWhoWaitForAGrantTakeOfIt() throws InterruptedException {
        CountDownLatch asking = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        ProductRate slow = new ProductRate(
                "shop",
                (needed, wanted, limits, deadline) -> {
                    asked.add(needed + " to " + wanted);
                    asking.countDown();
                    await(answer);
                    return new GrantOutcome.Granted(wanted);
                },
                () -> 1,
                System::nanoTime,
                new CenterMetrics(registry));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                threads.execute(() -> slow.take(1, FIFTY, DEADLINE));
            }
            asking.await();
            LonglineException late = catchThrowableOfType(
                    LonglineException.class, () -> slow.take(1, FIFTY, Deadline.after(Duration.ofMillis(1))));
            answer.countDown();

            assertThat(late.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(late.dependency()).contains("saver");
        }
        assertThat(asked).containsExactly("1 to 6");
        assertThat(slow.credits()).isZero();
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
