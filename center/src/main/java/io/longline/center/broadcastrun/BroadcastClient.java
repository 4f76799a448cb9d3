package io.longline.center.broadcastrun;

import io.longline.center.CenterMetrics;
import io.longline.center.job.RoomProgress;
import io.longline.center.job.TakenJob;
import io.longline.center.wire.Wire;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.BroadcastReply;
import io.longline.rpc.v1.BroadcastRequest;
import io.longline.rpc.v1.BroadcastWish;
import io.longline.rpc.v1.FanoutGrpc;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks rooms to send broadcasts. */
public final class BroadcastClient {
    private static final Logger log = LoggerFactory.getLogger(BroadcastClient.class);
    private static final BatchMethod<BroadcastRequest, BroadcastReply> BROADCAST =
            BatchMethod.of(FanoutGrpc.getBroadcastMethod(), BroadcastRequest.class, BroadcastReply.class);

    private final Peers rooms;
    private final CenterMetrics metrics;

    public BroadcastClient(Peers rooms, CenterMetrics metrics) {
        this.rooms = rooms;
        this.metrics = metrics;
    }

    /** Every start of every room that is known, in whatever state. */
    List<Peer> rooms() {
        return rooms.all();
    }

    /** Never fails: a room that does not answer in time, or has heard of a later request, is empty. */
    CompletableFuture<Optional<Counted>> ask(Peer room, TakenJob taken, LogEntry entry, Ask ask, Deadline deadline) {
        return room.call(BROADCAST, request(taken, entry, ask), deadline).handle((reply, error) -> {
            metrics.broadcastAsked(error == null);
            return error == null ? counted(reply) : unanswered(room, error);
        });
    }

    private static BroadcastRequest request(TakenJob taken, LogEntry entry, Ask ask) {
        BroadcastRequest.Builder request = BroadcastRequest.newBuilder()
                .setProduct(taken.job().product())
                .setTopic(taken.topic())
                .setJobId(taken.job().id())
                .setOffset(entry.offset())
                .setWish(wish(ask.wish()))
                .setCanaryPermille(ask.canaryPermille())
                .setPeoplePerS(ask.perS() == Shares.UNLIMITED ? 0 : ask.perS())
                .setShareMs((int) Shares.LENGTH.toMillis())
                .setRun(taken.run())
                .setNumber(ask.number());
        entry.before().ifPresent(request::setBefore);
        if (ask.wish() == Wish.SEND || ask.wish() == Wish.REST) {
            request.setMessage(Wire.message(entry.message()));
        }
        return request.build();
    }

    private static BroadcastWish wish(Wish wish) {
        return switch (wish) {
            case SEND -> BroadcastWish.BROADCAST_SEND;
            case REST -> BroadcastWish.BROADCAST_REST;
            case OVER -> BroadcastWish.BROADCAST_OVER;
            case DROP -> BroadcastWish.BROADCAST_DROP;
        };
    }

    private static Optional<Counted> counted(BroadcastReply reply) {
        RoomProgress progress =
                new RoomProgress(reply.getTargeted(), reply.getSent(), reply.getAcked(), reply.getLeft());
        return reply.getStale() ? Optional.empty() : Optional.of(new Counted(reply.getIncarnation(), progress));
    }

    /** A room of an earlier release has no broadcasts, so nobody is left there. */
    private static Optional<Counted> unanswered(Peer room, Throwable error) {
        log.debug("room was not asked to broadcast room={} error={}", room, error.getMessage());
        return ErrorTranslator.fromAny(error).code() == ErrorCode.METHOD_NOT_ALLOWED
                ? Optional.of(new Counted(0, RoomProgress.NONE))
                : Optional.empty();
    }
}
