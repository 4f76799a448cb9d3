package io.longline.coordinator;

import io.longline.coordinator.audit.AuditKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the auditor counts. */
public final class AuditMetrics {
    private static final String PREFIX = "longline.coordinator.audit.";
    private static final double MS_PER_S = 1_000;

    private final Map<AuditKind, Counter> found = new EnumMap<>(AuditKind.class);
    private final Map<AuditKind, Counter> mended = new EnumMap<>(AuditKind.class);
    private final Counter routes;
    private final Counter sessions;
    private final Counter unknown;
    private final Counter broken;
    private final AtomicInteger suspects = new AtomicInteger();
    private final AtomicLong endedMs = new AtomicLong();
    private final AtomicLong tookNanos = new AtomicLong();

    /** @param mostSuspects that a round holds at a time */
    public AuditMetrics(MeterRegistry registry, int mostSuspects) {
        for (AuditKind kind : AuditKind.values()) {
            String word = kind.name().toLowerCase(Locale.ROOT);
            found.put(kind, registry.counter(PREFIX + "found", "kind", word));
            mended.put(kind, registry.counter(PREFIX + "mended", "kind", word));
        }
        this.routes = registry.counter(PREFIX + "routes");
        this.sessions = registry.counter(PREFIX + "sessions");
        this.unknown = registry.counter(PREFIX + "unknown");
        this.broken = registry.counter(PREFIX + "broken.off");
        Gauge.builder(PREFIX + "suspects", suspects::get).register(registry);
        Gauge.builder(PREFIX + "suspects.limit", () -> mostSuspects).register(registry);
        Gauge.builder(PREFIX + "round.ended.seconds", () -> endedMs.get() / MS_PER_S)
                .register(registry);
        Gauge.builder(PREFIX + "round.seconds", () -> (double) tookNanos.get() / TimeUnit.SECONDS.toNanos(1))
                .register(registry);
    }

    public void lookedAtRoutes(int many) {
        routes.increment(many);
    }

    public void lookedAtSessions(int many) {
        sessions.increment(many);
    }

    public void unknown(int many) {
        unknown.increment(many);
    }

    public void found(AuditKind kind) {
        Objects.requireNonNull(found.get(kind)).increment();
    }

    public void mended(AuditKind kind) {
        Objects.requireNonNull(mended.get(kind)).increment();
    }

    /** More, or fewer, wait to be looked at again. */
    public void suspects(int more) {
        suspects.addAndGet(more);
    }

    /** A round of the auditor's own came to its end. */
    public void whole(long nowMs, Duration took) {
        endedMs.set(nowMs);
        tookNanos.set(took.toNanos());
    }

    /** A round did not. */
    public void brokenOff() {
        broken.increment();
    }
}
