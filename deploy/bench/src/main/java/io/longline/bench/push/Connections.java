package io.longline.bench.push;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The connections to one center, and the pushes that wait for one of them. On the loop. */
final class Connections {
    private static final int CONNECTED_WITHIN_MS = 2_000;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final String host;
    private final String authorization;
    private final int most;
    private final Set<Connection> open = new HashSet<>();
    /** The one that was used last is taken first. */
    private final Deque<Connection> free = new ArrayDeque<>();

    private final Queue<Push> waiting = new ArrayDeque<>();
    private boolean isClosed;

    /** Made by any thread. */
    Connections(EventLoop loop, URI center, String authorization, int most) {
        this.loop = loop;
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECTED_WITHIN_MS)
                .remoteAddress(new InetSocketAddress(center.getHost(), center.getPort()));
        this.host = center.getAuthority();
        this.authorization = authorization;
        this.most = most;
    }

    /** Value of {@code Host}. */
    String host() {
        return host;
    }

    /** Value of {@code Authorization}. */
    String authorization() {
        return authorization;
    }

    /** On a free connection, or a new one, or the next that is free. */
    void send(Push push, Duration answerWithin) {
        if (isClosed) {
            push.endsUnanswered();
            return;
        }
        push.endsBy(loop.schedule(() -> overdue(push), answerWithin.toNanos(), TimeUnit.NANOSECONDS));
        Connection next = free.poll();
        if (next != null) {
            next.send(push);
        } else if (open.size() < most) {
            connect(push);
        } else {
            waiting.add(push);
        }
    }

    private void connect(Push first) {
        Connection connection = new Connection(this);
        open.add(connection);
        connection.open(bootstrap, first);
    }

    private void overdue(Push push) {
        Connection connection = push.connection();
        if (connection == null) {
            waiting.remove(push);
            push.endsUnanswered();
        } else {
            connection.close(); // its answer might still come, and is not the next one's
        }
    }

    /** A connection was answered, and is kept. */
    void freed(Connection connection) {
        Push next = waiting.poll();
        if (next != null) {
            connection.send(next);
        } else {
            free.push(connection);
        }
    }

    /** A connection is no more. */
    void lost(Connection connection) {
        open.remove(connection);
        free.remove(connection);
        if (!isClosed && !waiting.isEmpty()) {
            connect(waiting.remove());
        }
    }

    /** All that is under way ends. */
    void close() {
        isClosed = true;
        waiting.forEach(Push::endsUnanswered);
        waiting.clear();
        List.copyOf(open).forEach(Connection::close);
    }
}
