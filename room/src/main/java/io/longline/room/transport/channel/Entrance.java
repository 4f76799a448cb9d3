package io.longline.room.transport.channel;

import io.longline.room.RoomMetrics;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkConfig;
import io.longline.room.transport.LinkListener;
import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * What a socket meets on its way to being a link.
 *
 * @param reception gives each new link its listener; called on the link's loop
 * @param sockets how many there are
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails ends the channel, and that is heard of
record Entrance(LinkConfig config, Function<Link, LinkListener> reception, RoomMetrics metrics, AtomicInteger sockets) {

    Entrance(LinkConfig config, Function<Link, LinkListener> reception, RoomMetrics metrics) {
        this(config, reception, metrics, new AtomicInteger());
    }

    /** Whether there is room for this socket; it counts until it is closed. */
    boolean admits(Channel channel) {
        if (sockets.incrementAndGet() > config.maxLinks()) {
            sockets.decrementAndGet();
            metrics.refusedLink();
            return false;
        }
        channel.closeFuture().addListener(_ -> sockets.decrementAndGet());
        return true;
    }

    int helloTimeoutMs() {
        return (int) config.helloTimeout().toMillis();
    }

    int lingerMs() {
        return (int) config.linger().toMillis();
    }
}
