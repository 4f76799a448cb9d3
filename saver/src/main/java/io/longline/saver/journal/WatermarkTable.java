package io.longline.saver.journal;

import io.longline.saver.endpoint.Endpoint;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The newest watermark of each endpoint that is not written yet. Bounded by the number of endpoints, within as many as there
 * are threads that add at the same moment.
 */
final class WatermarkTable {
    private final int limit;
    private final Map<Endpoint, Long> watermarks = new ConcurrentHashMap<>();

    WatermarkTable(int limit) {
        this.limit = limit;
    }

    boolean hasRoomFor(Endpoint endpoint) {
        return watermarks.size() < limit || watermarks.containsKey(endpoint);
    }

    /** False if there is no room. */
    boolean raise(Endpoint endpoint, long seq) {
        if (!hasRoomFor(endpoint)) {
            return false;
        }
        watermarks.merge(endpoint, seq, Math::max);
        return true;
    }

    /** Some of them, in the order of the table they go to, so that two writers never wait for each other. */
    List<Map.Entry<Endpoint, Long>> some(int most) {
        return watermarks.entrySet().stream()
                .limit(most)
                .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(entry -> entry.getKey().text()))
                .toList();
    }

    /** Removes what was written, but for an endpoint that has moved on since. */
    void written(List<Map.Entry<Endpoint, Long>> some) {
        some.forEach(entry -> watermarks.remove(entry.getKey(), entry.getValue()));
    }

    int depth() {
        return watermarks.size();
    }

    int limit() {
        return limit;
    }
}
