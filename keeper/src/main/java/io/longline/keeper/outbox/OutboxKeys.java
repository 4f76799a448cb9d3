package io.longline.keeper.outbox;

import io.longline.keeper.shard.Shards;

/** The keys of what waits for back ends; all of a shard in one slot. */
public final class OutboxKeys {
    private OutboxKeys() {}

    /** Who carries the shard's events on. */
    public static String lease(int shard) {
        return Shards.tag(shard) + ":outbox:lease";
    }

    /** In which streams something waits, by {@link #name}. */
    public static String streams(int shard) {
        return Shards.tag(shard) + ":outbox:streams";
    }

    /** What waits. */
    public static String stream(int shard, String name) {
        return Shards.tag(shard) + ":outbox:stream:" + name;
    }

    /** How much of it, by endpoint. */
    public static String waiting(int shard, String name) {
        return Shards.tag(shard) + ":outbox:waiting:" + name;
    }

    /**
     * Of a stream among those of its shard.
     *
     * @param kind of callback, such as {@code uplink.order}; ids have no slash
     */
    public static String name(String product, String kind) {
        return product + "/" + kind;
    }
}
