package io.longline.saver.endpoint;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.shard.Shards;

/** Product + name: a log that many endpoints follow. */
public record Topic(String product, String name) {
    private static final String BROADCAST = "*";

    /** Of a request; INVALID_ARGUMENT where an id is none, or it is a topic that every endpoint follows. */
    public static Topic checked(String product, String name) {
        return new Topic(Ids.requireProduct("product", product), checkedName(name));
    }

    /** The name of one, likewise. */
    public static String checkedName(String name) {
        Ids.require("topic", name);
        if (name.startsWith(BROADCAST)) {
            throw LonglineException.invalid(
                    "topic", "is " + name + ", expected one that does not begin with *: those are for broadcasts");
        }
        return name;
    }

    /** The reverse of {@link #text}; ids contain no slash. */
    public static Topic parse(String text) {
        int slash = text.indexOf('/');
        return new Topic(text.substring(0, slash), text.substring(slash + 1));
    }

    public int shard() {
        return Shards.of(product, name);
    }

    /** {@code product/topic}. */
    public String text() {
        return product + "/" + name;
    }
}
