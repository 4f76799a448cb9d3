package io.longline.coordinator.uplink;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How uplinks are taken in.
 *
 * @param rememberIds how long the repetition of an id changes nothing
 */
public record UplinkConfig(Duration rememberIds) {

    public static UplinkConfig read(ConfigReader reader) {
        return new UplinkConfig(reader.duration("coordinator.uplink.remember-ids", "24h"));
    }
}
