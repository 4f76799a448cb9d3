package io.longline.room.session;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A piece of an inbox, as the saver read it.
 *
 * @param messages in order of seq
 * @param more there is something after {@code upto}
 * @param upto everything above what was asked for and up to here is in {@code messages}, or gone
 */
public record Page(List<StoredMessage> messages, boolean more, long upto) {

    /** The seqs of those after which one of the same collapse key comes that can be written. */
    Set<Long> collapsed(long nowMs) {
        Set<Long> seqs = new HashSet<>();
        Map<String, Long> newest = new HashMap<>();
        for (StoredMessage stored : messages) {
            Message message = stored.message();
            if (!message.collapseKey().isEmpty() && message.waits(nowMs)) {
                Long older = newest.put(message.collapseKey(), stored.seq());
                if (older != null) {
                    seqs.add(older);
                }
            }
        }
        return seqs;
    }
}
