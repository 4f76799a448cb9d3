package io.longline.room.refill;

import io.longline.room.delivery.RoomLoop;
import io.longline.room.handshake.RegisterClient;
import io.longline.room.session.Departures;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Place;
import io.longline.room.session.Refills;
import io.longline.room.session.Session;
import io.longline.room.topic.TopicLoop;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Tells a register that lost some shards which sessions of them are here, and which were a moment ago. */
public final class Refill {
    private final Incarnation incarnation;
    private final List<RoomLoop> loops;
    private final Refills refills;
    private final Departures departures;
    private final Reload reload;

    public Refill(
            Incarnation incarnation,
            List<RoomLoop> loops,
            List<TopicLoop> topics,
            Refills refills,
            Departures departures,
            RegisterClient register,
            Rebinding rebinding) {
        this.incarnation = incarnation;
        this.loops = loops;
        this.refills = refills;
        this.departures = departures;
        this.reload = new Reload(incarnation, loops, topics, register, rebinding);
    }

    /** One session, as a register keeps it. */
    public record Route(Endpoint endpoint, Place place, long generation, long sinceMs, String network) {}

    /**
     * Hands on every session of these shards that is bound, then those that have ended, then has the bound ones {@link Reload}, in the background.
     * Blocks as long as the consumers do.
     */
    public void tell(Set<Integer> shards, Consumer<Route> each, Consumer<Departures.Departure> eachEnded) {
        refills.begin(shards);
        SessionWalk.overBound(loops, shards, this::route, each);
        departures.of(shards).forEach(eachEnded);
        reload.begin(shards);
    }

    private Route route(Session session) {
        return new Route(
                session.endpoint(),
                incarnation.placeOf(session),
                session.generation(),
                session.sinceMs(),
                session.owner().network());
    }
}
