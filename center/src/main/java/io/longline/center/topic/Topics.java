package io.longline.center.topic;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.id.Ids;

/** The names of topics. */
public final class Topics {
    /** Begins the name of a topic that everybody follows. */
    private static final String BROADCAST = "*";

    private Topics() {}

    /** The topic that stands in the path of a request; INVALID_ARGUMENT where it is none. */
    public static String require(HttpRequest request) {
        String topic = Ids.require("topic", request.pathParam("topic"));
        if (topic.startsWith(BROADCAST)) {
            throw LonglineException.invalid(
                    "topic", "begins with " + BROADCAST + ": broadcasts are not offered yet, expected another name");
        }
        return topic;
    }
}
