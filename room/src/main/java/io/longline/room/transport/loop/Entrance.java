package io.longline.room.transport.loop;

import io.longline.frames.CloseCode;
import io.longline.room.RoomMetrics;
import io.longline.room.transport.Ending;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkConfig;
import io.longline.room.transport.LinkListener;
import io.longline.room.transport.door.Door;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a socket meets on its way to being a link. Thread-safe.
 *
 * @param reception gives each new link its listener; called on the link's loop
 */
public record Entrance(LinkConfig config, Function<Link, LinkListener> reception, Door door, RoomMetrics metrics) {
    private static final long FULL_RETRY_MS = 1_000;

    /** What a link is told that has just begun to speak; null: it is welcome. */
    public @Nullable Ending refusal() {
        return door.isFull()
                ? Ending.of(CloseCode.OVERLOADED, "the room is full").retryAfter(FULL_RETRY_MS)
                : door.shut();
    }

    public int helloTimeoutMs() {
        return (int) config.helloTimeout().toMillis();
    }

    public int lingerMs() {
        return (int) config.linger().toMillis();
    }
}
