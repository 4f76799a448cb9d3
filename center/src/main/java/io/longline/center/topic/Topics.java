package io.longline.center.topic;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.id.Ids;
import io.longline.keeper.shard.Shards;

/** The names of topics. */
public final class Topics {
    /** Begins the name of a topic that everybody follows. */
    private static final String BROADCAST = "*";

    private Topics() {}

    /** Whom saver is asked through for its log: those of all broadcasts of a product lie together. */
    public static long key(String product, String topic) {
        return Shards.key(product, topic.startsWith(BROADCAST) ? BROADCAST : topic);
    }

    /** The topic that stands in the path of a request, be it one of broadcasts. */
    static String requireAny(HttpRequest request) {
        return Ids.require("topic", request.pathParam("topic"));
    }

    /** The same; INVALID_ARGUMENT where it is one of broadcasts. */
    public static String require(HttpRequest request) {
        String topic = requireAny(request);
        if (topic.startsWith(BROADCAST)) {
            throw LonglineException.invalid(
                    "topic",
                    "begins with " + BROADCAST
                            + ": everybody follows it, and POST /v1/broadcasts sends to it; expected another name");
        }
        return topic;
    }
}
