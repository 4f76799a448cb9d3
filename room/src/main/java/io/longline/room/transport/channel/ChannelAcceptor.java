package io.longline.room.transport.channel;

import io.longline.room.transport.door.Pass;
import io.longline.room.transport.loop.Acceptor;
import io.longline.room.transport.loop.Backlog;
import io.longline.room.transport.loop.Entrance;
import io.longline.room.transport.loop.EventLoops;
import io.longline.room.transport.loop.NettyLoop;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes channels of what connects. */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails ends the channel, and that is heard of
public final class ChannelAcceptor implements Acceptor {
    private static final int BACKLOG = 4096;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final EventLoops loops;
    private final Entrance entrance;
    private final ServerBootstrap bootstrap;
    private final List<Channel> listening = new ArrayList<>();

    /** Spreads what it takes in over the loops. */
    public ChannelAcceptor(EventLoops loops, Entrance entrance) {
        this.loops = loops;
        this.entrance = entrance;
        this.bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        admit(channel);
                    }
                });
    }

    private static Class<? extends ServerChannel> serverChannel() {
        return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    private void admit(Channel channel) {
        Pass pass = pass(channel);
        if (pass == null) {
            channel.close();
            return;
        }
        channel.closeFuture().addListener(_ -> entrance.door().left(pass));
        NettyLoop loop = loops.of(channel.eventLoop());
        channel.pipeline().addLast(new FlushHandler(loop.pulse()), new FirstBytes(channel, loop, entrance));
    }

    private @Nullable Pass pass(Channel channel) {
        if (!entrance.door().asksForAddress()) {
            return entrance.door().admit(null);
        }
        return channel.remoteAddress() instanceof InetSocketAddress from
                ? entrance.door().admit(from.getAddress())
                : null; // it is gone already
    }

    @Override
    public int listen(int port) throws IOException {
        ChannelFuture bound = bootstrap.bind(port).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause());
        }
        listening.add(bound.channel());
        if (bound.channel() instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
            NettyLoop loop = loops.of(bound.channel().eventLoop());
            loop.execute(() -> loop.afterStop(() -> Backlog.turnAway(socket, entrance.door())));
        }
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    @Override
    public void close() {
        listening.forEach(channel -> channel.close().awaitUninterruptibly());
    }
}
