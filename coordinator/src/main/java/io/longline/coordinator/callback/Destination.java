package io.longline.coordinator.callback;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.WeightedUrl;
import io.longline.keeper.time.MonotonicClock;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One place of a callback: with connections of its own, and left alone for a while after many requests have failed. Any thread. */
final class Destination implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Destination.class);
    private static final int WINDOW = 20;
    private static final int LEAST = 10;
    private static final int MOST_FAILED_PERCENT = 50;
    private static final int TRIES = 2;
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY = 429;

    private final String name;
    private final int weight;
    private final CallbackClient client;
    private final CircuitBreaker breaker;
    private volatile @Nullable CallbackOutcome lastFailure;

    /** @param name for logs, another one for each of a callback's */
    Destination(String name, Callback callback, WeightedUrl place, DnsResolver addresses) {
        this.name = name;
        this.weight = place.weight();
        this.client = new CallbackClient(callback, place.url(), addresses);
        this.breaker = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .clock(MonotonicClock.INSTANCE)
                        .slidingWindow(WINDOW, LEAST, SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(MOST_FAILED_PERCENT)
                        .waitDurationInOpenState(Gate.OPEN)
                        .permittedNumberOfCallsInHalfOpenState(TRIES)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> note(event.getStateTransition()));
    }

    /** Whoever runs this is told once when it begins to fail, and why, and once when it works again. */
    private void note(CircuitBreaker.StateTransition transition) {
        switch (transition) {
            case CLOSED_TO_OPEN ->
                log.warn("a callback fails, and is only tried now and then callback={} last={}", name, lastFailure);
            case HALF_OPEN_TO_CLOSED -> log.info("a callback works again callback={}", name);
            default -> log.debug("callback={} {}", name, transition);
        }
    }

    String name() {
        return name;
    }

    int weight() {
        return weight;
    }

    /** Whether a request would be made now. */
    boolean isOpen() {
        boolean lets = breaker.tryAcquirePermission();
        if (lets) {
            breaker.releasePermission();
        }
        return lets;
    }

    /** Whether one may be made, which {@link #post} has to be then. */
    boolean enter() {
        return breaker.tryAcquirePermission();
    }

    /** After {@link #enter}; waits. */
    CallbackOutcome post(byte[] json, String signature) {
        long since = System.nanoTime();
        CallbackOutcome outcome;
        try {
            outcome = client.post(json, signature);
        } catch (RuntimeException e) {
            breaker.releasePermission();
            throw e;
        }
        long took = System.nanoTime() - since;
        if (isFailure(outcome)) {
            lastFailure = outcome;
            breaker.onError(took, TimeUnit.NANOSECONDS, new IllegalStateException(outcome.toString()));
        } else {
            breaker.onSuccess(took, TimeUnit.NANOSECONDS);
        }
        return outcome;
    }

    /** Who refuses what it was sent is well. */
    private static boolean isFailure(CallbackOutcome outcome) {
        return switch (outcome) {
            case CallbackOutcome.Taken _ -> false;
            case CallbackOutcome.Refused refused -> refused.status() >= SERVER_ERROR || refused.status() == TOO_MANY;
            case CallbackOutcome.Unanswered _, CallbackOutcome.Spared _ -> true;
        };
    }

    /** Null: there was none. */
    @Nullable
    CallbackOutcome lastFailure() {
        return lastFailure;
    }

    @Override
    public void close() {
        client.close();
    }
}
