package io.longline.room.refill;

import io.longline.room.delivery.RoomLoop;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Place;
import io.longline.room.session.Refills;
import io.longline.room.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Tells a register that lost some shards which sessions of them are here. */
public final class Refill {
    /** How many slots of a table are looked at in one go, so that a loop's links keep their turn. */
    private static final int CHUNK = 512;

    private static final Duration BETWEEN_CHUNKS = Duration.ofMillis(10);

    private final Incarnation incarnation;
    private final List<RoomLoop> loops;
    private final Refills refills;

    public Refill(Incarnation incarnation, List<RoomLoop> loops, Refills refills) {
        this.incarnation = incarnation;
        this.loops = loops;
        this.refills = refills;
    }

    /** One session, as a register keeps it. */
    public record Route(Endpoint endpoint, Place place, long generation, long sinceMs, String network) {}

    /**
     * Hands on every session of these shards that is bound, then has each of them load once: while its route was lost, hints for
     * it were too. Blocks as long as {@code each} does.
     */
    public void tell(Set<Integer> shards, Consumer<Route> each) {
        refills.begin(shards);
        for (RoomLoop roomLoop : loops) {
            for (int from = 0; from < slots(roomLoop); from += CHUNK) {
                int first = from;
                roomLoop.loop().call(() -> routes(roomLoop, first, shards)).forEach(each);
            }
        }
        for (RoomLoop roomLoop : loops) {
            for (int from = 0; from < slots(roomLoop); from += CHUNK) {
                int first = from;
                roomLoop.loop()
                        .execute(() -> forEach(roomLoop, first, shards, session -> {
                            session.lastHop().reload();
                            roomLoop.reader().level(session);
                        }));
                LockSupport.parkNanos(BETWEEN_CHUNKS.toNanos());
            }
        }
    }

    private static int slots(RoomLoop roomLoop) {
        return roomLoop.loop().call(roomLoop.sessions()::slots);
    }

    private List<Route> routes(RoomLoop roomLoop, int first, Set<Integer> shards) {
        List<Route> routes = new ArrayList<>();
        forEach(
                roomLoop,
                first,
                shards,
                session -> routes.add(new Route(
                        session.endpoint(),
                        incarnation.placeOf(session),
                        session.generation(),
                        session.sinceMs(),
                        session.owner().network())));
        return routes;
    }

    /** A session whose bind is under way is bound again when that is answered: see {@link Refills}. */
    private static void forEach(RoomLoop roomLoop, int first, Set<Integer> shards, Consumer<Session> visitor) {
        roomLoop.sessions().forEach(first, first + CHUNK, session -> {
            if (!session.bindUnderWay()
                    && shards.contains((int) session.endpoint().key())) {
                visitor.accept(session);
            }
        });
    }
}
