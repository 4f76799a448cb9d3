package io.longline.room.presence;

import io.longline.room.session.Session;
import io.longline.v1.UserPresence;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Whoever knows who is online. */
public interface Register {

    /** Of each of these users of the session's product, in their order. */
    CompletableFuture<List<UserPresence>> seen(Session session, List<String> users);
}
