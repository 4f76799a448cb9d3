package io.longline.coordinator.group;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a type stands, in a shard or in all of them.
 *
 * @param waiting uplinks that somebody has not finished with
 * @param oldestSeq of these; 0: there are none
 * @param groups by name
 */
record Standing(long waiting, long oldestSeq, Map<String, OfGroup> groups) {
    static final Standing NOTHING = new Standing(0, 0, Map.of());

    /**
     * How a group does.
     *
     * @param depth what it has not finished with
     * @param inFlight of that what consumers have
     * @param oldestSeq of its depth; 0: there is none
     */
    record OfGroup(long depth, long inFlight, long oldestSeq) {
        OfGroup plus(OfGroup other) {
            return new OfGroup(depth + other.depth, inFlight + other.inFlight, older(oldestSeq, other.oldestSeq));
        }
    }

    Standing plus(Standing other) {
        Map<String, OfGroup> all = new TreeMap<>(groups);
        other.groups.forEach((name, group) -> all.merge(name, group, OfGroup::plus));
        return new Standing(waiting + other.waiting, older(oldestSeq, other.oldestSeq), all);
    }

    private static long older(long one, long other) {
        return one == 0 || other == 0 ? Math.max(one, other) : Math.min(one, other);
    }
}
