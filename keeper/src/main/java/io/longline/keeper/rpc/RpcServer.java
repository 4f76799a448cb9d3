package io.longline.keeper.rpc;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The port on which a process answers others. So many batches are worked on at a time, each on a virtual thread of its own;
 * what comes beyond is answered OVERLOADED at once, and while it closes, DRAINING.
 */
public final class RpcServer implements AutoCloseable {
    /** A peer that says nothing for so long is asked; gRPC allows no shorter time on the side of the client. */
    static final Duration KEEPALIVE = Duration.ofSeconds(10);
    /** A peer that then says nothing for so long is gone: a stopped process is noticed within the sum. */
    static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(3);
    /** What a batch may have beyond the largest request in it. */
    static final int MESSAGE_SLACK = 1 << 10;

    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final RpcConfig config;
    private final ServerWork work;
    private final List<RpcService> services;
    private @Nullable Server server;

    public RpcServer(RpcConfig config, MeterRegistry metrics, List<RpcService> services) {
        this.config = config;
        this.work = new ServerWork(config, metrics);
        this.services = List.copyOf(services);
    }

    /** Opens the port. Fails when it is taken, or when a method of a service has no handler. */
    public void start() {
        NettyServerBuilder builder = NettyServerBuilder.forPort(config.port())
                .executor(Thread::startVirtualThread)
                .keepAliveTime(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(KEEPALIVE.toMillis() / 2, TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxInboundMessageSize(config.maxMessageBytes() + MESSAGE_SLACK);
        services.forEach(service -> builder.addService(service.define(work)));
        builder.addService(PulseService.define());
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on rpc port " + config.port(), e);
        }
    }

    /** The port it took. */
    public int port() {
        return started().getPort();
    }

    /** The port to announce: {@code rpc.advertise-port}, or else the one it took. */
    public int advertisedPort() {
        return config.advertisePort() == 0 ? port() : config.advertisePort();
    }

    /** Takes nothing new, lets what runs finish within {@code rpc.drain}, then ends all connections. */
    @Override
    public void close() {
        Server closing = server;
        if (closing == null) {
            return;
        }
        work.drain();
        closing.shutdown();
        work.awaitIdle(config.drain());
        work.endStreams();
        try {
            if (!closing.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                closing.shutdownNow();
                closing.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            closing.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private Server started() {
        Server running = server;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }
}
