package io.longline.coordinator.audit;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.LocateReply;
import io.longline.rpc.v1.LocateRequest;
import io.longline.rpc.v1.RouteAuditGrpc;
import io.longline.rpc.v1.RouteWalkRequest;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.UnbindReply;
import io.longline.rpc.v1.UnbindRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Register, as the auditor needs it. */
final class RegisterClient implements Routes {
    private static final Logger log = LoggerFactory.getLogger(RegisterClient.class);
    private static final BatchMethod<LocateRequest, LocateReply> LOCATE =
            BatchMethod.of(RoutesGrpc.getLocateMethod(), LocateRequest.class, LocateReply.class);
    private static final BatchMethod<UnbindRequest, UnbindReply> UNBIND =
            BatchMethod.of(RoutesGrpc.getUnbindMethod(), UnbindRequest.class, UnbindReply.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Ten million keys at a thousand a second take three hours. */
    private static final Duration LONGEST_WALK = Duration.ofDays(2);

    private final Peers registers;

    RegisterClient(Peers registers) {
        this.registers = registers;
    }

    @Override
    public void walk(int keysPerS, Consumer<BoundRoute> each) {
        RouteWalkRequest request =
                RouteWalkRequest.newBuilder().setKeysPerS(keysPerS).build();
        registers.stream(
                0,
                RouteAuditGrpc.getWalkMethod(),
                request,
                Deadline.after(LONGEST_WALK),
                row -> each.accept(new BoundRoute(
                        AuditWire.endpoint(row.getEndpoint()),
                        AuditWire.place(row.getRoute().getPlace()),
                        row.getRoute().getGeneration())));
    }

    @Override
    public List<Whereabouts> locate(List<Endpoint> endpoints) {
        Deadline deadline = Deadline.after(PATIENCE);
        List<CompletableFuture<Whereabouts>> asked = endpoints.stream()
                .map(endpoint -> registers
                        .call(
                                shard(endpoint),
                                LOCATE,
                                LocateRequest.newBuilder()
                                        .setEndpoint(AuditWire.endpoint(endpoint))
                                        .build(),
                                deadline)
                        .handle((reply, error) -> whereabouts(endpoint, reply, error)))
                .toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private static Whereabouts whereabouts(Endpoint endpoint, LocateReply reply, Throwable error) {
        if (error != null) {
            log.debug("nobody tells where it is endpoint={} error={}", endpoint, error.getMessage());
            return new Whereabouts.Unknown();
        }
        return switch (reply.getWhereCase()) {
            case ONLINE ->
                new Whereabouts.Online(
                        AuditWire.place(reply.getOnline().getPlace()),
                        reply.getOnline().getGeneration());
            case OFFLINE -> new Whereabouts.Offline();
            case UNKNOWN, WHERE_NOT_SET -> new Whereabouts.Unknown();
        };
    }

    @Override
    public void takeAway(List<BoundRoute> routes) {
        Deadline deadline = Deadline.after(PATIENCE);
        List<CompletableFuture<Boolean>> asked = routes.stream()
                .map(route -> registers
                        .call(shard(route.endpoint()), UNBIND, unbind(route), deadline)
                        .handle((reply, error) -> {
                            if (error != null) {
                                log.debug("not taken away endpoint={} error={}", route.endpoint(), error.getMessage());
                            }
                            return error == null;
                        }))
                .toList();
        asked.forEach(CompletableFuture::join);
    }

    private static UnbindRequest unbind(BoundRoute route) {
        return UnbindRequest.newBuilder()
                .setEndpoint(AuditWire.endpoint(route.endpoint()))
                .setPlace(AuditWire.place(route.place()))
                .setGeneration(route.generation())
                .build();
    }

    private static long shard(Endpoint endpoint) {
        return Shards.key(endpoint.product(), endpoint.user());
    }
}
