package io.longline.saver.message;

import io.longline.keeper.id.Ids;
import io.longline.keeper.shard.Shards;

/** The id of a message within its product. */
public record MessageId(String product, String id) {

    /** Of a request; INVALID_ARGUMENT where it is none. */
    public static MessageId checked(String product, String id) {
        return new MessageId(Ids.requireProduct("product", product), Ids.require("message_id", id));
    }

    /** The reverse of {@link #text}; ids contain no slash. */
    public static MessageId parse(String text) {
        int slash = text.indexOf('/');
        return new MessageId(text.substring(0, slash), text.substring(slash + 1));
    }

    /** {@code product/id}. */
    public String text() {
        return product + "/" + id;
    }

    public int shard() {
        return Shards.of(product, id);
    }
}
