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
import io.longline.rpc.v1.BroadcastBehind;
import io.longline.rpc.v1.BroadcastReply;
import io.longline.rpc.v1.BroadcastRequest;
import io.longline.rpc.v1.BroadcastWish;
import io.longline.rpc.v1.FanoutGrpc;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks rooms to send broadcasts. */
public final class BroadcastClient {
    private static final Logger log = LoggerFactory.getLogger(BroadcastClient.class);
    private static final BatchMethod<BroadcastRequest, BroadcastReply> BROADCAST =
            BatchMethod.of(FanoutGrpc.getBroadcastMethod(), BroadcastRequest.class, BroadcastReply.class);

    private final Peers rooms;
    private final CenterMetrics metrics;
    private final Set<Peer> merging = ConcurrentHashMap.newKeySet();

    public BroadcastClient(Peers rooms, CenterMetrics metrics) {
        this.rooms = rooms;
        this.metrics = metrics;
    }

    /** Every start of every room that is known, in whatever state. */
    List<Peer> rooms() {
        return rooms.all();
    }

    /** Whether all of them have said that they send several together. Who has just come is asked for one first. */
    boolean allMerge() {
        List<Peer> members = rooms();
        merging.retainAll(members);
        return merging.containsAll(members);
    }

    /** Whether it has said that it sends several together. */
    boolean merges(Peer room) {
        return merging.contains(room);
    }

    /**
     * Never fails: a room that does not answer in time, or has heard of a later request, is empty.
     *
     * @param behind sent with it
     */
    CompletableFuture<Optional<Counted>> ask(
            Peer room, TakenJob taken, LogEntry entry, List<Behind.One> behind, Ask ask, Deadline deadline) {
        BroadcastRequest request = request(taken, entry, behind, ask);
        return room.call(BROADCAST, request, deadline).handle((reply, error) -> {
            metrics.broadcastAsked(error == null);
            if (error == null && reply.getMerges()) {
                merging.add(room);
            }
            return error == null ? counted(reply) : unanswered(room, error);
        });
    }

    private static BroadcastRequest request(TakenJob taken, LogEntry entry, List<Behind.One> behind, Ask ask) {
        boolean isToBeSent = ask.wish() == Wish.SEND || ask.wish() == Wish.REST;
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
        if (isToBeSent) {
            request.setMessage(Wire.message(entry.message()));
        }
        behind.forEach(one -> request.addBehind(behind(one, isToBeSent)));
        return request.build();
    }

    private static BroadcastBehind behind(Behind.One one, boolean isToBeSent) {
        BroadcastBehind.Builder behind = BroadcastBehind.newBuilder()
                .setJobId(one.taken().job().id())
                .setOffset(one.entry().offset())
                .setRun(one.taken().run());
        one.entry().before().ifPresent(behind::setBefore);
        if (isToBeSent) {
            behind.setMessage(Wire.message(one.entry().message()));
        }
        return behind.build();
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
        List<RoomProgress> behind = reply.getBehindList().stream()
                .map(one -> new RoomProgress(one.getTargeted(), one.getSent(), one.getAcked(), one.getLeft()))
                .toList();
        return reply.getStale() ? Optional.empty() : Optional.of(new Counted(reply.getIncarnation(), progress, behind));
    }

    /** A room of an earlier release has no broadcasts, so nobody is left there. */
    private static Optional<Counted> unanswered(Peer room, Throwable error) {
        log.debug("room was not asked to broadcast room={} error={}", room, error.getMessage());
        return ErrorTranslator.fromAny(error).code() == ErrorCode.METHOD_NOT_ALLOWED
                ? Optional.of(new Counted(0, RoomProgress.NONE, List.of()))
                : Optional.empty();
    }
}
