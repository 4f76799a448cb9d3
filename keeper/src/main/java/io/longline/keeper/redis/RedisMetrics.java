package io.longline.keeper.redis;

import io.longline.keeper.rpc.Allowance;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The metrics of a {@link RedisStore}. */
final class RedisMetrics {

    private final MeterRegistry registry;
    private final Timer answered;
    private final Timer failed;
    private final Counter connects;
    private final Counter inFlightRejects;
    private final Counter full;
    private final Counter timeout;
    private final Counter refused;
    private final Map<RedisErrors.Refusal, Counter> repeats = new EnumMap<>(RedisErrors.Refusal.class);

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
        refused = Counter.builder("longline.redis.breaker.rejects")
                .description("calls not sent because Redis was too slow or failed, or had too many of ours already")
                .register(registry);
        for (RedisErrors.Refusal refusal : RedisErrors.Refusal.values()) {
            repeats.put(
                    refusal,
                    Counter.builder("longline.redis.repeats")
                            .description("calls sent once more because a node certainly did not carry them out")
                            .tag("reason", refusal.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    void observe(RedisLinks links, Allowance flight) {
        Gauge.builder("longline.redis.inflight.depth", flight::requests)
                .description("commands and scripts that are not answered yet, those that wait for Redis included")
                .register(registry);
        Gauge.builder("longline.redis.inflight.limit", RedisStore.IN_FLIGHT::requests)
                .register(registry);
        Gauge.builder("longline.redis.inflight.bytes", flight::bytes)
                .description("what the arguments of these take")
                .register(registry);
        Gauge.builder("longline.redis.inflight.bytes.limit", RedisStore.IN_FLIGHT::bytes)
                .register(registry);
        Gauge.builder("longline.redis.connected", () -> links.connected() ? 1 : 0)
                .description("1 while every key is served")
                .register(registry);
        Gauge.builder("longline.redis.nodes", () -> links.open().size())
                .description("nodes connected to that serve keys")
                .register(registry);
        Gauge.builder(
                        "longline.redis.breaker.open",
                        () -> links.open().stream()
                                .filter(link -> !link.breakerClosed())
                                .count())
                .description("nodes that are given no calls, or some to try, because they were too slow or failed")
                .register(registry);
        Gauge.builder("longline.redis.waiting.depth", links::waiting)
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

    void refused() {
        refused.increment();
    }

    void repeated(RedisErrors.Refusal refusal) {
        Counter counter = repeats.get(refusal);
        if (counter != null) {
            counter.increment();
        }
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
