package io.longline.room.session;

import io.longline.keeper.shard.Shards;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How often each shard's sessions were asked for by a register that had lost them. It is not told of a session whose bind is
 * under way; if the count changed since that bind went out, its answer may be worth nothing. Thread-safe.
 */
public final class Refills {
    private final AtomicIntegerArray begun = new AtomicIntegerArray(Shards.COUNT);

    /** To be called before the first session is looked at. */
    public void begin(Set<Integer> shards) {
        shards.stream().filter(shard -> shard >= 0 && shard < Shards.COUNT).forEach(begun::incrementAndGet);
    }

    /** Of the endpoint's shard. */
    public int count(Endpoint endpoint) {
        return begun.get((int) endpoint.key());
    }
}
