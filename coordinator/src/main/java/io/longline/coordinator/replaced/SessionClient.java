package io.longline.coordinator.replaced;

import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.EndReply;
import io.longline.rpc.v1.EndRequest;
import io.longline.rpc.v1.SessionsGrpc;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells rooms which of their sessions lost their endpoint. */
public final class SessionClient {
    private static final Logger log = LoggerFactory.getLogger(SessionClient.class);
    private static final BatchMethod<EndRequest, EndReply> END =
            BatchMethod.of(SessionsGrpc.getEndMethod(), EndRequest.class, EndReply.class);

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
    Seen look(Replaced.Place place) {
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

    private static Seen look(List<Node> nodes, Replaced.Place place) {
        Seen seen = Seen.MISSING;
        for (Node node : nodes) {
            if (node.instance().equals(place.room()) && node.incarnation() >= place.incarnation()) {
                seen = node.incarnation() == place.incarnation() ? Seen.THERE : Seen.OVER;
            }
        }
        return seen;
    }

    /** True: the room has answered, so the session has ended, by this or before. Never fails: no answer is false. */
    CompletableFuture<Boolean> end(Replaced replaced, Deadline deadline) {
        Optional<Peer> room = rooms.byInstance(replaced.place().room());
        if (room.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        return room.get()
                .call(END, request(replaced), deadline)
                .handle((reply, error) -> error == null || unanswered(replaced, error));
    }

    private static EndRequest request(Replaced replaced) {
        Replaced.Place place = replaced.place();
        return EndRequest.newBuilder()
                .setPlace(io.longline.rpc.v1.Place.newBuilder()
                        .setRoom(place.room())
                        .setIncarnation(place.incarnation())
                        .setLoop(place.loop())
                        .setSlot(place.slot())
                        .setSlotGeneration(place.slotGeneration()))
                .setGeneration(replaced.generation())
                .setCode(replaced.cause().code())
                .setReason(replaced.cause().reason())
                .build();
    }

    private static boolean unanswered(Replaced replaced, Throwable error) {
        log.debug("end not answered room={} error={}", replaced.place().room(), error.getMessage());
        return false;
    }
}
