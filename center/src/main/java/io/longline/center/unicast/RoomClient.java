package io.longline.center.unicast;

import io.longline.center.CenterMetrics;
import io.longline.center.endpoint.Route;
import io.longline.center.wire.Wire;
import io.longline.keeper.pool.KeyedLimit;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.DeliveryGrpc;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands messages to the room that holds the session: so many at the same moment to each room, so that one which is slow or stopped holds
 * its share of those that wait here, and no more.
 */
public final class RoomClient {
    private static final Logger log = LoggerFactory.getLogger(RoomClient.class);
    private static final BatchMethod<HandOverRequest, HandOverReply> HAND_OVER =
            BatchMethod.of(DeliveryGrpc.getHandOverMethod(), HandOverRequest.class, HandOverReply.class);

    private final Peers rooms;
    private final CenterMetrics metrics;
    /** Hints, by room. */
    private final KeyedLimit underWay;

    /** @param limit hints under way to one room */
    public RoomClient(Peers rooms, int limit, CenterMetrics metrics) {
        this.rooms = rooms;
        this.metrics = metrics;
        this.underWay = new KeyedLimit(limit);
        metrics.watchHints(underWay::most, limit);
    }

    /** Never fails: a room that is not known, is full or does not answer in time gives {@link UnicastOutcome.Unknown}. */
    public CompletableFuture<UnicastOutcome> handOver(Hint hint, Route route, Deadline deadline) {
        Optional<Peer> room = rooms.byInstance(route.place().room());
        if (room.isEmpty()) {
            return CompletableFuture.completedFuture(new UnicastOutcome.Unknown());
        }
        String name = route.place().room();
        if (!underWay.tryTake(name)) {
            metrics.roomFull();
            return CompletableFuture.completedFuture(new UnicastOutcome.Unknown());
        }
        return room.get().call(HAND_OVER, request(hint, route), deadline).handle((reply, error) -> {
            underWay.give(name);
            return error == null ? outcome(reply) : unanswered(route, error);
        });
    }

    private static HandOverRequest request(Hint hint, Route route) {
        HandOverRequest.Builder request = HandOverRequest.newBuilder()
                .setPlace(Wire.place(route.place()))
                .setGeneration(route.generation())
                .setSeq(hint.seq())
                .setBefore(hint.before());
        if (hint.message() != null) {
            request.setMessage(Wire.message(hint.message()));
        }
        return request.build();
    }

    private static UnicastOutcome outcome(HandOverReply reply) {
        return switch (reply.getResult()) {
            case HAND_OVER_WRITTEN -> new UnicastOutcome.Written();
            case HAND_OVER_QUEUED, HAND_OVER_PARKED -> new UnicastOutcome.Waiting();
            case HAND_OVER_STALE -> new UnicastOutcome.Stale();
            case HAND_OVER_REFUSED -> new UnicastOutcome.Refused(reply.getReason());
            case HAND_OVER_UNSPECIFIED, UNRECOGNIZED -> new UnicastOutcome.Unknown();
        };
    }

    private static UnicastOutcome unanswered(Route route, Throwable error) {
        log.debug("hand-over not answered room={} error={}", route.place().room(), error.getMessage());
        return new UnicastOutcome.Unknown();
    }
}
