package io.longline.sdk.state;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Forgets with the process: what was handled and not yet acknowledged then comes again, and what waited to be pulled does
 * not.
 */
public final class MemoryStateStore implements StateStore {
    private final Map<String, Long> finished = new HashMap<>();
    private final Map<String, Long> handling = new HashMap<>();
    private final Map<String, SortedMap<Long, String>> pulls = new HashMap<>();

    @Override
    public synchronized long finished(String endpoint) {
        Long seq = finished.get(endpoint);
        return seq == null ? 0 : seq;
    }

    @Override
    public synchronized long handling(String endpoint) {
        Long seq = handling.get(endpoint);
        return seq == null ? 0 : seq;
    }

    @Override
    public synchronized void begin(String endpoint, long seq) {
        handling.put(endpoint, seq);
    }

    @Override
    public synchronized void finish(String endpoint, long seq) {
        finished.merge(endpoint, seq, Math::max);
        handling.computeIfPresent(endpoint, (any, begun) -> begun <= seq ? null : begun);
    }

    @Override
    public synchronized SortedMap<Long, String> pulls(String endpoint) {
        return new TreeMap<>(pulls.getOrDefault(endpoint, new TreeMap<>()));
    }

    @Override
    public synchronized void keepPull(String endpoint, long seq, String pull) {
        pulls.computeIfAbsent(endpoint, any -> new TreeMap<>()).put(seq, pull);
    }

    @Override
    public synchronized void forgetPull(String endpoint, long seq) {
        pulls.getOrDefault(endpoint, new TreeMap<>()).remove(seq);
    }
}
