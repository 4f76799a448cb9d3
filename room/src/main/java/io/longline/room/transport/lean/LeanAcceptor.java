package io.longline.room.transport.lean;

import io.longline.frames.FrameLimits;
import io.longline.room.transport.loop.Acceptor;
import io.longline.room.transport.loop.Entrance;
import io.longline.room.transport.loop.EventLoops;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Makes lean links of what connects. One listening socket a port, which spreads what it takes in over the loops in turn. */
public final class LeanAcceptor implements Acceptor {
    private static final int BACKLOG = 4096;

    private final List<LeanLoop> homes;
    private final List<ListeningSocket> listening = new ArrayList<>();

    /** The loops must be those of epoll. */
    public LeanAcceptor(EventLoops loops, Entrance entrance) {
        Speeches speeches = new Speeches(FrameLimits.of(entrance.config().maxFrameBytes()));
        homes = loops.nettyLoops().stream()
                .map(loop -> new LeanLoop(loop, entrance, speeches))
                .toList();
    }

    @Override
    public int listen(int port) throws IOException {
        Socket socket = Socket.newSocketStream();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            socket.listen(BACKLOG);
            int taken = socket.localAddress().getPort();
            ListeningSocket listener = new ListeningSocket(socket, homes, listening.size() % homes.size());
            listener.open();
            listening.add(listener);
            return taken;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void close() {
        listening.forEach(ListeningSocket::shut);
    }
}
