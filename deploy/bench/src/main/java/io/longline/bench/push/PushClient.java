package io.longline.bench.push;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A back end's pushes over HTTP. Connections are kept, with one push under way on each, and pushes do not wait for each other's answers: a
 * push finds a free connection or gets a new one. Only beyond 2,000 to one center does a push wait for a connection, and its time
 * runs meanwhile. Any thread.
 */
public final class PushClient implements AutoCloseable {
    private static final String TO_ONE = "/v1/messages:send";
    private static final int MOST_CONNECTIONS = 2_000;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final Map<URI, Connections> centers = new ConcurrentHashMap<>();
    private final String authorization;
    private final Duration answerWithin;
    private final int mostConnections;

    /** For the product of this header; an answer that takes longer is none. */
    public PushClient(String authorization, Duration answerWithin) {
        this(authorization, answerWithin, MOST_CONNECTIONS);
    }

    /** @param mostConnections to each center */
    PushClient(String authorization, Duration answerWithin, int mostConnections) {
        this.authorization = authorization;
        this.answerWithin = answerWithin;
        this.mostConnections = mostConnections;
    }

    /**
     * Sends at once, and does not wait.
     *
     * @return the status of the answer; empty where there was none in time. It ends on the event loop, which must not be held up
     */
    public CompletableFuture<OptionalInt> push(URI center, byte[] body) {
        return post(center, TO_ONE, body);
    }

    /** Likewise, something else than a message to one user. */
    public CompletableFuture<OptionalInt> post(URI center, String path, byte[] body) {
        Push push = new Push(path, body);
        Connections connections =
                centers.computeIfAbsent(center, to -> new Connections(loop, to, authorization, mostConnections));
        try {
            loop.execute(() -> connections.send(push, answerWithin));
        } catch (RejectedExecutionException e) {
            push.endsUnanswered(); // this is closed
        }
        return push.status();
    }

    /** What is under way ends without an answer. */
    @Override
    public void close() {
        loop.execute(() -> centers.values().forEach(Connections::close));
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
