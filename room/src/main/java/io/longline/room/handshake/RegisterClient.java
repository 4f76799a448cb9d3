package io.longline.room.handshake;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.room.delivery.Messages;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Place;
import io.longline.room.session.Session;
import io.longline.rpc.v1.BindReply;
import io.longline.rpc.v1.BindRequest;
import io.longline.rpc.v1.LocateReply;
import io.longline.rpc.v1.LocateRequest;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.UnbindReply;
import io.longline.rpc.v1.UnbindRequest;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** What a room asks of the register. Errors are {@link io.longline.keeper.error.LonglineException}. */
public final class RegisterClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    /** So much later than its deadline a bind may still happen: clocks differ. */
    static final Duration CLOCK_SLACK = Duration.ofSeconds(1);

    private static final BatchMethod<BindRequest, BindReply> BIND =
            BatchMethod.of(RoutesGrpc.getBindMethod(), BindRequest.class, BindReply.class);
    private static final BatchMethod<UnbindRequest, UnbindReply> UNBIND =
            BatchMethod.of(RoutesGrpc.getUnbindMethod(), UnbindRequest.class, UnbindReply.class);
    private static final BatchMethod<LocateRequest, LocateReply> LOCATE =
            BatchMethod.of(RoutesGrpc.getLocateMethod(), LocateRequest.class, LocateReply.class);

    private final Peers registers;
    private final LongSupplier nowMs;

    public RegisterClient(Peers registers, LongSupplier nowMs) {
        this.registers = registers;
        this.nowMs = nowMs;
    }

    /** Takes the endpoint for this place; answers the new generation. */
    CompletableFuture<Long> bind(Endpoint endpoint, Place place, String network, Deadline deadline) {
        return registers
                .call(
                        endpoint.key(),
                        BIND,
                        request(endpoint, place, network, deadline).build(),
                        deadline)
                .thenApply(BindReply::getGeneration);
    }

    /**
     * Takes the endpoint of a session for its place under a new incarnation; answers the new generation. Empty: somebody newer
     * than the session has the endpoint, and keeps it.
     */
    public CompletableFuture<OptionalLong> rebind(Session session, Place place, Deadline deadline) {
        Endpoint endpoint = session.endpoint();
        BindRequest request = request(endpoint, place, session.owner().network(), deadline)
                .setPreviousGeneration(session.generation())
                .build();
        return registers
                .call(endpoint.key(), BIND, request, deadline)
                .thenApply(reply ->
                        reply.getOvertakenBy() == 0 ? OptionalLong.of(reply.getGeneration()) : OptionalLong.empty());
    }

    private BindRequest.Builder request(Endpoint endpoint, Place place, String network, Deadline deadline) {
        return BindRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .setPlace(Messages.toRpc(place))
                .setNetwork(network)
                .setNotAfterMs(nowMs.getAsLong() + Math.max(0, deadline.remainingMillis()) + CLOCK_SLACK.toMillis());
    }

    /** Gives the endpoint back if this generation still has it; answers whether it had. Blocks. */
    boolean unbind(Endpoint endpoint, long generation, boolean forget) {
        UnbindRequest request = UnbindRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .setGeneration(generation)
                .setForget(forget)
                .build();
        return registers
                .await(endpoint.key(), UNBIND, request, Deadline.after(TIMEOUT))
                .getWasOwner();
    }

    /** The generation of the endpoint's route, if that leads to exactly this place. Blocks; fails while nobody can tell. */
    OptionalLong generationAt(Endpoint endpoint, Place place) {
        LocateRequest request =
                LocateRequest.newBuilder().setEndpoint(Messages.toRpc(endpoint)).build();
        LocateReply reply = registers.await(endpoint.key(), LOCATE, request, Deadline.after(TIMEOUT));
        if (reply.hasUnknown()) {
            throw LonglineException.dependencyDown("redis", "routes are being rebuilt", null);
        }
        boolean here = reply.hasOnline()
                && Messages.fromRpc(reply.getOnline().getPlace()).equals(place);
        return here ? OptionalLong.of(reply.getOnline().getGeneration()) : OptionalLong.empty();
    }
}
