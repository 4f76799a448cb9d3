package io.longline.keeper.presence;

import io.longline.keeper.shard.Shards;

/**
 * The keys of what is told of who comes and goes: of a shard, all in its slot, and of a product. Scripts are given what the first begin with,
 * and join {@code due:}, {@code changed:}, {@code told:} or {@code log:} and the product.
 */
public final class PresenceKeys {
    private PresenceKeys() {}

    /** What all of a shard begin with. */
    public static String of(int shard) {
        return of(Shards.tag(shard));
    }

    /** Likewise, of the shard with this tag. */
    public static String of(String tag) {
        return tag + ":presence:";
    }

    /** Set: products of which something is to be told, or is on its way to the product's log. */
    public static String products(int shard) {
        return of(shard) + "products";
    }

    /** Set: products of which somebody was told to be online. */
    public static String tellers(int shard) {
        return of(shard) + "tellers";
    }

    /** String: under which fencing number what was told is being compared with what is so, or was; not there: it is to be. */
    public static String compared(String tag) {
        return of(tag) + "compared";
    }

    /** Hash for a product: "user/device", or "user/", to "generation since_ms" of who is online by what was told last. */
    public static String told(int shard, String product) {
        return of(shard) + "told:" + product;
    }

    /** String, register's: the run_id of the Redis that holds who is online in this shard. */
    public static String mark(int shard) {
        return Shards.tag(shard) + ":mark:route";
    }

    /** What the keys of the routes of a product's users begin with, register's: hashes of device to route. */
    public static String routes(int shard, String product) {
        return Shards.tag(shard) + ":route:" + product + "/";
    }

    /** Sorted set, register's: the users of a product that have a route. */
    public static String online(int shard, String product) {
        return Shards.tag(shard) + ":online:" + product;
    }

    /** Stream: the events of a product that were told, their ids being the public ones. */
    public static String events(String product) {
        return "{p:" + product + "}:presence";
    }

    /** Hash: of each shard the last of its events that the stream has; the last id given, and the last one of which nothing is kept. */
    public static String eventsState(String product) {
        return events(product) + ":state";
    }
}
