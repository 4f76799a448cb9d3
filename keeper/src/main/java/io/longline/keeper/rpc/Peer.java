package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.stub.ClientCalls;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One start of one member of a service, and the connection to it: one TCP connection, and on it one stream a method. From any
 * thread; {@link #call} never blocks.
 */
public final class Peer {
    private static final int CONNECT_MILLIS = 2_000;

    private final RpcConfig config;
    private final RpcMetrics metrics;
    private final ManagedChannel channel;
    private final Allowance inFlight;
    private final Predicate<Peer> others;
    private final Pulse pulse;
    private final Map<BatchMethod<?, ?>, Lane<?, ?>> lanes = new ConcurrentHashMap<>();
    private final Set<Lane<?, ?>> heldBack = ConcurrentHashMap.newKeySet();
    private final Set<Context.CancellableContext> streams = ConcurrentHashMap.newKeySet();
    private volatile Node node;
    private volatile boolean retired;

    /**
     * A connection to that member.
     *
     * @param others whether another member than this one could be called
     */
    Peer(Node node, RpcConfig config, RpcMetrics metrics, Predicate<Peer> others) {
        this.node = node;
        this.others = others;
        this.config = config;
        this.metrics = metrics;
        this.inFlight = new Allowance(config.outgoing().inFlight());
        int colon = node.rpc().lastIndexOf(':');
        this.channel = NettyChannelBuilder.forAddress(
                        node.rpc().substring(0, colon),
                        Integer.parseInt(node.rpc().substring(colon + 1)))
                .usePlaintext()
                .executor(Thread::startVirtualThread)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .keepAliveTime(RpcServer.KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(RpcServer.KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveWithoutCalls(true)
                .maxInboundMessageSize(config.maxMessageBytes() + RpcServer.MESSAGE_SLACK)
                .disableRetry()
                .disableServiceConfigLookUp()
                .proxyDetector(address -> null)
                .build();
        this.pulse = new Pulse(this, config.outgoing().silence());
    }

    void start() {
        pulse.start();
    }

    /** Whether a member offers calls at all: {@code host:port} with a port in it. */
    static boolean reachable(Node node) {
        return node.rpc().matches(".+:\\d{1,5}");
    }

    /** As it was announced last. */
    public Node node() {
        return node;
    }

    /**
     * Sends the request with the next batch. Fails at once with OVERLOADED when the queue is full, and with DEPENDENCY_DOWN
     * while the peer cannot be reached or does not answer; later with DEADLINE_EXCEEDED, with DEPENDENCY_DOWN when the connection breaks (it may
     * have happened then), or with what the peer answered. Always a {@link LonglineException}.
     *
     * <p>The future completes on a virtual thread of this peer: what depends on it must not block there.
     */
    public <Q extends Message, A extends Message> CompletableFuture<A> call(
            BatchMethod<Q, A> method, Q request, Deadline deadline) {
        return lane(method).submit(request, deadline, false);
    }

    /** {@link #call}, which also fails where the breaker opens while it is under way: its caller goes to another member then. */
    <Q extends Message, A extends Message> CompletableFuture<A> callOrLetGo(
            BatchMethod<Q, A> method, Q request, Deadline deadline) {
        return lane(method).submit(request, deadline, true);
    }

    /** {@link #call}, and waits for the answer. Not on an event loop. */
    public <Q extends Message, A extends Message> A await(BatchMethod<Q, A> method, Q request, Deadline deadline) {
        return await(call(method, request, deadline));
    }

    /**
     * Asks for a streamed answer and hands on each part, on the caller's thread and at its pace. Fails with DEPENDENCY_DOWN where the
     * peer falls silent on the way.
     */
    public <Q, A> void stream(MethodDescriptor<Q, A> method, Q request, Deadline deadline, Consumer<A> each) {
        if (!pulse.closed()) {
            throw silent();
        }
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        Context.CancellableContext context = Context.current().withCancellation();
        streams.add(context);
        try {
            context.run(() -> {
                Iterator<A> answers = ClientCalls.blockingServerStreamingCall(channel, method, options, request);
                answers.forEachRemaining(part -> {
                    pulse.heard();
                    each.accept(part);
                });
            });
        } catch (RuntimeException e) {
            throw context.isCancelled() ? silent() : ErrorTranslator.fromGrpc(e, node.service());
        } finally {
            streams.remove(context);
            context.cancel(null); // Ends the call where "each" threw.
        }
    }

    static <A> A await(CompletableFuture<A> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw ErrorTranslator.fromAny(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while waiting for an answer", e);
        }
    }

    /** The same member, of another state or load. */
    void update(Node changed) {
        node = changed;
    }

    /** Takes no more calls; those sent may be answered for so long, then the connection is closed. Does not wait. */
    void retire(Duration grace) {
        retired = true;
        pulse.end();
        lanes.values().forEach(lane -> lane.retire(grace));
        Thread.ofVirtual().name("retiring " + this).start(() -> {
            try {
                for (Lane<?, ?> lane : lanes.values()) {
                    lane.awaitEnd();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                channel.shutdownNow();
            }
        });
    }

    void awaitClosed(Duration time) throws InterruptedException {
        channel.awaitTermination(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Room for one more request in flight. If there is none, the lane is woken when there is. */
    boolean tryTakeFlight(Lane<?, ?> lane, long bytes) {
        if (inFlight.tryTake(bytes)) {
            return true;
        }
        heldBack.add(lane);
        return inFlight.tryTake(bytes); // What was given back in between has woken nobody.
    }

    void giveFlight(int requests, long bytes) {
        inFlight.give(requests, bytes);
        if (!heldBack.isEmpty()) {
            heldBack.forEach(lane -> {
                heldBack.remove(lane);
                lane.wake();
            });
        }
    }

    LonglineException down(String what, @Nullable Throwable cause) {
        return LonglineException.dependencyDown(node.service(), this + " " + what, cause);
    }

    /** What calls fail with while the breaker is open. */
    LonglineException silent() {
        return down("does not answer", null).retryAfter(Pulse.PAUSE);
    }

    Pulse pulse() {
        return pulse;
    }

    /** Whether something is waited for. */
    boolean busy() {
        return inFlight.requests() > 0
                || !streams.isEmpty()
                || lanes.values().stream().anyMatch(Lane::waits);
    }

    /** Whether another member could be called in its place. */
    boolean othersAnswer() {
        return others.test(this);
    }

    void breakerOpened() {
        metrics.breakerOpened();
        lanes.values().forEach(Lane::letGo);
        streams.forEach(stream -> stream.cancel(null));
    }

    /** To open a stream on; gRPC's own waiting after a failed connection is ended, ours is enough. */
    ManagedChannel channel() {
        channel.resetConnectBackoff();
        return channel;
    }

    Allowance inFlight() {
        return inFlight;
    }

    RpcConfig config() {
        return config;
    }

    RpcMetrics metrics() {
        return metrics;
    }

    @Override
    public String toString() {
        return node.instance() + " (" + node.rpc() + ")";
    }

    @SuppressWarnings("unchecked") // A lane is made with the types of the method it stands under.
    private <Q extends Message, A extends Message> Lane<Q, A> lane(BatchMethod<Q, A> method) {
        Lane<Q, A> lane = (Lane<Q, A>) lanes.computeIfAbsent(method, m -> Lane.started(this, m));
        if (retired) {
            lane.retire(Duration.ZERO); // It may have been made while the others were told.
        }
        return lane;
    }
}
