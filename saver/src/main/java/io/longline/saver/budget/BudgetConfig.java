package io.longline.saver.budget;

import io.longline.keeper.config.ConfigReader;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much memory of Redis each kind may take.
 *
 * @param sizes in bytes; 0: a share of what Redis may use
 */
public record BudgetConfig(Map<Kind, Long> sizes) {
    private static final Map<Kind, Double> SHARES = Map.of(
            Kind.INBOX,
            0.5,
            Kind.COPY,
            0.15,
            Kind.RECORD,
            0.1,
            Kind.SCHEDULE,
            0.1,
            Kind.EXPLAIN,
            0.05,
            Kind.TOPIC,
            0.05);

    public BudgetConfig {
        sizes = Map.copyOf(sizes);
    }

    public static BudgetConfig read(ConfigReader reader) {
        Map<Kind, Long> sizes = new EnumMap<>(Kind.class);
        sizes.put(Kind.INBOX, reader.size("saver.budget.inbox", "0B"));
        sizes.put(Kind.COPY, reader.size("saver.budget.copy", "0B"));
        sizes.put(Kind.RECORD, reader.size("saver.budget.record", "0B"));
        sizes.put(Kind.SCHEDULE, reader.size("saver.budget.schedule", "0B"));
        sizes.put(Kind.EXPLAIN, reader.size("saver.budget.explain", "0B"));
        sizes.put(Kind.TOPIC, reader.size("saver.budget.topic", "0B"));
        return new BudgetConfig(sizes);
    }

    /** The budgets where Redis may use so many bytes. */
    Map<Kind, Long> of(long memory) {
        Map<Kind, Long> budgets = new EnumMap<>(Kind.class);
        SHARES.forEach((kind, share) -> {
            long size = sizes.getOrDefault(kind, 0L);
            budgets.put(kind, size > 0 ? size : (long) (memory * share));
        });
        return budgets;
    }
}
