package io.longline.coordinator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;

/** Everything that coordinator counts. Its names have that of the first event there was. */
public final class CoordinatorMetrics {
    private final MeterRegistry registry;
    private final Counter answered;
    private final Counter roomGone;
    private final Counter unreadable;
    private final Counter unanswered;
    private final Counter laneFull;
    private final Counter readFailures;

    public CoordinatorMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.answered = registry.counter("longline.coordinator.replaced.finished", "result", "answered");
        this.roomGone = registry.counter("longline.coordinator.replaced.finished", "result", "room_gone");
        this.unreadable = registry.counter("longline.coordinator.replaced.finished", "result", "unreadable");
        this.unanswered = registry.counter("longline.coordinator.replaced.unanswered");
        this.laneFull = registry.counter("longline.coordinator.replaced.rejected", "reason", "lane_full");
        this.readFailures = registry.counter("longline.coordinator.replaced.read.failures");
    }

    /** Depth of all lanes together. */
    public void held(Collection<?> entries) {
        registry.gaugeCollectionSize("longline.coordinator.replaced.held", Tags.empty(), entries);
    }

    /** Rooms answered. */
    public void answered(int entries) {
        answered.increment(entries);
    }

    /** Their room is no more. */
    public void roomGone(int entries) {
        roomGone.increment(entries);
    }

    /** Not an event that this release knows. */
    public void unreadable(int entries) {
        unreadable.increment(entries);
    }

    /** Tried and to be tried again. */
    public void unanswered(int entries) {
        unanswered.increment(entries);
    }

    /** Left pending in the stream, to come again. */
    public void laneFull() {
        laneFull.increment();
    }

    public void readFailed() {
        readFailures.increment();
    }
}
