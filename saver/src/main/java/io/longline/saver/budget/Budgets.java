package io.longline.saver.budget;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Whether there is room, as far as it was known a second ago. Safe for any thread. */
public final class Budgets {
    private volatile Map<Kind, Long> budgets = Map.of();
    private volatile Map<Kind, Long> used = Map.of();
    private final Consumer<Kind> onRefused;

    /** There is room for everything until the budgets are known. */
    public Budgets(Consumer<Kind> onRefused) {
        this.onRefused = onRefused;
    }

    void budgets(Map<Kind, Long> known) {
        budgets = Map.copyOf(known);
    }

    void used(Map<Kind, Long> known) {
        used = Map.copyOf(known);
    }

    /** The first of these kinds that has no room for something new; empty: all have. */
    public Optional<Kind> lacking(Urgency urgency, Kind... kinds) {
        return Stream.of(kinds).filter(kind -> share(kind) >= urgency.share()).findFirst();
    }

    /** Something new was refused for want of it. */
    public void refused(Kind kind) {
        onRefused.accept(kind);
    }

    /** Of its budget, 1 is all of it. */
    public double share(Kind kind) {
        Long budget = budgets.get(kind);
        return budget == null ? 0 : (double) used(kind) / Math.max(1, budget);
    }

    /** Bytes. */
    public long used(Kind kind) {
        return used.getOrDefault(kind, 0L);
    }

    /** Bytes; 0: not known yet. */
    public long budget(Kind kind) {
        return budgets.getOrDefault(kind, 0L);
    }
}
