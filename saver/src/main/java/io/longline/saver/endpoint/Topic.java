package io.longline.saver.endpoint;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.shard.Shards;

/** Product + name: a log that many endpoints follow. The names of those that every endpoint follows, for broadcasts, begin with a star. */
public record Topic(String product, String name) {
    private static final String BROADCAST = "*";

    /** Of a request; INVALID_ARGUMENT where an id is none. */
    public static Topic checked(String product, String name) {
        return new Topic(Ids.requireProduct("product", product), checkedName(name));
    }

    /** Likewise, or where it is not one for broadcasts. */
    public static Topic checkedBroadcast(String product, String name) {
        Topic topic = checked(product, name);
        if (!topic.isBroadcast()) {
            throw LonglineException.invalid("topic", "is " + name + ", expected one that begins with *");
        }
        return topic;
    }

    /** The name of one; INVALID_ARGUMENT where it is no id. */
    public static String checkedName(String name) {
        return Ids.require("topic", name);
    }

    /** The name of one that somebody follows because he wants to; INVALID_ARGUMENT where every endpoint does. */
    public static String checkedFollowedName(String name) {
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

    public boolean isBroadcast() {
        return name.startsWith(BROADCAST);
    }

    /** Those of a product that are for broadcasts are all in one. */
    public int shard() {
        return isBroadcast() ? shardOfBroadcasts(product) : Shards.of(product, name);
    }

    public static int shardOfBroadcasts(String product) {
        return Shards.of(product, BROADCAST);
    }

    /** {@code product/topic}. */
    public String text() {
        return product + "/" + name;
    }
}
