package io.longline.deploy.check.history;

import java.util.List;
import java.util.Set;

/** What a back end reads of who is online. */
public sealed interface PresenceEvent extends CallEvent {
    String product();

    /** An event in the log. */
    record Entry(long id, String type, EndpointId endpoint, long generation, String reason) {}

    /**
     * A page.
     *
     * @param after what was asked for
     * @param gap whether it says that some before were forgotten
     */
    record Read(long at, String product, long begunAt, long after, boolean gap, List<Entry> entries)
            implements PresenceEvent {

        public Read {
            entries = List.copyOf(entries);
        }
    }

    /** Who is online by what was told; all of it. */
    record Snapshot(long at, String product, long begunAt, Set<EndpointId> online) implements PresenceEvent {

        public Snapshot {
            online = Set.copyOf(online);
        }
    }
}
