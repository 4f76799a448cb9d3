package io.longline.coordinator.audit;

import java.util.List;

/** What the auditor asks of saver. Blocks; for virtual threads. */
interface Inboxes {
    long NOTHING = 0;
    long UNKNOWN = -1;

    /** Of each session the seq of the first message that it was not sent; {@link #NOTHING}, or {@link #UNKNOWN}. Never fails. */
    List<Long> waiting(List<SeenSession> sessions);
}
