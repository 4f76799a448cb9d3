package io.longline.coordinator.presence;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How presence is told.
 *
 * @param lookEvery between two looks at what changed
 * @param compareEvery between two comparisons of all that was told with who is online
 * @param log of a product
 */
public record PresenceConfig(Duration lookEvery, Duration compareEvery, Log log) {

    /**
     * What is kept of it.
     *
     * @param most events
     * @param keep for so long
     */
    public record Log(int most, Duration keep) {}

    public static PresenceConfig read(ConfigReader reader) {
        return new PresenceConfig(
                reader.duration("coordinator.presence.look-every", "500ms"),
                reader.duration("coordinator.presence.compare-every", "10m"),
                new Log(
                        reader.integer("coordinator.presence.log-events", 100_000, 100, 10_000_000),
                        reader.duration("coordinator.presence.log-keep", "24h")));
    }
}
