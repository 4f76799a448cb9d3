package io.longline.coordinator.uplink;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How uplinks are taken in.
 *
 * @param rememberIds how long the repetition of an id changes nothing
 * @param unclaimed of types that neither a callback nor a group takes yet
 * @param replies of callbacks
 */
public record UplinkConfig(Duration rememberIds, Unclaimed unclaimed, Replies replies) {

    /**
     * How much may wait for nobody, so that clients which invent types fill nothing.
     *
     * @param types of a product
     * @param perStream of such a type in one of the 256 shards
     * @param streamBytes of payload, there too
     */
    public record Unclaimed(int types, int perStream, long streamBytes) {}

    /**
     * What waits until an inbox has it.
     *
     * @param perShard of a product in one of the 256 shards
     * @param bytes of these
     * @param firstPause before one is tried again
     * @param mostPause at last
     */
    public record Replies(int perShard, long bytes, Duration firstPause, Duration mostPause) {}

    public static UplinkConfig read(ConfigReader reader) {
        return new UplinkConfig(
                reader.duration("coordinator.uplink.remember-ids", "24h"),
                new Unclaimed(
                        reader.integer("coordinator.uplink.unclaimed-types", 16, 0, 1_000),
                        reader.integer("coordinator.uplink.unclaimed-per-stream", 128, 1, 100_000),
                        reader.size("coordinator.uplink.unclaimed-bytes", "128KiB")),
                new Replies(
                        reader.integer("coordinator.uplink.replies-per-shard", 1_000, 1, 100_000),
                        reader.size("coordinator.uplink.reply-bytes", "1MiB"),
                        reader.duration("coordinator.uplink.reply-first-retry", "1s"),
                        reader.duration("coordinator.uplink.reply-most-retry", "30s")));
    }
}
