package io.longline.room.end;

import io.longline.frames.CloseCode;
import io.longline.room.delivery.RoomLoop;
import io.longline.room.session.Departures;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Place;
import io.longline.room.session.Session;
import io.longline.room.transport.Ending;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ends sessions for others. The register is not told: whoever ends a session has seen to its route. */
public final class Ends {
    private final Incarnation incarnation;
    private final List<RoomLoop> loops;
    private final Departures departures;

    /**
     * Ends the sessions of these loops.
     *
     * @param loops in the order of their index
     * @param departures is told of those whose endpoint nobody has now
     */
    public Ends(Incarnation incarnation, List<RoomLoop> loops, Departures departures) {
        this.incarnation = incarnation;
        this.loops = loops;
        this.departures = departures;
    }

    /**
     * Ends the session at this place if it has this generation; answers whether there was one, on a loop. Where the bind is under
     * way its generation is not known yet, and this may be about it: then it is decided when the bind is answered.
     */
    public CompletableFuture<Boolean> end(Place place, long generation, Ending ending) {
        if (!incarnation.is(place) || place.loop() < 0 || place.loop() >= loops.size()) {
            return CompletableFuture.completedFuture(false);
        }
        RoomLoop roomLoop = loops.get(place.loop());
        return CompletableFuture.supplyAsync(() -> end(roomLoop, place, generation, ending), roomLoop.loop());
    }

    private boolean end(RoomLoop roomLoop, Place place, long generation, Ending ending) {
        Session session = roomLoop.sessions().find(place.slot(), place.slotGeneration());
        if (session == null) {
            return false;
        }
        if (session.bindUnderWay()) {
            session.endWhenBound(generation, ending);
            return true;
        }
        boolean ended = session.generation() == generation && session.owner().end(session, ending);
        if (ended && ending.code() != CloseCode.REPLACED.number()) {
            departures.note(session.endpoint(), generation);
        }
        return ended;
    }
}
