package io.longline.register.rebuild;

import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.rpc.Peers;
import io.longline.register.endpoint.EndedSession;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.LiveSession;
import io.longline.register.endpoint.Place;
import io.longline.register.endpoint.Route;
import io.longline.register.endpoint.ToldSession;
import io.longline.register.endpoint.Wire;
import io.longline.rpc.v1.RefillRequest;
import io.longline.rpc.v1.RefillRow;
import io.longline.rpc.v1.SessionsGrpc;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks rooms which sessions they have. */
public final class RoomClient {
    private static final Logger log = LoggerFactory.getLogger(RoomClient.class);

    private final Discovery discovery;
    private final Peers rooms;

    public RoomClient(Discovery discovery, Peers rooms) {
        this.discovery = discovery;
        this.rooms = rooms;
    }

    /** The rooms that ZooKeeper names now, in whatever state. Throws where ZooKeeper is away. */
    Set<Incarnation> living() {
        return discovery.readNow("room").stream()
                .map(node -> new Incarnation(node.instance(), node.incarnation()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * All sessions of these shards in one room, and those that ended a moment ago, one after the other, on the caller's thread. A
     * row that is no session is left out: it must not keep the others from being found.
     */
    void sessions(Incarnation incarnation, Set<Integer> shards, Deadline deadline, Consumer<ToldSession> each) {
        Peer room = rooms.byInstance(incarnation.room())
                .orElseThrow(() -> LonglineException.dependencyDown(
                        "room", "room " + incarnation.room() + " is not known yet", null));
        RefillRequest request = RefillRequest.newBuilder().addAllShards(shards).build();
        AtomicInteger wrong = new AtomicInteger();
        room.stream(
                SessionsGrpc.getRefillMethod(),
                request,
                deadline,
                row -> session(row).ifPresentOrElse(each, wrong::incrementAndGet));
        if (wrong.get() > 0) {
            log.warn("a room told rows that are no sessions room={} rows={}", incarnation, wrong);
        }
    }

    private static Optional<ToldSession> session(RefillRow row) {
        try {
            if (row.getEndedGeneration() != 0) {
                long ended = Wire.positive("ended_generation", row.getEndedGeneration());
                return Optional.of(new EndedSession(Wire.endpoint(row.getEndpoint()), ended));
            }
            Place place = Wire.place(row.getPlace());
            long generation = Wire.positive("generation", row.getGeneration());
            Route route = new Route(place, generation, Math.max(0, row.getSinceMs()));
            return Optional.of(
                    new LiveSession(Wire.endpoint(row.getEndpoint()), route, Wire.network(row.getNetwork())));
        } catch (LonglineException e) {
            log.debug("not a session", e);
            return Optional.empty();
        }
    }
}
