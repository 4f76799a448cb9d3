package io.longline.coordinator.outbox;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How events wait, and are carried to back ends.
 *
 * @param limits of what waits
 * @param lease how long a coordinator that is gone keeps a shard's events from the others
 * @param lookEvery between two looks at a shard whose events came in elsewhere
 * @param retries of what a callback did not take
 * @param deadAfter how old it is when it is tried no more, but kept as a dead letter
 */
public record OutboxConfig(Limits limits, Duration lease, Duration lookEvery, Retries retries, Duration deadAfter) {

    /**
     * How much may wait.
     *
     * @param perEndpoint of one kind of one endpoint
     * @param perStream of one kind of a product in one of the 256 shards
     * @param streamBytes of payload, there too; where none waits anything is taken
     */
    public record Limits(int perEndpoint, int perStream, long streamBytes) {}

    /**
     * When it is tried again: each time after twice as long, but for a random part of up to a half of it.
     *
     * @param first after the first failure
     * @param most at last
     */
    public record Retries(Duration first, Duration most) {}

    public static OutboxConfig read(ConfigReader reader) {
        return new OutboxConfig(
                new Limits(
                        reader.integer("coordinator.outbox.waiting-per-endpoint", 1_000, 1, 100_000),
                        reader.integer("coordinator.outbox.waiting-per-stream", 4_096, 1, 100_000),
                        reader.size("coordinator.outbox.stream-bytes", "4MiB")),
                reader.duration("coordinator.outbox.lease", "10s"),
                reader.duration("coordinator.outbox.look-every", "1s"),
                new Retries(
                        reader.duration("coordinator.outbox.first-retry", "1s"),
                        reader.duration("coordinator.outbox.most-retry", "5m")),
                reader.duration("coordinator.outbox.dead-after", "24h"));
    }
}
