package io.longline.room.session;

import io.longline.keeper.shard.Shards;

/** Product + user + device: the unit of storing, ordering and acknowledging. */
public record Endpoint(String product, String user, String device) {

    /** What its register and saver are chosen by: the shard, so that one peer sees the whole shard. */
    public long key() {
        return Shards.key(product, user);
    }

    @Override
    public String toString() {
        return product + "/" + user + "/" + device;
    }
}
