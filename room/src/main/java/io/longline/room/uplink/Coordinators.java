package io.longline.room.uplink;

import io.longline.room.session.Place;
import io.longline.room.session.Session;
import io.longline.v1.Uplink;
import java.util.concurrent.CompletableFuture;

/** Whoever takes uplinks for good. */
public interface Coordinators {

    /** Done without an error: it is in the store, now or since before. Called on the loop of the session. */
    CompletableFuture<Void> bring(Session session, Place place, Uplink uplink);
}
