package io.longline.saver.stats;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How often each thing happened. */
record Counts(Map<Happening, Long> numbers) {

    Counts {
        numbers = Map.copyOf(numbers);
    }

    /** In the order of {@link Happening}. */
    static Counts of(List<Long> numbers) {
        Map<Happening, Long> counts = new EnumMap<>(Happening.class);
        for (Happening what : Happening.values()) {
            counts.put(what, numbers.get(counts.size()));
        }
        return new Counts(counts);
    }

    long of(Happening what) {
        return numbers.getOrDefault(what, 0L);
    }

    boolean isNothing() {
        return numbers.values().stream().allMatch(number -> number == 0);
    }

    /** Likewise. */
    List<Long> inOrder() {
        return Stream.of(Happening.values()).map(this::of).toList();
    }
}
