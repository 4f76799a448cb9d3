package io.longline.register.route;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.product.SecondDevice;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Wire;
import io.longline.rpc.v1.BindReply;
import io.longline.rpc.v1.BindRequest;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.UnbindReply;
import io.longline.rpc.v1.UnbindRequest;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The half of {@code Routes} that changes something: bind and unbind, asked by rooms. */
public final class BindGrpcService {
    private static final Logger log = LoggerFactory.getLogger(BindGrpcService.class);

    private static final BatchMethod<BindRequest, BindReply> BIND =
            BatchMethod.of(RoutesGrpc.getBindMethod(), BindRequest.class, BindReply.class);
    private static final BatchMethod<UnbindRequest, UnbindReply> UNBIND =
            BatchMethod.of(RoutesGrpc.getUnbindMethod(), UnbindRequest.class, UnbindReply.class);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    /** Longer than the routes of a room that was killed stay, so that who has to wait for these waits once. */
    private static final Duration REFUSED_RETRY_AFTER = Duration.ofSeconds(10);

    private final BindFlow flow;
    private final Products products;

    public BindGrpcService(BindFlow flow, Products products) {
        this.flow = flow;
        this.products = products;
    }

    public RpcService addTo(RpcService routes) {
        return routes.sideBySide(BIND, this::bind).sideBySide(UNBIND, this::unbind);
    }

    private BindReply bind(BindRequest request, Deadline deadline) {
        Endpoint endpoint = Wire.endpoint(request.getEndpoint());
        Optional<Product> product = products.find(endpoint.product());
        Binding binding = new Binding(
                endpoint,
                Wire.place(request.getPlace()),
                Wire.network(request.getNetwork()),
                request.getPreviousGeneration(),
                request.getNotAfterMs(),
                product.map(Product::secondDevice).orElse(SecondDevice.DEFAULT),
                product.filter(Product::tellsPresence).map(Product::presencePer));
        BindReply.Builder reply = BindReply.newBuilder();
        return switch (flow.bind(binding, deadline)) {
            case BindOutcome.Bound bound ->
                reply.setGeneration(bound.generation())
                        .setTimeMs(bound.atMs())
                        .setBorn(bound.born())
                        .addAllTopics(
                                bound.topics().stream().map(Wire::followed).toList())
                        .build();
            case BindOutcome.Overtaken overtaken ->
                reply.setOvertakenBy(overtaken.generation())
                        .setTimeMs(overtaken.atMs())
                        .build();
            case BindOutcome.Forgotten forgotten ->
                reply.setOvertakenBy(forgotten.generation())
                        .setForgotten(true)
                        .setTimeMs(forgotten.atMs())
                        .build();
            case BindOutcome.Kicked kicked ->
                reply.setOvertakenBy(kicked.generation())
                        .setKicked(true)
                        .setReason(kicked.reason())
                        .setTimeMs(kicked.atMs())
                        .build();
            case BindOutcome.Late late -> {
                log.debug("a bind came too late endpoint={} by_ms={}", binding.endpoint(), late.byMs());
                yield reply.setLate(true).setTimeMs(late.atMs()).build();
            }
            // An error, so that a room of an earlier release does not take it for a bind.
            case BindOutcome.Refused refused ->
                throw new LonglineException(
                                ErrorCode.PERMISSION_DENIED,
                                "as many other devices of the user are connected as the product allows: "
                                        + refused.connected())
                        .retryAfter(REFUSED_RETRY_AFTER);
            case BindOutcome.Blocked blocked -> throw blocked(blocked);
            // The room must take a new incarnation, and its clients come back to it or to another.
            case BindOutcome.IncarnationGone() ->
                throw new LonglineException(
                                ErrorCode.OVERLOADED,
                                "incarnation is gone: " + binding.place().incarnation())
                        .retryAfter(RETRY_AFTER);
        };
    }

    /** Its reason is that of a back end, in a detail, so that a room tells it from what the product does not allow. */
    private static LonglineException blocked(BindOutcome.Blocked blocked) {
        return new LonglineException(ErrorCode.PERMISSION_DENIED, "the user or the device is blocked")
                .retryAfter(Duration.ofMillis(blocked.leftMs()))
                .detail("blocked", blocked.reason());
    }

    private UnbindReply unbind(UnbindRequest request, Deadline deadline) {
        Endpoint endpoint = Wire.endpoint(request.getEndpoint());
        long generation = Wire.positive("generation", request.getGeneration());
        if (request.hasPlace() && request.getForget()) {
            throw LonglineException.invalid("forget", "is true, expected false where place is set");
        }
        UnbindOutcome outcome = request.hasPlace()
                ? flow.unbindAt(endpoint, Wire.place(request.getPlace()), generation, deadline)
                : flow.unbind(
                        endpoint, generation, request.getForget(), UnbindReason.of(request.getReason()), deadline);
        UnbindReply.Builder reply = UnbindReply.newBuilder().setTimeMs(outcome.atMs());
        return outcome instanceof UnbindOutcome.NotOwner notOwner
                ? reply.setNewerGeneration(notOwner.newer()).build()
                : reply.setWasOwner(true).build();
    }
}
