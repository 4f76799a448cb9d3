package io.longline.center.stats;

import java.util.Collection;

/**
 * A number that is known of a part of what it is about.
 *
 * @param all how many there are
 * @param lookedAt of them, chosen at random
 * @param found in those
 */
public record Sampled(long all, long lookedAt, long found) {

    /** Of all shards: what was not looked at is taken to be like the rest of its shard. */
    public static long estimate(Collection<Sampled> shards) {
        return Math.round(shards.stream().mapToDouble(Sampled::estimate).sum());
    }

    /** Whether nothing is estimated. */
    public static boolean isExact(Collection<Sampled> shards) {
        return shards.stream().allMatch(shard -> shard.lookedAt >= shard.all);
    }

    private double estimate() {
        return lookedAt == 0 ? 0 : (double) found * Math.max(all, lookedAt) / lookedAt;
    }
}
