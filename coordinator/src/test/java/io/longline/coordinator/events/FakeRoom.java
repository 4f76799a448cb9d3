package io.longline.coordinator.events;

import io.longline.keeper.discovery.Announcement;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.keeper.rpc.RpcServer;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.EndReply;
import io.longline.rpc.v1.EndRequest;
import io.longline.rpc.v1.RefollowReply;
import io.longline.rpc.v1.RefollowRequest;
import io.longline.rpc.v1.SessionsGrpc;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A room of which only what a coordinator tells is there, on a real RPC server, announced in ZooKeeper. */
final class FakeRoom implements AutoCloseable {
    static final long INCARNATION = 7;

    private final String instance;
    private final List<EndRequest> ended = new CopyOnWriteArrayList<>();
    private final List<RefollowRequest> refollowed = new CopyOnWriteArrayList<>();
    private final RpcServer server;
    private final Announcement node;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile Optional<ErrorCode> refuses = Optional.empty();

    FakeRoom(String instance, ZkDiscovery discovery) {
        this.instance = instance;
        RpcService sessions = RpcService.of(SessionsGrpc.getServiceDescriptor())
                .batched(BatchMethod.of(SessionsGrpc.getEndMethod(), EndRequest.class, EndReply.class), this::end)
                .batched(
                        BatchMethod.of(SessionsGrpc.getRefollowMethod(), RefollowRequest.class, RefollowReply.class),
                        this::refollow)
                .streaming(SessionsGrpc.getRefillMethod(), (request, each) -> {
                    throw new UnsupportedOperationException("coordinator refills nothing");
                });
        server = new RpcServer(RpcConfig.defaults(), new SimpleMeterRegistry(), List.of(sessions));
        server.start();
        node = discovery.announce(new Node(
                "room",
                instance,
                INCARNATION,
                "127.0.0.1:" + server.port(),
                "",
                "",
                List.of(),
                NodeState.READY,
                "",
                100,
                0,
                System.currentTimeMillis()));
    }

    private List<EndReply> end(List<EndRequest> requests, Deadline deadline) {
        ended.addAll(requests);
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return requests.stream()
                .map(request -> EndReply.newBuilder().setEnded(true).build())
                .toList();
    }

    private List<RefollowReply> refollow(List<RefollowRequest> requests, Deadline deadline) {
        refollowed.addAll(requests);
        return requests.stream().map(request -> refollowed()).toList();
    }

    private RefollowReply refollowed() {
        RefollowReply.Builder reply = RefollowReply.newBuilder();
        refuses.ifPresentOrElse(
                code -> reply.setError(ErrorTranslator.toStatus(new LonglineException(code, "the test has it so"))),
                () -> reply.setFound(true));
        return reply.build();
    }

    /** The sessions that it was asked to look at, what these follow; answered or not. */
    List<RefollowRequest> askedToRefollow() {
        return refollowed;
    }

    /** From now on it does not look at what sessions follow; empty: it does. */
    void refuseToRefollow(Optional<ErrorCode> with) {
        refuses = with;
    }

    /** What it was asked to end, answered or not. */
    List<EndRequest> asked() {
        return ended;
    }

    String instance() {
        return instance;
    }

    /** From now on it takes requests and answers none, until {@link #goOn}. */
    void stop() {
        gate = new CountDownLatch(1);
    }

    void goOn() {
        gate.countDown();
    }

    /** Its ZooKeeper node is gone. */
    void withdraw() {
        node.close();
    }

    @Override
    public void close() {
        goOn();
        node.close();
        server.close();
    }
}
