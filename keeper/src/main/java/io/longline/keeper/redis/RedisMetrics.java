package io.longline.keeper.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** The metrics of a {@link RedisStore}. */
final class RedisMetrics {

    private final MeterRegistry registry;
    private final Timer answered;
    private final Timer failed;
    private final Counter connects;
    private final Counter inFlightRejects;
    private final Counter full;
    private final Counter timeout;

    RedisMetrics(MeterRegistry registry) {
        this.registry = registry;
        answered = commands(registry, "answered");
        failed = commands(registry, "failed");
        connects = Counter.builder("longline.redis.connects")
                .description("connections made, each with the run_id read anew")
                .register(registry);
        inFlightRejects = Counter.builder("longline.redis.inflight.rejects")
                .description("commands refused because too many were not answered yet")
                .register(registry);
        full = rejects(registry, "full");
        timeout = rejects(registry, "timeout");
    }

    void observe(BooleanSupplier connected, IntSupplier waiting, IntSupplier inFlight) {
        Gauge.builder("longline.redis.inflight.depth", inFlight::getAsInt)
                .description("commands and scripts that are not answered yet, those that wait for Redis included")
                .register(registry);
        Gauge.builder("longline.redis.inflight.limit", () -> RedisStore.IN_FLIGHT_LIMIT)
                .register(registry);
        Gauge.builder("longline.redis.connected", () -> connected.getAsBoolean() ? 1 : 0)
                .description("1 while there is a connection")
                .register(registry);
        Gauge.builder("longline.redis.waiting.depth", waiting::getAsInt)
                .description("callers that wait for Redis to come back")
                .register(registry);
        Gauge.builder("longline.redis.waiting.limit", () -> RedisWaitQueue.LIMIT)
                .register(registry);
    }

    void command(long startedNanos, boolean ok) {
        (ok ? answered : failed).record(System.nanoTime() - startedNanos, TimeUnit.NANOSECONDS);
    }

    void connected() {
        connects.increment();
    }

    void rejectedInFlight() {
        inFlightRejects.increment();
    }

    void rejectedFull() {
        full.increment();
    }

    void rejectedTimeout() {
        timeout.increment();
    }

    private static Timer commands(MeterRegistry registry, String outcome) {
        return Timer.builder("longline.redis.commands")
                .description("commands and scripts, from the call to the reply")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter rejects(MeterRegistry registry, String reason) {
        return Counter.builder("longline.redis.waiting.rejects")
                .description("callers that did not get to wait, or waited in vain")
                .tag("reason", reason)
                .register(registry);
    }
}
