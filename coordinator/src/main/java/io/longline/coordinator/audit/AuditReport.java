package io.longline.coordinator.audit;

import io.longline.coordinator.AuditMetrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** What one round has seen. Kept by the thread that runs it. */
final class AuditReport {
    private final AuditMetrics metrics;
    private final Consumer<Finding> each;
    private final Consumer<AuditReport> progress;
    private final Map<AuditKind, Tally> kinds = new EnumMap<>(AuditKind.class);
    private long routes;
    private long sessions;
    private long unknown;

    /** How many were found of a kind, and of these mended. */
    record Tally(long found, long mended) {
        static final Tally NONE = new Tally(0, 0);

        private Tally and(boolean isMended) {
            return new Tally(found + 1, mended + (isMended ? 1 : 0));
        }
    }

    /**
     * An empty one.
     *
     * @param each is given each finding once it is known what became of it
     * @param progress is given this whenever more was looked at
     */
    AuditReport(AuditMetrics metrics, Consumer<Finding> each, Consumer<AuditReport> progress) {
        this.metrics = metrics;
        this.each = each;
        this.progress = progress;
    }

    void lookedAtRoutes(int many) {
        routes += many;
        metrics.lookedAtRoutes(many);
        progress.accept(this);
    }

    void lookedAtSessions(int many) {
        sessions += many;
        metrics.lookedAtSessions(many);
        progress.accept(this);
    }

    /** Nobody could say. */
    void unknown(int many) {
        unknown += many;
        metrics.unknown(many);
    }

    void found(Finding finding) {
        AuditKind kind = finding.suspect().kind();
        kinds.put(kind, tally(kind).and(finding.mended()));
        metrics.found(kind);
        if (finding.mended()) {
            metrics.mended(kind);
        }
        each.accept(finding);
    }

    Tally tally(AuditKind kind) {
        return kinds.getOrDefault(kind, Tally.NONE);
    }

    long routes() {
        return routes;
    }

    long sessions() {
        return sessions;
    }

    long unknown() {
        return unknown;
    }
}
