package io.longline.room.delivery;

import io.longline.room.RoomMetrics;
import io.longline.room.session.SessionTable;
import io.longline.room.transport.Loop;
import java.util.function.LongSupplier;

/** What one event loop has: its sessions, and what reads and acknowledges their inboxes. */
public record RoomLoop(Loop loop, SessionTable sessions, InboxReader reader, AckForwarder forwarder, AckHandler acks) {

    /**
     * Made before the loop has any link.
     *
     * @param maxSessions on this loop
     */
    public static RoomLoop on(Loop loop, int maxSessions, Inboxes inboxes, LongSupplier nowMs, RoomMetrics metrics) {
        AckForwarder forwarder = new AckForwarder(loop, inboxes, metrics, reports(maxSessions));
        InboxReader reader = new InboxReader(loop, inboxes, nowMs, forwarder, metrics);
        return new RoomLoop(loop, new SessionTable(maxSessions), reader, forwarder, new AckHandler(forwarder, reader));
    }

    /** The most acks and drops of sessions that wait for the saver, on a loop with so many sessions. */
    public static int reports(int maxSessions) {
        return 2 * maxSessions;
    }
}
