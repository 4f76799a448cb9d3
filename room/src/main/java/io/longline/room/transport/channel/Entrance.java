package io.longline.room.transport.channel;

import io.longline.room.RoomMetrics;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkConfig;
import io.longline.room.transport.LinkListener;
import java.util.function.Function;

/**
 * What a socket meets on its way to being a link.
 *
 * @param reception gives each new link its listener; called on the link's loop
 */
record Entrance(LinkConfig config, Function<Link, LinkListener> reception, RoomMetrics metrics) {

    int helloTimeoutMs() {
        return (int) config.helloTimeout().toMillis();
    }

    int lingerMs() {
        return (int) config.linger().toMillis();
    }
}
