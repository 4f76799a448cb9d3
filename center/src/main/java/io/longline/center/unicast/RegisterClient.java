package io.longline.center.unicast;

import io.longline.center.endpoint.Endpoint;
import io.longline.center.endpoint.KnownDevice;
import io.longline.center.endpoint.KnownUser;
import io.longline.center.endpoint.Location;
import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.DevicesReply;
import io.longline.rpc.v1.DevicesRequest;
import io.longline.rpc.v1.LocateReply;
import io.longline.rpc.v1.LocateRequest;
import io.longline.rpc.v1.RoutesGrpc;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks register where endpoints are. */
public final class RegisterClient {
    private static final Logger log = LoggerFactory.getLogger(RegisterClient.class);
    private static final BatchMethod<LocateRequest, LocateReply> LOCATE =
            BatchMethod.of(RoutesGrpc.getLocateMethod(), LocateRequest.class, LocateReply.class);
    private static final BatchMethod<DevicesRequest, DevicesReply> DEVICES =
            BatchMethod.of(RoutesGrpc.getDevicesMethod(), DevicesRequest.class, DevicesReply.class);

    private final Peers registers;

    public RegisterClient(Peers registers) {
        this.registers = registers;
    }

    /** The known devices of a user, those online first, the one seen last first; none for a user never seen. */
    public CompletableFuture<List<KnownDevice>> askDevices(String product, String user, Deadline deadline) {
        return askUser(product, user, deadline).thenApply(KnownUser::devices);
    }

    /** The same, and the topics that the user or any of the devices follows. */
    public CompletableFuture<KnownUser> askUser(String product, String user, Deadline deadline) {
        DevicesRequest request =
                DevicesRequest.newBuilder().setProduct(product).setUser(user).build();
        return registers
                .call(Shards.key(product, user), DEVICES, request, deadline)
                .thenApply(Wire::knownUser);
    }

    /** {@link #askDevices}, and waits for the answer; DEPENDENCY_DOWN of {@code register} where none comes in time. */
    public static List<KnownDevice> devices(CompletableFuture<List<KnownDevice>> asked) {
        return Unanswered.join("register", asked);
    }

    /** In the order of the endpoints. What register does not answer is unknown: the message is stored, the sweep comes back to it. */
    public List<Location> locate(List<Endpoint> endpoints, Deadline deadline) {
        List<CompletableFuture<Location>> asked =
                endpoints.stream().map(endpoint -> locate(endpoint, deadline)).toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private CompletableFuture<Location> locate(Endpoint endpoint, Deadline deadline) {
        LocateRequest request =
                LocateRequest.newBuilder().setEndpoint(Wire.endpoint(endpoint)).build();
        return registers
                .call(Shards.key(endpoint.product(), endpoint.user()), LOCATE, request, deadline)
                .handle((reply, error) -> error == null ? Wire.location(reply) : unknown(endpoint, error));
    }

    private static Location unknown(Endpoint endpoint, Throwable error) {
        log.debug("locate failed user={} device={} error={}", endpoint.user(), endpoint.device(), error.getMessage());
        return new Location.Unknown(Unanswered.by("register", error));
    }
}
