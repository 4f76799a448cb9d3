package io.longline.room.transport.channel;

import io.longline.room.RoomMetrics;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkConfig;
import io.longline.room.transport.LinkListener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the room's ports and makes links of what connects. */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails ends the channel, and that is heard of
public final class LinkServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LinkServer.class);

    private static final int BACKLOG = 4096;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);
    private static final Duration POLL = Duration.ofMillis(10);

    private final EventLoops loops;
    private final Entrance entrance;
    private final List<Channel> listening = new ArrayList<>();

    /**
     * Listens from {@link #start} on.
     *
     * @param reception gives each new link its listener; called on the link's loop
     */
    public LinkServer(
            LinkConfig config, EventLoops loops, Function<Link, LinkListener> reception, RoomMetrics metrics) {
        this.loops = loops;
        this.entrance = new Entrance(config, reception, metrics);
    }

    /** Opens every port. Throws {@link UncheckedIOException} that names the one it cannot have. */
    public void start() {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(EventLoops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (!entrance.admits(channel)) {
                            channel.close();
                            return;
                        }
                        NettyLoop loop = loops.of(channel.eventLoop());
                        channel.pipeline()
                                .addLast(new FlushHandler(loop.pulse()), new FirstBytes(channel, loop, entrance));
                    }
                });
        for (int port : entrance.config().ports()) {
            ChannelFuture bound = bootstrap.bind(port).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new UncheckedIOException(new IOException("cannot listen on port " + port, bound.cause()));
            }
            listening.add(bound.channel());
        }
    }

    /** The ports it took, in the order of the configuration. */
    public List<Integer> ports() {
        return listening.stream()
                .map(channel -> ((InetSocketAddress) channel.localAddress()).getPort())
                .toList();
    }

    /** Stops listening, ends every link with 3000 and waits until the clients have read that, no longer than links linger. */
    @Override
    public void close() {
        listening.forEach(channel -> channel.close().awaitUninterruptibly());
        loops.nettyLoops().forEach(loop -> loop.execute(() -> loop.guests().forEach(Guest::leave)));
        long end = System.nanoTime() + entrance.config().linger().toNanos() + TimeUnit.SECONDS.toNanos(1);
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
