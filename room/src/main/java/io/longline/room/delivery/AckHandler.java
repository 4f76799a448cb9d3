package io.longline.room.delivery;

import io.longline.room.session.Session;

/** Takes the acks of clients: the session's window opens, and the saver is told. */
public final class AckHandler {
    private final AckForwarder forwarder;
    private final InboxReader reader;

    public AckHandler(AckForwarder forwarder, InboxReader reader) {
        this.forwarder = forwarder;
        this.reader = reader;
    }

    /** Everything up to this seq is acknowledged; what is beyond what was sent counts as up to what was sent. */
    public void ack(Session session, long seq) {
        if (session.lastHop().ack(seq)) {
            forwarder.due(session);
            reader.level(session);
        }
    }
}
