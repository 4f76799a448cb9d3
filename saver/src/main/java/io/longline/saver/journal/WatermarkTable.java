package io.longline.saver.journal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * The newest watermark of each of those who have one that is not written yet. Bounded by their number, within as many as there are threads
 * that add at the same moment.
 *
 * @param <K> whose it is: an endpoint's, or an endpoint's in a topic
 */
final class WatermarkTable<K> {
    private final int limit;
    private final Function<K, String> text;
    private final Map<K, Long> watermarks = new ConcurrentHashMap<>();
    /** Each of them once, but for those that are being written; who has waited longest is first. */
    private final Queue<K> turns = new ConcurrentLinkedQueue<>();

    /** @param text in the order of which they lie in their table */
    WatermarkTable(int limit, Function<K, String> text) {
        this.limit = limit;
        this.text = text;
    }

    boolean hasRoomFor(K owner) {
        return watermarks.size() < limit || watermarks.containsKey(owner);
    }

    /** False if there is no room. */
    boolean raise(K owner, long seq) {
        if (!hasRoomFor(owner)) {
            return false;
        }
        while (watermarks.computeIfPresent(owner, (_, before) -> Math.max(before, seq)) == null) {
            if (watermarks.putIfAbsent(owner, seq) == null) {
                turns.add(owner);
                break;
            }
        }
        return true;
    }

    /**
     * Those that have waited longest, in the order of the table they go to, so that two writers never wait for each other. Nobody else is given
     * them until they are {@link #written} or {@link #left}.
     */
    List<Map.Entry<K, Long>> some(int most) {
        List<Map.Entry<K, Long>> some = new ArrayList<>();
        while (some.size() < most) {
            K owner = turns.poll();
            if (owner == null) {
                break;
            }
            some.add(Map.entry(owner, Objects.requireNonNull(watermarks.get(owner))));
        }
        some.sort(Comparator.comparing(entry -> text.apply(entry.getKey())));
        return some;
    }

    /** Removes what was written; who has moved on since waits again, behind the others. */
    void written(List<Map.Entry<K, Long>> some) {
        for (Map.Entry<K, Long> each : some) {
            if (!watermarks.remove(each.getKey(), each.getValue())) {
                turns.add(each.getKey());
            }
        }
    }

    /** They were not written, and wait again. */
    void left(List<Map.Entry<K, Long>> some) {
        some.forEach(each -> turns.add(each.getKey()));
    }

    int depth() {
        return watermarks.size();
    }

    int limit() {
        return limit;
    }
}
