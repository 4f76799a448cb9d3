package io.longline.keeper.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.longline.keeper.time.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Refuses the calls on a link whose Redis answers, but too late to be of use. It opens when of the last 5 s' calls, at least
 * 100, half timed out, or four in five took more than three quarters of the timeout. After a second it lets five through, to see.
 */
final class RedisBreaker {

    private static final int WINDOW_S = 5;
    private static final int LEAST_CALLS = 100;
    private static final float FAILED_PERCENT = 50;
    private static final float SLOW_PERCENT = 80;
    private static final Duration OPEN = Duration.ofSeconds(1);
    private static final int TRIALS = 5;

    private final CircuitBreaker breaker;

    RedisBreaker(String address, Duration timeout) {
        breaker = CircuitBreaker.of(
                address,
                CircuitBreakerConfig.custom()
                        .clock(MonotonicClock.INSTANCE)
                        .slidingWindow(WINDOW_S, LEAST_CALLS, SlidingWindowType.TIME_BASED)
                        .failureRateThreshold(FAILED_PERCENT)
                        .slowCallRateThreshold(SLOW_PERCENT)
                        .slowCallDurationThreshold(timeout.multipliedBy(3).dividedBy(4))
                        .waitDurationInOpenState(OPEN)
                        .permittedNumberOfCallsInHalfOpenState(TRIALS)
                        .build());
    }

    /** Whether a call may be made; each that may is told of by one of the next two. */
    boolean permits() {
        return breaker.tryAcquirePermission();
    }

    void answered(long nanos) {
        breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
    }

    void timedOut(long nanos) {
        breaker.onError(nanos, TimeUnit.NANOSECONDS, RedisErrors.late());
    }

    boolean isClosed() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }
}
