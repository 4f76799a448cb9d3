package io.longline.room.fake;

import io.longline.room.delivery.Inboxes;
import io.longline.room.session.Drop;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Page;
import io.longline.room.session.Session;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A saver that nothing may be asked of, but for what a test allows. */
public class UnaskedInboxes implements Inboxes {

    @Override
    public CompletableFuture<Opened> open(Endpoint endpoint, long ackSeq, int limit, long generation) {
        throw new AssertionError("open of " + endpoint);
    }

    @Override
    public CompletableFuture<Optional<Page>> load(Session session) {
        throw new AssertionError("load of " + session.endpoint());
    }

    @Override
    public CompletableFuture<Void> ack(Session session, long seq) {
        throw new AssertionError("ack of " + session.endpoint());
    }

    @Override
    public CompletableFuture<Void> dropped(Endpoint endpoint, Drop drop) {
        throw new AssertionError("drop of " + endpoint);
    }

    @Override
    public CompletableFuture<Void> forget(Endpoint endpoint, long uptoSeq) {
        throw new AssertionError("forget of " + endpoint);
    }
}
