package io.longline.room.delivery;

import io.longline.room.session.Drop;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Page;
import io.longline.room.session.Session;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a room asks of the saver. No call blocks; futures fail with {@link io.longline.keeper.error.LonglineException} alone. */
public interface Inboxes {

    /**
     * What the saver knows when a session was bound.
     *
     * @param acked the watermark after the call
     * @param pending how many messages wait
     * @param neverAcksMs over 0: nothing was read, because this client never acknowledges; it is to stay away so long
     * @param replaced nothing was read, because a later session has opened the inbox
     */
    record Opened(long acked, long pending, Page page, long neverAcksMs, boolean replaced) {}

    /**
     * Takes {@code ackSeq} as an ack and reads the head of the inbox.
     *
     * @param ackSeq 0: nothing is acknowledged
     * @param limit messages, at most
     */
    CompletableFuture<Opened> open(Endpoint endpoint, long ackSeq, int limit, long generation);

    /**
     * Reads on after what the session was sent, as much as its window has room for. Empty: it has been replaced, by a session that has
     * opened the inbox.
     */
    CompletableFuture<Optional<Page>> load(Session session);

    /** Acknowledges everything up to this seq. */
    CompletableFuture<Void> ack(Session session, long seq);

    /** This copy is not written, and ends here. */
    CompletableFuture<Void> dropped(Endpoint endpoint, Drop drop);

    /**
     * Empties the inbox of a device that is forgotten.
     *
     * @param uptoSeq what was stored later stays; 0: all goes
     */
    CompletableFuture<Void> forget(Endpoint endpoint, long uptoSeq);
}
