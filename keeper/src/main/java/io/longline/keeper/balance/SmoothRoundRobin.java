package io.longline.keeper.balance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Round robin by weight, in which a heavy one's turns are spread: weights 5, 1, 1 give a a b a c a a. With each turn everyone gains its
 * weight, the highest is first and pays the sum of all; those behind it stand in the order of what they have. Who is not there for a turn
 * begins anew.
 */
public final class SmoothRoundRobin<T> {
    private final Function<T, String> name;
    private final ToIntFunction<T> weight;
    /** Of those of the last turn. */
    private Map<String, Long> credit = new HashMap<>();

    /**
     * One that begins to count.
     *
     * @param name of each another one
     * @param weight less than 1 counts as 1
     */
    public SmoothRoundRobin(Function<T, String> name, ToIntFunction<T> weight) {
        this.name = name;
        this.weight = weight;
    }

    /** The next turn of these: all of them, the first choice first. */
    public synchronized List<T> order(List<T> present) {
        Map<String, Long> now = new HashMap<>();
        long sum = 0;
        for (T each : present) {
            int weighs = Math.max(1, weight.applyAsInt(each));
            now.put(name.apply(each), credit.getOrDefault(name.apply(each), 0L) + weighs);
            sum += weighs;
        }
        List<T> order = new ArrayList<>(present);
        order.sort(Comparator.comparingLong((T each) -> now.getOrDefault(name.apply(each), 0L))
                .reversed()
                .thenComparing(name));
        if (!order.isEmpty()) {
            now.merge(name.apply(order.getFirst()), -sum, Long::sum);
        }
        credit = now;
        return order;
    }
}
