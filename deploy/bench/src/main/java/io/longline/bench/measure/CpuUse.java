package io.longline.bench.measure;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/** What processes used of the CPU, by name, over so long. */
public record CpuUse(Duration wall, Map<String, Duration> cpu) {

    /** CPU seconds of the processes whose names are wanted. */
    public double seconds(Predicate<String> names) {
        return cpu.entrySet().stream()
                .filter(entry -> names.test(entry.getKey()))
                .mapToDouble(entry -> entry.getValue().toNanos() / 1e9)
                .sum();
    }

    /** How much of one core they had, in percent. */
    public double percent(Predicate<String> names) {
        return 100 * seconds(names) / wallSeconds();
    }

    public double wallSeconds() {
        return wall.toNanos() / 1e9;
    }
}
