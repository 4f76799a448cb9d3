package io.longline.saver.rebuild;

import io.longline.keeper.shard.Shards;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** How often each lost shard was asked for, so that those come back first that somebody waits for. Safe for any thread. */
final class ShardDemand {
    private final AtomicIntegerArray asked = new AtomicIntegerArray(Shards.COUNT);

    void askedFor(int shard) {
        asked.incrementAndGet(shard);
    }

    /** Takes the one out that was asked for most often by now, and begins to count anew for it. */
    synchronized int takeMostAskedFor(Set<Integer> left) {
        int most = left.stream().max(Comparator.comparingInt(asked::get)).orElseThrow();
        left.remove(most);
        asked.set(most, 0);
        return most;
    }
}
