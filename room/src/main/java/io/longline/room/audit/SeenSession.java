package io.longline.room.audit;

import io.longline.room.session.Endpoint;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Place;
import io.longline.room.session.Session;

/**
 * A session at the moment in which it was looked at.
 *
 * @param sent up to here its inbox was sent
 * @param idle nothing is being loaded, and more could be written at once
 */
record SeenSession(Endpoint endpoint, Place place, long generation, long sent, boolean idle) {

    /** On its loop. */
    static SeenSession of(Session session, Incarnation incarnation) {
        return new SeenSession(
                session.endpoint(),
                incarnation.placeOf(session),
                session.generation(),
                session.lastHop().sent(),
                session.lastHop().isIdle());
    }
}
