package io.longline.keeper.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What is told about the requests of one server. Routes are templates, so their number is that of the program's. */
final class HttpMetrics {
    private final MeterRegistry registry;
    private final AtomicInteger running = new AtomicInteger();
    private final Counter rejects;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    HttpMetrics(MeterRegistry registry, int limit) {
        this.registry = registry;
        Gauge.builder("longline.http.depth", running, AtomicInteger::get)
                .description("requests that are being answered")
                .register(registry);
        Gauge.builder("longline.http.limit", () -> limit)
                .description("requests that may be answered at a time")
                .register(registry);
        rejects = Counter.builder("longline.http.rejects")
                .description("requests refused because too many were being answered")
                .register(registry);
    }

    Span begin() {
        running.incrementAndGet();
        return new Span();
    }

    void rejected() {
        rejects.increment();
    }

    private Timer timer(Key key) {
        return timers.computeIfAbsent(
                key,
                k -> Timer.builder("longline.http.requests")
                        .description("requests, from their head to their answer")
                        .tag("method", k.method)
                        .tag("route", k.route)
                        .tag("status", Integer.toString(k.status))
                        .register(registry));
    }

    private record Key(String method, String route, int status) {}

    /** One request while it is answered. */
    final class Span {
        private final long begun = System.nanoTime();
        private String method = "other";
        private String route = "unknown";

        void route(String matchedMethod, String template) {
            method = matchedMethod;
            route = template;
        }

        void answered(int status) {
            timer(new Key(method, route, status)).record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }

        /** Its place is free again, which it is not while the rest of its body is read. */
        void end() {
            running.decrementAndGet();
        }
    }
}
