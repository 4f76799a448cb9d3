package io.longline.room.transport.lean;

import io.longline.room.transport.door.Pass;
import io.longline.room.transport.loop.Entrance;
import io.longline.room.transport.loop.NettyLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the lean links of one event loop share: the buffer that they read into, and the list of those that have something to send. */
final class LeanLoop {
    private static final Logger log = LoggerFactory.getLogger(LeanLoop.class);

    private static final int READ_BYTES = 16 * 1024; // so that all have their turn
    private static final int TCP = 6; // IPPROTO_TCP
    private static final int TCP_NOTSENT_LOWAT = 25;
    private static final int UNSENT_BYTES = 64 * 1024;

    private final NettyLoop loop;
    private final Entrance entrance;
    private final Speeches speeches;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private List<LeanSocket> due = new ArrayList<>();
    private List<LeanSocket> flushed = new ArrayList<>();

    LeanLoop(NettyLoop loop, Entrance entrance, Speeches speeches) {
        this.loop = loop;
        this.entrance = entrance;
        this.speeches = speeches;
    }

    NettyLoop loop() {
        return loop;
    }

    Entrance entrance() {
        return entrance;
    }

    /** Where to read; what is in it is gone with the next read of whatever link. */
    ByteBuffer in() {
        return in.clear();
    }

    /** A socket was accepted and admitted; on this loop. */
    void arrived(Socket socket, Pass pass) {
        LeanLink link = new LeanLink(this, socket, pass, speeches.first());
        try {
            socket.setTcpNoDelay(true);
            socket.setIntOpt(TCP, TCP_NOTSENT_LOWAT, UNSENT_BYTES);
            link.register();
        } catch (IOException | RuntimeException e) {
            log.debug("a socket was gone at once: {}", e.toString());
            link.close();
        }
    }

    /** Puts a descriptor on this loop, on which this is called; nothing is asked of it yet. */
    IoRegistration register(EpollIoHandle handle) {
        var registered = ((IoEventLoop) loop.eventLoop()).register(handle);
        if (!registered.isSuccess()) {
            throw new IllegalStateException("not registered with its loop", registered.cause());
        }
        return registered.getNow();
    }

    /** At the end of the loop's present work, all that is due is sent, a link at a time. */
    void flushLater(LeanSocket link) {
        due.add(link);
        if (due.size() == 1) {
            loop.execute(this::flush);
        }
    }

    private void flush() {
        List<LeanSocket> now = due;
        due = flushed;
        flushed = now;
        now.forEach(LeanSocket::flushNow);
        now.clear();
    }
}
