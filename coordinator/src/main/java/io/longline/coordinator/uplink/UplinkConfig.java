package io.longline.coordinator.uplink;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How uplinks are kept and carried to back ends.
 *
 * @param limits of what waits
 * @param lease how long a coordinator that is gone keeps a shard's uplinks from the others
 * @param lookEvery between two looks at a shard whose uplinks came in by another coordinator
 * @param retries of what a callback did not take
 */
public record UplinkConfig(Limits limits, Duration lease, Duration lookEvery, Retries retries) {

    /**
     * How much may wait.
     *
     * @param perEndpoint of one type of one endpoint
     * @param perStream of one type of a product in one of the 256 shards
     * @param streamBytes of payload, there too; where none waits anything is taken
     * @param rememberIds how long the repetition of an id changes nothing
     */
    public record Limits(int perEndpoint, int perStream, long streamBytes, Duration rememberIds) {}

    /**
     * When it is tried again: each time after twice as long, but for a random part of up to a half of it.
     *
     * @param first after the first failure
     * @param most at last
     */
    public record Retries(Duration first, Duration most) {}

    public static UplinkConfig read(ConfigReader reader) {
        return new UplinkConfig(
                new Limits(
                        reader.integer("coordinator.uplink.waiting-per-endpoint", 100, 1, 100_000),
                        reader.integer("coordinator.uplink.waiting-per-stream", 4_096, 1, 100_000),
                        reader.size("coordinator.uplink.stream-bytes", "4MiB"),
                        reader.duration("coordinator.uplink.remember-ids", "24h")),
                reader.duration("coordinator.uplink.lease", "10s"),
                reader.duration("coordinator.uplink.look-every", "1s"),
                new Retries(
                        reader.duration("coordinator.uplink.first-retry", "1s"),
                        reader.duration("coordinator.uplink.most-retry", "5m")));
    }
}
