package io.longline.room.topic;

import io.longline.room.delivery.RoomLoop;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Place;
import io.longline.room.session.Session;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Takes the word that what an endpoint follows has changed to its session, which asks the register what that is now. */
public final class Refollow {
    private final Incarnation incarnation;
    private final List<RoomLoop> loops;
    private final List<TopicLoop> topics;

    /**
     * For the sessions of these loops.
     *
     * @param loops in the order of their index
     * @param topics likewise
     */
    public Refollow(Incarnation incarnation, List<RoomLoop> loops, List<TopicLoop> topics) {
        this.incarnation = incarnation;
        this.loops = loops;
        this.topics = topics;
    }

    /** Answers whether the session at this place has this generation, or may have it. It has asked, or will when its bind is answered. */
    public CompletableFuture<Boolean> tell(Place place, long generation) {
        if (!incarnation.is(place) || place.loop() < 0 || place.loop() >= loops.size()) {
            return CompletableFuture.completedFuture(false);
        }
        RoomLoop roomLoop = loops.get(place.loop());
        return CompletableFuture.supplyAsync(() -> tell(roomLoop, place, generation), roomLoop.loop());
    }

    private boolean tell(RoomLoop roomLoop, Place place, long generation) {
        Session session = roomLoop.sessions().find(place.slot(), place.slotGeneration());
        boolean found = session != null && session.accepts(generation);
        if (session != null && found) {
            topics.get(place.loop()).refollow(session);
        }
        return found;
    }
}
