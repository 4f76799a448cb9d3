package io.longline.coordinator.events;

import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.EndReply;
import io.longline.rpc.v1.EndRequest;
import io.longline.rpc.v1.Place;
import io.longline.rpc.v1.RefollowReply;
import io.longline.rpc.v1.RefollowRequest;
import io.longline.rpc.v1.SessionsGrpc;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells rooms what happened to their sessions. */
public final class SessionClient {
    private static final Logger log = LoggerFactory.getLogger(SessionClient.class);
    private static final BatchMethod<EndRequest, EndReply> END =
            BatchMethod.of(SessionsGrpc.getEndMethod(), EndRequest.class, EndReply.class);
    private static final BatchMethod<RefollowRequest, RefollowReply> REFOLLOW =
            BatchMethod.of(SessionsGrpc.getRefollowMethod(), RefollowRequest.class, RefollowReply.class);
    private static final int REPLACED = 3501;
    private static final int KICKED = 3502;

    private final Peers rooms;
    private final Discovery discovery;

    public SessionClient(Peers rooms, Discovery discovery) {
        this.rooms = rooms;
        this.discovery = discovery;
    }

    /** What ZooKeeper has of a start of a room. */
    enum Seen {
        /** It is there, or nobody can tell. */
        THERE,
        /** It is gone, or not announced yet. */
        MISSING,
        /** A later one is there. */
        OVER
    }

    /** While ZooKeeper is away nobody is declared gone. */
    Seen look(SessionEvent.Place place) {
        if (look(discovery.nodes("room"), place) == Seen.THERE) {
            return Seen.THERE;
        }
        try {
            return look(discovery.readNow("room"), place); // what is remembered may be late
        } catch (LonglineException e) {
            log.debug("nobody knows whether the room is gone room={} error={}", place.room(), e.getMessage());
            return Seen.THERE;
        }
    }

    private static Seen look(List<Node> nodes, SessionEvent.Place place) {
        Seen seen = Seen.MISSING;
        for (Node node : nodes) {
            if (node.instance().equals(place.room()) && node.incarnation() >= place.incarnation()) {
                seen = node.incarnation() == place.incarnation() ? Seen.THERE : Seen.OVER;
            }
        }
        return seen;
    }

    /**
     * True: the room has answered, so the session has ended, by this or before, or follows what it is to. Never fails: no answer is
     * false.
     */
    CompletableFuture<Boolean> tell(SessionEvent event, Deadline deadline) {
        Optional<Peer> room = rooms.byInstance(event.place().room());
        if (room.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        return carryOut(event, room.get(), deadline)
                .handle((reply, error) -> error == null || isAnswer(event, error))
                .toCompletableFuture();
    }

    private static CompletionStage<?> carryOut(SessionEvent event, Peer room, Deadline deadline) {
        return switch (event.type()) {
            case REPLACED -> end(event, REPLACED, room, deadline);
            case FORGOTTEN -> end(event, KICKED, room, deadline);
            case FOLLOWS -> refollow(event, room, deadline);
        };
    }

    private static CompletionStage<EndReply> end(SessionEvent event, int code, Peer room, Deadline deadline) {
        EndRequest request = EndRequest.newBuilder()
                .setPlace(place(event))
                .setGeneration(event.generation())
                .setCode(code)
                .setReason(event.reason())
                .build();
        return room.call(END, request, deadline);
    }

    private static CompletionStage<RefollowReply> refollow(SessionEvent event, Peer room, Deadline deadline) {
        RefollowRequest request = RefollowRequest.newBuilder()
                .setPlace(place(event))
                .setGeneration(event.generation())
                .build();
        return room.call(REFOLLOW, request, deadline);
    }

    private static Place place(SessionEvent event) {
        SessionEvent.Place place = event.place();
        return Place.newBuilder()
                .setRoom(place.room())
                .setIncarnation(place.incarnation())
                .setLoop(place.loop())
                .setSlot(place.slot())
                .setSlotGeneration(place.slotGeneration())
                .build();
    }

    /** A room of an earlier release has no topics, and says that it does not know the call. */
    private static boolean isAnswer(SessionEvent event, Throwable error) {
        log.debug(
                "not answered type={} room={} error={}",
                event.type().word(),
                event.place().room(),
                error.getMessage());
        return event.type() == SessionEvent.Type.FOLLOWS
                && ErrorTranslator.fromAny(error).code() == ErrorCode.METHOD_NOT_ALLOWED;
    }
}
