package io.longline.room.transport.loop;

import io.longline.room.RoomMetrics;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkConfig;
import io.longline.room.transport.LinkListener;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * What a socket meets on its way to being a link. Thread-safe.
 *
 * @param reception gives each new link its listener; called on the link's loop
 * @param sockets how many there are
 */
public record Entrance(
        LinkConfig config, Function<Link, LinkListener> reception, RoomMetrics metrics, AtomicInteger sockets) {

    public Entrance(LinkConfig config, Function<Link, LinkListener> reception, RoomMetrics metrics) {
        this(config, reception, metrics, new AtomicInteger());
    }

    /** Whether there is room for one more socket; it counts until it has {@link #left}. */
    public boolean admits() {
        if (sockets.incrementAndGet() > config.maxLinks()) {
            sockets.decrementAndGet();
            metrics.refusedLink();
            return false;
        }
        return true;
    }

    public void left() {
        sockets.decrementAndGet();
    }

    public int helloTimeoutMs() {
        return (int) config.helloTimeout().toMillis();
    }

    public int lingerMs() {
        return (int) config.linger().toMillis();
    }
}
