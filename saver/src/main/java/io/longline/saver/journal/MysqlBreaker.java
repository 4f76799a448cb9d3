package io.longline.saver.journal;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.longline.keeper.time.MonotonicClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens when MySQL fails or is too slow; then one attempt every half a second finds out whether it is back. */
final class MysqlBreaker {
    private static final Logger log = LoggerFactory.getLogger(MysqlBreaker.class);
    private static final Duration OPEN = Duration.ofMillis(500);
    private static final Duration NEVER_SLOW = Duration.ofHours(1);

    private final CircuitBreaker breaker;
    private volatile String lastError = "too slow";

    /** Two failures, or two slow ones, one after the other; a single one may be a connection that had idled too long. */
    static MysqlBreaker ofWriter(Duration slow) {
        return new MysqlBreaker("mysql-writer", 2, 2, slow);
    }

    /** Readers are many and of all lengths. */
    static MysqlBreaker ofReaders() {
        return new MysqlBreaker("mysql-readers", 8, 4, NEVER_SLOW);
    }

    private MysqlBreaker(String name, int window, int least, Duration slow) {
        breaker = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .clock(MonotonicClock.INSTANCE)
                        .slidingWindow(window, least, SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(100)
                        .slowCallRateThreshold(100)
                        .slowCallDurationThreshold(slow)
                        .waitDurationInOpenState(OPEN)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> {
            switch (event.getStateTransition()) {
                case CLOSED_TO_OPEN -> log.warn("mysql is away breaker={}: {}", name, lastError);
                case HALF_OPEN_TO_CLOSED -> log.info("mysql is back breaker={}", name);
                default -> log.debug("breaker={} {}", name, event.getStateTransition());
            }
        });
    }

    /** Whether to try now. Who is allowed to tells how it went. */
    boolean allows() {
        return breaker.tryAcquirePermission();
    }

    void succeeded(long sinceNanos) {
        breaker.onSuccess(System.nanoTime() - sinceNanos, TimeUnit.NANOSECONDS);
    }

    void failed(long sinceNanos, SQLException error) {
        lastError = error.toString();
        breaker.onError(System.nanoTime() - sinceNanos, TimeUnit.NANOSECONDS, error);
    }

    boolean isClosed() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }
}
