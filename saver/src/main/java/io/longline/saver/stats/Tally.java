package io.longline.saver.stats;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Ends;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** What happened here since it was last written to the store, by product. Any thread. */
public final class Tally implements Ends {
    private static final int KINDS = Happening.values().length;

    private final Map<String, AtomicLongArray> products = new ConcurrentHashMap<>();

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
            products.computeIfAbsent(product, _ -> new AtomicLongArray(KINDS)).addAndGet(what.ordinal(), count);
        }
    }

    /** Everything of the products of which something happened; it is forgotten here. */
    Map<String, Counts> take() {
        Map<String, Counts> taken = new HashMap<>();
        products.forEach((product, counts) -> {
            long[] numbers = new long[KINDS];
            long sum = 0;
            for (int kind = 0; kind < KINDS; kind++) {
                numbers[kind] = counts.getAndSet(kind, 0);
                sum += numbers[kind];
            }
            if (sum > 0) {
                taken.put(product, Counts.of(numbers));
            }
        });
        return taken;
    }

    /** These were taken, and could not be written. */
    void putBack(String product, Counts counts) {
        for (Happening what : Happening.values()) {
            add(product, what, counts.of(what));
        }
    }
}
