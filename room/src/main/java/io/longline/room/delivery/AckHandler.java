package io.longline.room.delivery;

import io.longline.room.session.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the acks of clients: the session's window opens, and the saver is told. */
public final class AckHandler {
    private static final Logger log = LoggerFactory.getLogger(AckHandler.class);

    private final AckForwarder forwarder;
    private final InboxReader reader;

    public AckHandler(AckForwarder forwarder, InboxReader reader) {
        this.forwarder = forwarder;
        this.reader = reader;
    }

    /** Everything up to this seq is acknowledged; what is beyond what was sent counts as up to what was sent. */
    public void ack(Session session, long seq) {
        if (session.lastHop().ack(seq)) {
            if (log.isDebugEnabled()) {
                log.debug("acked endpoint={} seq={}", session.endpoint(), seq);
            }
            forwarder.due(session);
            reader.level(session);
        }
    }
}
