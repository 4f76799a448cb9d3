package io.longline.center;

import io.longline.center.result.Status;
import io.longline.center.unicast.UnicastOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Everything that center counts. */
public final class CenterMetrics {
    private final MeterRegistry registry;
    private final Counter recordsLost;
    private final Counter overProductLimit;
    private final AtomicInteger unsent = new AtomicInteger();

    public CenterMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.recordsLost = registry.counter("longline.center.records.lost");
        this.overProductLimit = registry.counter("longline.center.requests.rejected", "reason", "product_limit");
        registry.gauge("longline.center.sweep.unsent", unsent);
    }

    /** A push was answered, before any wait for acks. */
    public void pushed(Status status, long nanos) {
        Timer.builder("longline.center.push")
                .tag("status", status.text())
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    public void handedOver(UnicastOutcome outcome) {
        registry.counter("longline.center.handovers", "outcome", outcome.tag()).increment();
    }

    /** A message was sent without a record of it: GET will not find it. */
    public void recordLost() {
        recordsLost.increment();
    }

    public void overProductLimit() {
        overProductLimit.increment();
    }

    /** How many endpoints the sweep found, of hints that may have been lost. */
    public void swept(int endpoints) {
        unsent.set(endpoints);
        registry.counter("longline.center.sweep.endpoints").increment(endpoints);
    }

    public void sweepFailed() {
        registry.counter("longline.center.sweep.failures").increment();
    }
}
