package io.longline.keeper.rpc;

import io.longline.keeper.life.LifeCycle;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;

/** A server and one who calls it, over real gRPC. */
final class RpcPair implements AutoCloseable {
    /** Limits of a stream that no test comes near. */
    static final RpcConfig.Limit WIDE = new RpcConfig.Limit(10_000, 16 << 20);

    /** No breaker opens meanwhile: tests of those have their own. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    final Members members = new Members();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final RpcServer server;
    final Peers peers;
    private final LifeCycle life = new LifeCycle();

    RpcPair(RpcConfig config, BatchHandler<HandOverRequest, HandOverReply> handler) {
        this(config, Calls.service(handler));
    }

    RpcPair(RpcConfig config, RpcService service) {
        server = life.add(new RpcServer(config, metrics, List.of(service)));
        server.start();
        members.are(Members.node("room-1", server.port()));
        peers = life.add(new Peers("room", members, config, metrics));
        peers.start();
    }

    Peer peer() {
        return peers.byInstance("room-1").orElseThrow();
    }

    double metric(String name, String... tags) {
        return metrics.get(name).tags(tags).meter().measure().iterator().next().getValue();
    }

    @Override
    public void close() {
        life.close();
    }

    /** The defaults but for these limits. */
    static RpcConfig limits(int batchRequests, int queue, int inFlight, RpcConfig.Incoming incoming) {
        return limits(
                batchRequests, queue, inFlight, RpcConfig.defaults().outgoing().linger(), incoming);
    }

    static RpcConfig limits(int batchRequests, int queue, int inFlight) {
        return limits(batchRequests, queue, inFlight, RpcConfig.defaults().incoming());
    }

    static RpcConfig limits(int batchRequests, int queue, int inFlight, Duration linger) {
        return limits(
                batchRequests, queue, inFlight, linger, RpcConfig.defaults().incoming());
    }

    private static RpcConfig limits(
            int batchRequests, int queue, int inFlight, Duration linger, RpcConfig.Incoming incoming) {
        return new RpcConfig(
                0,
                8 << 20,
                Duration.ofMillis(300),
                new RpcConfig.Outgoing(
                        batchRequests,
                        256 << 10,
                        new RpcConfig.Limit(queue, 32 << 20),
                        new RpcConfig.Limit(inFlight, 32 << 20),
                        linger,
                        SILENCE),
                incoming);
    }
}
