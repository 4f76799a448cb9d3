package io.longline.register.audit;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.RpcService;
import io.longline.register.endpoint.Wire;
import io.longline.rpc.v1.RouteAuditGrpc;
import io.longline.rpc.v1.RouteRow;
import io.longline.rpc.v1.RouteWalkRequest;
import java.util.function.Consumer;

/** What the auditor asks. */
public final class RouteAuditGrpcService implements AutoCloseable {
    private static final int MOST_PER_S = 1_000_000;

    private final RedisRouteWalk routes;

    public RouteAuditGrpcService(RedisStore redis) {
        this.routes = new RedisRouteWalk(redis);
    }

    public RpcService service() {
        return RpcService.of(RouteAuditGrpc.getServiceDescriptor())
                .streaming(RouteAuditGrpc.getWalkMethod(), this::walk);
    }

    private void walk(RouteWalkRequest request, Consumer<RouteRow> answer) {
        int keysPerS = request.getKeysPerS();
        if (keysPerS < 1 || keysPerS > MOST_PER_S) {
            throw LonglineException.invalid(
                    "keys_per_s", "is " + Integer.toUnsignedString(keysPerS) + ", expected 1 to " + MOST_PER_S);
        }
        try {
            routes.walk(
                    keysPerS,
                    bound -> answer.accept(RouteRow.newBuilder()
                            .setEndpoint(Wire.endpoint(bound.endpoint()))
                            .setRoute(Wire.route(bound.route()))
                            .build()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LonglineException(ErrorCode.DRAINING, "register is stopping", e);
        }
    }

    /** What is under way fails with DRAINING; its caller goes to another register. */
    @Override
    public void close() {
        routes.end();
    }
}
