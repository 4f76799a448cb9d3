package io.longline.saver.stats;

import java.util.Arrays;
import java.util.List;

/** How often each thing happened, in the order of {@link Happening}. */
record Counts(List<Long> numbers) {

    Counts {
        numbers = List.copyOf(numbers);
    }

    static Counts of(long... numbers) {
        return new Counts(Arrays.stream(numbers).boxed().toList());
    }

    long of(Happening what) {
        return numbers.get(what.ordinal());
    }
}
