package io.longline.saver.endpoint;

import io.longline.keeper.shard.Shards;

/** The names of what the saver keeps in Redis for a user. All of a user's are in one slot. */
public final class InboxKeys {

    private InboxKeys() {}

    /** Holds the run_id of the Redis that has this shard as the journal knows it. */
    public static String mark(int shard) {
        return Shards.tag(shard) + ":mark:inbox";
    }

    /** When the shard was last known to be whole, in ms by the clock of the Redis that had it then. */
    public static String whole(int shard) {
        return Shards.tag(shard) + ":mark:whole";
    }

    /** Endpoints with an unsettled hint, by their newest seq. */
    public static String unsent(int shard) {
        return Shards.tag(shard) + ":unsent";
    }

    /** What the saver keeps in a shard, by kind. */
    public static String used(int shard) {
        return Shards.tag(shard) + ":used";
    }

    /** Endpoints with messages in Redis, by when their client last showed up. */
    public static String inboxes(int shard) {
        return Shards.tag(shard) + ":inboxes";
    }

    /** Endpoints of products that are told of the ends of messages, by when one expires next. */
    public static String expiring(int shard) {
        return Shards.tag(shard) + ":expiring";
    }

    /** Endpoints that acknowledged something in the last half minute, by when. */
    public static String acked(int shard) {
        return Shards.tag(shard) + ":acked";
    }

    /** The user's counter, and the heir of {@code default}. */
    public static String user(Endpoint endpoint) {
        return Shards.tag(endpoint.shard()) + ":user:" + endpoint.owner();
    }

    /** Seqs of {@code default} that a take-over ended, and the new ones, until the journal has them. */
    public static String moved(Endpoint endpoint) {
        return Shards.tag(endpoint.shard()) + ":moved:" + endpoint.owner();
    }

    /** The last seq and the watermark of an endpoint. */
    public static String box(Endpoint endpoint) {
        return Shards.tag(endpoint.shard()) + ":box:" + endpoint.text();
    }

    /** The stream of what waits. */
    public static String inbox(Endpoint endpoint) {
        return Shards.tag(endpoint.shard()) + ":inbox:" + endpoint.text();
    }

    /** The newest seq with each collapse key. */
    public static String collapse(Endpoint endpoint) {
        return Shards.tag(endpoint.shard()) + ":collapse:" + endpoint.text();
    }

    /** Where messages that come back from MySQL are gathered, under a name nobody else has. */
    public static String coming(Endpoint endpoint, String name) {
        return Shards.tag(endpoint.shard()) + ":coming:" + endpoint.text() + "/" + name;
    }

    /** What the keys of an endpoint's copies begin with; the message id follows. */
    public static String copies(Endpoint endpoint) {
        return Shards.tag(endpoint.shard()) + ":copy:" + endpoint.text() + "/";
    }
}
