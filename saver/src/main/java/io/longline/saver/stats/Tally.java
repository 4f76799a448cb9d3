package io.longline.saver.stats;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Ends;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What happened here since it was last written to the store, by product. Any thread. */
public final class Tally implements Ends {
    private final Map<String, Map<Happening, AtomicLong>> products = new ConcurrentHashMap<>();

    @Override
    public void ended(String product, CopyState state, long copies) {
        switch (state) {
            case ACKED -> add(product, Happening.ACKED, copies);
            case EXPIRED -> add(product, Happening.EXPIRED, copies);
            case COLLAPSED -> add(product, Happening.COLLAPSED, copies);
            case RECALLED -> add(product, Happening.RECALLED, copies);
            case DROPPED -> add(product, Happening.DROPPED, copies);
            case STORED, WRITTEN, SCHEDULED -> throw new IllegalArgumentException(state + " is no end");
        }
    }

    void add(String product, Happening what, long count) {
        if (count > 0) {
            Map<Happening, AtomicLong> counters = products.computeIfAbsent(product, _ -> zeros());
            Objects.requireNonNull(counters.get(what)).addAndGet(count);
        }
    }

    /** Never changed itself, so any thread may read it. */
    private static Map<Happening, AtomicLong> zeros() {
        Map<Happening, AtomicLong> zeros = new EnumMap<>(Happening.class);
        for (Happening what : Happening.values()) {
            zeros.put(what, new AtomicLong());
        }
        return zeros;
    }

    /** Everything of the products of which something happened; it is forgotten here. */
    Map<String, Counts> take() {
        Map<String, Counts> taken = new HashMap<>();
        products.forEach((product, counters) -> {
            Map<Happening, Long> numbers = new EnumMap<>(Happening.class);
            counters.forEach((what, counter) -> numbers.put(what, counter.getAndSet(0)));
            Counts counts = new Counts(numbers);
            if (!counts.isNothing()) {
                taken.put(product, counts);
            }
        });
        return taken;
    }

    /** These were taken, and could not be written. */
    void putBack(String product, Counts counts) {
        counts.numbers().forEach((what, number) -> add(product, what, number));
    }
}
