package io.longline.coordinator.callback;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.longline.keeper.product.Callback;
import io.longline.keeper.time.MonotonicClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to one callback: so many requests at a time, and none for a while after many have failed. */
public final class Gate implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Gate.class);
    private static final int WINDOW = 20;
    private static final int LEAST = 10;
    private static final int MOST_FAILED_PERCENT = 50;
    /** How long a callback that fails is left alone before some requests find out whether it is well again. */
    public static final Duration OPEN = Duration.ofSeconds(5);

    private static final int TRIES = 2;
    private static final int MOST_AT_A_TIME = 64;
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY = 429;

    private final String name;
    private final Callback callback;
    private final CallbackClient client;
    private final InstantSource clock;
    private final Bulkhead bulkhead;
    private final CircuitBreaker breaker;
    /** Who was not let in, each once. */
    private final Set<Runnable> waiting = new LinkedHashSet<>();

    private volatile @Nullable CallbackOutcome lastFailure;

    Gate(String name, Callback callback, DnsResolver addresses, InstantSource clock) {
        this.name = name;
        this.callback = callback;
        this.client = new CallbackClient(callback, addresses);
        this.clock = clock;
        this.bulkhead = Bulkhead.of(
                name,
                BulkheadConfig.custom()
                        .maxConcurrentCalls(atATime(callback))
                        .maxWaitDuration(Duration.ZERO)
                        .build());
        this.breaker = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .clock(MonotonicClock.INSTANCE)
                        .slidingWindow(WINDOW, LEAST, SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(MOST_FAILED_PERCENT)
                        .waitDurationInOpenState(OPEN)
                        .permittedNumberOfCallsInHalfOpenState(TRIES)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> note(event.getStateTransition()));
    }

    /** How many requests may be under way at a time. */
    public int atATime() {
        return atATime(callback);
    }

    /** Whatever its back end wants: each request takes this process 1 to 4 MiB. */
    static int atATime(Callback callback) {
        return Math.min(callback.maxInFlight(), MOST_AT_A_TIME);
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

    /**
     * Whether a request may begin; who may gives it back with {@link #leave}. Else {@code whenFree} is called once when another has left,
     * which does not promise that there is room still.
     */
    public boolean enter(Runnable whenFree) {
        synchronized (waiting) {
            boolean free = bulkhead.tryAcquirePermission();
            if (!free) {
                waiting.add(whenFree);
            }
            return free;
        }
    }

    public void leave() {
        Runnable next = null;
        synchronized (waiting) {
            bulkhead.onComplete();
            Iterator<Runnable> first = waiting.iterator();
            if (first.hasNext()) {
                next = first.next();
                first.remove();
            }
        }
        if (next != null) {
            next.run();
        }
    }

    /** Whether a request would be {@link CallbackOutcome.Spared} now; for who would have to make it first. */
    public boolean spares() {
        boolean lets = breaker.tryAcquirePermission();
        if (lets) {
            breaker.releasePermission();
        }
        return !lets;
    }

    /** Why it is spared, where it is. */
    public String lastFailure() {
        CallbackOutcome last = lastFailure;
        return last == null ? "no answer" : last.inShort();
    }

    /** Posts signed JSON and waits; between {@link #enter} and {@link #leave}. */
    public CallbackOutcome post(byte[] json) {
        if (!breaker.tryAcquirePermission()) {
            return new CallbackOutcome.Spared();
        }
        long since = System.nanoTime();
        CallbackOutcome outcome;
        try {
            long unixSeconds = TimeUnit.MILLISECONDS.toSeconds(clock.millis());
            outcome = client.post(json, Signature.of(callback.secret(), unixSeconds, json));
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

    @Override
    public void close() {
        client.close();
    }
}
