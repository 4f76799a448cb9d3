package io.longline.coordinator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;

/** What coordinator counts of groups that pull uplinks. */
public final class GroupMetrics {
    private static final String PREFIX = "longline.coordinator.group.";

    private final MeterRegistry registry;
    private final Counter pulled;
    private final Counter finished;
    private final Counter requeued;
    private final Counter expired;
    private final Counter gone;
    private final Counter rejected;

    public GroupMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.pulled = registry.counter(PREFIX + "pulled");
        this.finished = registry.counter(PREFIX + "finished");
        this.requeued = registry.counter(PREFIX + "requeued");
        this.expired = registry.counter(PREFIX + "expired");
        this.gone = registry.counter(PREFIX + "gone");
        this.rejected = registry.counter(PREFIX + "rejected");
    }

    /**
     * Gauges. The registry keeps the supplier.
     *
     * @param waiting pulls for which there was nothing yet
     * @param most of them
     */
    public void watch(IntSupplier waiting, int most) {
        Gauge.builder(PREFIX + "waiting", waiting::getAsInt).register(registry);
        Gauge.builder(PREFIX + "waiting.limit", () -> most).register(registry);
    }

    /** Uplinks that were given to a consumer. */
    public void pulled(int uplinks) {
        pulled.increment(uplinks);
    }

    public void finished(int leases) {
        finished.increment(leases);
    }

    public void requeued(int leases) {
        requeued.increment(leases);
    }

    /** Leases whose time was over, and whose uplinks were given to somebody again. */
    public void expired(int leases) {
        expired.increment(leases);
    }

    /** Leases that were to be finished or requeued, and were no more. */
    public void gone(int leases) {
        gone.increment(leases);
    }

    /** A pull that may not wait, as so many do already. */
    public void rejected() {
        rejected.increment();
    }
}
