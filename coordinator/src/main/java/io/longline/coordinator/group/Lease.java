package io.longline.coordinator.group;

import io.longline.keeper.shard.Shards;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * That an uplink is a consumer's for a time.
 *
 * @param seq of the uplink in the stream of its shard
 * @param tillUs when it ends, in microseconds; no two leases of an uplink end at the same time
 */
record Lease(int shard, long seq, long tillUs) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,3})-([0-9]{1,16})-([0-9]{1,16})");

    /** As consumers know it. */
    String id() {
        return shard + "-" + seq + "-" + tillUs;
    }

    /** Empty where it is none of ours. */
    static Optional<Lease> of(String id) {
        Matcher parts = TEXT.matcher(id);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int shard = Integer.parseInt(parts.group(1));
        return shard < Shards.COUNT
                ? Optional.of(new Lease(shard, Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3))))
                : Optional.empty();
    }
}
