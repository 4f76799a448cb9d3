package io.longline.room.transport.port;

import io.longline.frames.CloseCode;
import io.longline.room.RoomMetrics;
import io.longline.room.transport.Ending;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkConfig;
import io.longline.room.transport.LinkListener;
import io.longline.room.transport.channel.ChannelAcceptor;
import io.longline.room.transport.door.Door;
import io.longline.room.transport.lean.LeanAcceptor;
import io.longline.room.transport.loop.Acceptor;
import io.longline.room.transport.loop.Entrance;
import io.longline.room.transport.loop.EventLoops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the room's ports and makes links of what connects. */
public final class LinkServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LinkServer.class);

    private static final Duration POLL = Duration.ofMillis(10);

    private final LinkConfig config;
    private final EventLoops loops;
    private final Door door;
    private final Acceptor acceptor;
    private final List<Integer> ports = new ArrayList<>();

    /**
     * Listens from {@link #start} on.
     *
     * @param reception gives each new link its listener; called on the link's loop
     */
    public LinkServer(
            LinkConfig config,
            EventLoops loops,
            Function<Link, LinkListener> reception,
            Door door,
            RoomMetrics metrics) {
        Entrance entrance = new Entrance(config, reception, door, metrics);
        this.config = config;
        this.loops = loops;
        this.door = door;
        this.acceptor = switch (config.kind()) {
            case CHANNEL -> new ChannelAcceptor(loops, entrance);
            case LEAN -> new LeanAcceptor(loops, entrance);
        };
    }

    /** Opens every port. Throws {@link UncheckedIOException} that names the one it cannot have. */
    public void start() {
        for (int port : config.ports()) {
            try {
                ports.add(acceptor.listen(port));
            } catch (IOException e) {
                throw new UncheckedIOException(new IOException("cannot listen on port " + port, e));
            }
        }
    }

    /** The ports it took, in the order of the configuration. */
    public List<Integer> ports() {
        return List.copyOf(ports);
    }

    /** Ends every link with this, and tells the same to whoever comes, until {@link #reopen}. Does not wait. */
    public void shut(Ending why) {
        door.shut(why);
        leave(why);
    }

    /** Takes in again whoever comes. */
    public void reopen() {
        door.shut(null);
    }

    private void leave(Ending why) {
        loops.nettyLoops().forEach(loop -> loop.execute(() -> loop.guests().forEach(guest -> guest.leave(why))));
    }

    /** Stops listening, ends every link with 3000 and waits until the clients have read that, no longer than links linger. */
    @Override
    public void close() {
        acceptor.close();
        leave(Ending.of(CloseCode.GOING_AWAY));
        long end = System.nanoTime() + config.linger().toNanos() + TimeUnit.SECONDS.toNanos(1);
        while (guests() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(POLL.toNanos());
        }
        int left = guests();
        if (left > 0) {
            log.info("closed with links that did not end in time left={}", left);
        }
    }

    private int guests() {
        return loops.nettyLoops().stream()
                .mapToInt(loop -> loop.call(() -> loop.guests().size()))
                .sum();
    }
}
