package io.longline.coordinator.group;

import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which groups and types a product has. Methods block, and fail with LonglineException while the store is away. */
public interface GroupRegistry {

    /** Whether something of a type that no callback takes may be kept: a group reads it, or there are not too many others. */
    boolean admit(String product, String type, int mostUnclaimed, Deadline deadline);

    /** Notes a group, if there is room for it. */
    Entered enter(String product, String type, String group, Deadline deadline);

    /** What became of that. */
    enum Entered {
        ENTERED,
        TYPES_FULL,
        GROUPS_FULL
    }

    /**
     * Forgets a group.
     *
     * @return whether it was there
     */
    boolean depart(String product, String type, String group, Deadline deadline);

    /** Nothing of a type waits that nobody takes: another one may have its place. */
    void release(String product, String type, Deadline deadline);

    /** The names of groups of a type. */
    Set<String> groups(String product, String type, Deadline deadline);

    /** The types that groups read, or that something was kept of, in their order. */
    List<String> types(String product, Deadline deadline);

    /** Notes that a consumer has asked; he counts for that time. */
    void called(String product, String type, String group, String consumer, Duration counts, Deadline deadline);

    /** How many consumers each of these groups has had within that time. */
    Map<String, Integer> consumers(String product, String type, Set<String> groups, Duration within, Deadline deadline);
}
