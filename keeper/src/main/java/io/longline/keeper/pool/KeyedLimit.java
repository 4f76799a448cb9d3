package io.longline.keeper.pool;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** So much of one kind at the same moment for each key, so that one leaves the others their share. From any thread. */
public final class KeyedLimit {
    private final int limit;
    /** Keys of which nothing is under way are not in it. */
    private final ConcurrentMap<String, Integer> taken = new ConcurrentHashMap<>();

    public KeyedLimit(int limit) {
        this.limit = limit;
    }

    /** False where the key has its limit; else {@link #give} is called when it is over. */
    public boolean tryTake(String key) {
        if (taken.merge(key, 1, Integer::sum) <= limit) {
            return true;
        }
        give(key);
        return false;
    }

    public void give(String key) {
        taken.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    }

    /** How much the key has that has most. */
    public int most() {
        return taken.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    public int limit() {
        return limit;
    }
}
