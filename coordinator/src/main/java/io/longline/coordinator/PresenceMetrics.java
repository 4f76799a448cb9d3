package io.longline.coordinator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** What coordinator counts of who comes and goes. */
public final class PresenceMetrics {
    private static final String PREFIX = "longline.coordinator.presence.";

    private final MeterRegistry registry;
    private final Counter online;
    private final Counter offline;
    private final Counter flaps;
    private final Counter differed;
    private final Counter heldBack;
    private final Counter storeFailures;

    public PresenceMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.online = registry.counter(PREFIX + "told", "type", "online");
        this.offline = registry.counter(PREFIX + "told", "type", "offline");
        this.flaps = registry.counter(PREFIX + "flaps");
        this.differed = registry.counter(PREFIX + "differed");
        this.heldBack = registry.counter(PREFIX + "held.back");
        this.storeFailures = registry.counter(PREFIX + "store.failures");
    }

    /**
     * Gauges. The registry keeps both suppliers.
     *
     * @param marks of changes that are to be told, in the shards carried here
     * @param overdueMs for how long the oldest should have been
     */
    public void watch(IntSupplier marks, LongSupplier overdueMs) {
        Gauge.builder(PREFIX + "waiting", marks::getAsInt).register(registry);
        Gauge.builder(PREFIX + "overdue.seconds", () -> (double) overdueMs.getAsLong() / TimeUnit.SECONDS.toMillis(1))
                .register(registry);
    }

    /**
     * What came of a look.
     *
     * @param unnoticed who came and went, or went and came, within the debounce
     */
    public void told(int toldOnline, int toldOffline, int unnoticed) {
        online.increment(toldOnline);
        offline.increment(toldOffline);
        flaps.increment(unnoticed);
    }

    /** What was told and what is so, in a comparison. */
    public void differed(int noted) {
        differed.increment(noted);
    }

    /** A look after which something waits, as there was no room for it. */
    public void heldBack() {
        heldBack.increment();
    }

    /** A look that failed. */
    public void storeFailed() {
        storeFailures.increment();
    }
}
