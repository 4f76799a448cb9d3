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

    /** What came when as much waited there as may; behind all of it. Scripts make its name, and the next two, of those that they are given. */
    public static String tail(int shard, String name) {
        return stream(shard, name) + "/tail";
    }

    /** Between the two, what is in MySQL: how much, and how far it has come back. It is there while anything is behind the stream. */
    public static String backlog(int shard, String name) {
        return stream(shard, name) + "/backlog";
    }

    /** Streams with something behind them, by {@link #name}. */
    public static String behind(int shard) {
        return streams(shard) + "/behind";
    }

    /** How much of it, by endpoint. */
    public static String waiting(int shard, String name) {
        return Shards.tag(shard) + ":outbox:waiting:" + name;
    }

    /** Which groups read it, how far they have come, and how much of it they were not given yet. */
    public static String groups(int shard, String name) {
        return Shards.tag(shard) + ":outbox:groups:" + name;
    }

    /** What of it the callback has taken, while groups want it still. */
    public static String taken(int shard, String name) {
        return Shards.tag(shard) + ":outbox:taken:" + name;
    }

    /** What of it is given to consumers, and until when; of a group with a slash and its name behind. */
    public static String leases(int shard, String name) {
        return Shards.tag(shard) + ":outbox:leases:" + name;
    }

    /** What of it is to be given once more, and when; likewise. */
    public static String later(int shard, String name) {
        return Shards.tag(shard) + ":outbox:later:" + name;
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
