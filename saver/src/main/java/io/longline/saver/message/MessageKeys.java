package io.longline.saver.message;

import io.longline.keeper.shard.Shards;

/** The names of what the saver keeps in Redis for a message id. All of an id's are in one slot. */
public final class MessageKeys {

    private MessageKeys() {}

    /** The claim, and to whom it went. */
    public static String record(MessageId id) {
        return records(id.shard()) + id.text();
    }

    /** What the names of records begin with; product and id follow. */
    public static String records(int shard) {
        return Shards.tag(shard) + ":msg:";
    }

    /** Messages that are to be sent later, by when they are due. */
    public static String schedule(int shard) {
        return Shards.tag(shard) + ":schedule";
    }

    /** What is to be sent then. */
    public static String kept(MessageId id) {
        return kept(id.shard()) + id.text();
    }

    /** What the names of {@link #kept} begin with; product and id follow. */
    public static String kept(int shard) {
        return Shards.tag(shard) + ":scheduled:";
    }
}
