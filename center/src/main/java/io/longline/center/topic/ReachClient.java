package io.longline.center.topic;

import io.longline.center.CenterMetrics;
import io.longline.center.wire.Wire;
import io.longline.keeper.pool.KeyedLimit;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.FanoutGrpc;
import io.longline.rpc.v1.ReachReply;
import io.longline.rpc.v1.ReachRequest;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells rooms how far topics reach: each of them of so many at the same moment, so that one which is slow holds its share of those that wait here,
 * and no more.
 */
public final class ReachClient {
    private static final Logger log = LoggerFactory.getLogger(ReachClient.class);
    private static final BatchMethod<ReachRequest, ReachReply> REACH =
            BatchMethod.of(FanoutGrpc.getReachMethod(), ReachRequest.class, ReachReply.class);

    private final Peers rooms;
    private final CenterMetrics metrics;
    /** Calls, by room. */
    private final KeyedLimit underWay;

    /** @param limit calls under way to one room */
    public ReachClient(Peers rooms, int limit, CenterMetrics metrics) {
        this.rooms = rooms;
        this.metrics = metrics;
        this.underWay = new KeyedLimit(limit);
    }

    /** Every start of every room that is known, in whatever state. */
    List<Peer> rooms() {
        return rooms.all();
    }

    /** Never fails: a room that is full or does not answer in time is empty. */
    Map<Peer, CompletableFuture<Optional<Reach>>> tell(Collection<Peer> some, TopicHint hint, Deadline deadline) {
        ReachRequest request = request(hint);
        Map<Peer, CompletableFuture<Optional<Reach>>> asked = new HashMap<>();
        some.forEach(room -> asked.put(room, tell(room, request, deadline)));
        return asked;
    }

    private CompletableFuture<Optional<Reach>> tell(Peer room, ReachRequest request, Deadline deadline) {
        String name = room.node().instance();
        if (!underWay.tryTake(name)) {
            metrics.roomFull();
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return room.call(REACH, request, deadline).handle((reply, error) -> {
            underWay.give(name);
            metrics.reached(error == null);
            return error == null ? Optional.of(reach(reply)) : unanswered(name, error);
        });
    }

    private static ReachRequest request(TopicHint hint) {
        ReachRequest.Builder request = ReachRequest.newBuilder()
                .setProduct(hint.product())
                .setTopic(hint.topic())
                .setOffset(hint.offset())
                .setBefore(hint.before());
        if (hint.message() != null) {
            request.setMessage(Wire.message(hint.message()));
        }
        return request.build();
    }

    private static Reach reach(ReachReply reply) {
        return new Reach(reply.getFollowers(), reply.getWritten());
    }

    private static Optional<Reach> unanswered(String room, Throwable error) {
        log.debug("room was not told of a topic room={} error={}", room, error.getMessage());
        return Optional.empty();
    }
}
