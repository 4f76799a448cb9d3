package io.longline.saver.journal;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
        watermarks.merge(owner, seq, Math::max);
        return true;
    }

    /** Some of them, in the order of the table they go to, so that two writers never wait for each other. */
    List<Map.Entry<K, Long>> some(int most) {
        return watermarks.entrySet().stream()
                .limit(most)
                .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(entry -> text.apply(entry.getKey())))
                .toList();
    }

    /** Removes what was written, but for those that have moved on since. */
    void written(List<Map.Entry<K, Long>> some) {
        some.forEach(entry -> watermarks.remove(entry.getKey(), entry.getValue()));
    }

    int depth() {
        return watermarks.size();
    }

    int limit() {
        return limit;
    }
}
