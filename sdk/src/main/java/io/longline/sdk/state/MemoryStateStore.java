package io.longline.sdk.state;

import java.util.HashMap;
import java.util.Map;

/** Forgets with the process: what was handled and not yet acknowledged then comes again. */
public final class MemoryStateStore implements StateStore {
    private final Map<String, Long> finished = new HashMap<>();
    private final Map<String, Long> handling = new HashMap<>();

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
        finished.put(endpoint, seq);
        handling.remove(endpoint);
    }
}
