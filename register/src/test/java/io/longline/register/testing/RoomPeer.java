package io.longline.register.testing;

import io.longline.keeper.discovery.Announcement;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.keeper.rpc.RpcServer;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.Place;
import io.longline.register.endpoint.Route;
import io.longline.register.endpoint.Wire;
import io.longline.rpc.v1.EndReply;
import io.longline.rpc.v1.EndRequest;
import io.longline.rpc.v1.RefillRequest;
import io.longline.rpc.v1.RefillRow;
import io.longline.rpc.v1.RefollowReply;
import io.longline.rpc.v1.RefollowRequest;
import io.longline.rpc.v1.SessionsGrpc;
import io.longline.stores.Ports;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A room over real gRPC that knows its sessions and tells them when a register asks. */
public final class RoomPeer implements AutoCloseable {
    private static final BatchMethod<EndRequest, EndReply> END =
            BatchMethod.of(SessionsGrpc.getEndMethod(), EndRequest.class, EndReply.class);

    private static final BatchMethod<RefollowRequest, RefollowReply> REFOLLOW =
            BatchMethod.of(SessionsGrpc.getRefollowMethod(), RefollowRequest.class, RefollowReply.class);

    private final Incarnation incarnation;
    private final Map<Endpoint, RefillRow> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger refills = new AtomicInteger();
    private final AtomicInteger slots = new AtomicInteger();
    private final Announcement announcement;
    private final int port;
    private @Nullable RpcServer server;

    /** Announced, but nobody listens before {@link #listen}. */
    RoomPeer(ZkDiscovery discovery, Incarnation incarnation) {
        this.incarnation = incarnation;
        this.port = Ports.free(); // given to nobody until it listens
        announcement = discovery.announce(Nodes.node("room", incarnation.room(), incarnation.number(), port));
    }

    public RoomPeer listen() {
        RpcConfig defaults = RpcConfig.defaults();
        RpcConfig config = new RpcConfig(
                port, defaults.maxMessageBytes(), defaults.drain(), defaults.outgoing(), defaults.incoming());
        RpcService service = RpcService.of(SessionsGrpc.getServiceDescriptor())
                .batched(
                        END,
                        (requests, deadline) -> requests.stream()
                                .map(request -> EndReply.getDefaultInstance())
                                .toList())
                .batched(
                        REFOLLOW,
                        (requests, deadline) -> requests.stream()
                                .map(request -> RefollowReply.getDefaultInstance())
                                .toList())
                .streaming(SessionsGrpc.getRefillMethod(), this::refill);
        server = new RpcServer(config, new SimpleMeterRegistry(), List.of(service));
        server.start();
        return this;
    }

    /** A slot that no session had before. */
    public Place freshPlace() {
        return new Place(incarnation, 0, slots.incrementAndGet(), 1);
    }

    /** Has this session from now on. */
    public void add(Endpoint endpoint, Place place, long generation) {
        io.longline.rpc.v1.Route route = Wire.route(new Route(place, generation, generation / 1024));
        sessions.put(
                endpoint,
                RefillRow.newBuilder()
                        .setEndpoint(Wire.endpoint(endpoint))
                        .setPlace(route.getPlace())
                        .setGeneration(generation)
                        .setSinceMs(route.getSinceMs())
                        .setNetwork("wifi")
                        .build());
    }

    /** How often it was asked for its sessions. */
    public int refills() {
        return refills.get();
    }

    public Incarnation incarnation() {
        return incarnation;
    }

    /** Gone from ZooKeeper; the process may still be there. */
    public void withdraw() {
        announcement.close();
    }

    @Override
    public void close() {
        withdraw();
        if (server != null) {
            server.close();
        }
    }

    private void refill(RefillRequest request, Consumer<RefillRow> each) {
        refills.incrementAndGet();
        sessions.forEach((endpoint, row) -> {
            if (request.getShardsList().contains(Shards.of(endpoint.product(), endpoint.user()))) {
                each.accept(row);
            }
        });
    }
}
