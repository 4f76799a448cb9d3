package io.longline.coordinator.presence;

import java.util.List;
import java.util.Optional;

/** What products can read of what they were told. Methods block, and fail with LonglineException while the store is away. */
interface PresenceLog {

    /**
     * Events of a product, in their order.
     *
     * @param after behind this one; empty: from the oldest on
     */
    Page read(String product, Optional<Long> after, int most);

    /**
     * A part of the log.
     *
     * @param last the last id that was given, whether it is in this part or not
     * @param gone behind this one nothing was forgotten
     */
    record Page(long last, long gone, List<Kept> events) {

        /** Whether events were forgotten that came behind this one. */
        boolean hasGap(long after) {
            return after < gone;
        }
    }

    /** One of them under its public id. Of no account is its number in the shard. */
    record Kept(long id, Told.ShardEvent event) {}

    /**
     * Some of those of a shard who are online by what was told.
     *
     * @param from where the part before ended; empty: the first one
     */
    Part snapshot(String product, int shard, String from);

    /**
     * Who was online all the while is in some part, or in several.
     *
     * @param next where to go on; empty: that was all of the shard
     */
    record Part(List<Online> online, String next) {}

    /**
     * Somebody.
     *
     * @param device empty where users are told of
     * @param sinceMs when this was told
     */
    record Online(String user, String device, long generation, long sinceMs) {}
}
