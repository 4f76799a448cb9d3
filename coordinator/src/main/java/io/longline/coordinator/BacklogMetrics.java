package io.longline.coordinator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/** What coordinator counts of events that go to MySQL and come back, as Redis has no room for them. */
public final class BacklogMetrics {
    private static final String PREFIX = "longline.coordinator.backlog.";

    private final MeterRegistry registry;
    private final Counter movedOut;
    private final Counter broughtBack;
    private final Counter found;
    private final Counter refused;
    private final Counter failures;

    public BacklogMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.movedOut = registry.counter(PREFIX + "moved.out");
        this.broughtBack = registry.counter(PREFIX + "brought.back");
        this.found = registry.counter(PREFIX + "found");
        this.refused = registry.counter(PREFIX + "refused");
        this.failures = registry.counter(PREFIX + "failures");
    }

    /**
     * A gauge. The registry keeps the supplier.
     *
     * @param waiting in MySQL, of the shards carried here
     */
    public void watch(LongSupplier waiting) {
        Gauge.builder(PREFIX + "waiting", () -> (double) waiting.getAsLong()).register(registry);
    }

    public void movedOut(int events) {
        movedOut.increment(events);
    }

    public void broughtBack(int events) {
        broughtBack.increment(events);
    }

    /** That MySQL had and Redis did not know of. */
    public void found(long events) {
        found.increment((double) events);
    }

    /** A batch that stays in Redis: its product has as many in MySQL as it may. */
    public void refused() {
        refused.increment();
    }

    /** A shard of which something could not be moved; tried again. */
    public void failed() {
        failures.increment();
    }
}
