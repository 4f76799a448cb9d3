package io.longline.saver.rebuild;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Heir;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Who got what was stored for {@code default}, for the users of one shard. */
public final class HeirHistory {
    private final Map<String, TreeMap<Long, String>> ofUsers = new HashMap<>();

    public void add(Heir heir) {
        ofUsers.computeIfAbsent(heir.product() + "/" + heir.user(), user -> new TreeMap<>())
                .put(heir.version(), heir.heir());
    }

    /** Whose message it is by now: the next decision after it was stored for {@code default} said so. */
    public Endpoint holder(Endpoint storedFor, long seq) {
        if (!storedFor.device().equals(Endpoint.DEFAULT_DEVICE)) {
            return storedFor;
        }
        TreeMap<Long, String> decisions = ofUsers.get(storedFor.owner());
        Map.Entry<Long, String> next = decisions == null ? null : decisions.higherEntry(seq);
        return next == null || next.getValue().isEmpty() ? storedFor : storedFor.withDevice(next.getValue());
    }
}
