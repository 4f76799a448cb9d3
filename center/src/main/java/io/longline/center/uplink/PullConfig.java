package io.longline.center.uplink;

import io.longline.keeper.config.ConfigReader;

/**
 * How back ends fetch uplinks.
 *
 * @param most pulls in work, of all products; beyond: 503
 */
public record PullConfig(int most) {

    public static PullConfig read(ConfigReader reader) {
        return new PullConfig(reader.integer("center.max-pulls", 1_024, 1, 1_000_000));
    }
}
