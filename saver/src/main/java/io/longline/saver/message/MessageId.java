package io.longline.saver.message;

import io.longline.keeper.id.Ids;
import io.longline.keeper.shard.Shards;

/** The id of a message within its product. */
record MessageId(String product, String id) {

    /** Of a request; INVALID_ARGUMENT where it is none. */
    static MessageId checked(String product, String id) {
        return new MessageId(Ids.requireProduct("product", product), Ids.require("message_id", id));
    }

    int shard() {
        return Shards.of(product, id);
    }
}
