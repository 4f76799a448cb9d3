package io.longline.coordinator.group;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How back ends fetch uplinks.
 *
 * @param types of a product that groups may read
 * @param perType groups
 * @param pullBytes of payload in one answer, about
 * @param lookEvery between two looks for what came in elsewhere, while a pull waits
 * @param idleLookEvery the same where nothing was there the last time, and nobody has said that something came in
 * @param waiting pulls that may wait here
 */
public record GroupConfig(
        int types, int perType, long pullBytes, Duration lookEvery, Duration idleLookEvery, int waiting) {

    public static GroupConfig read(ConfigReader reader) {
        return new GroupConfig(
                reader.integer("coordinator.groups.types", 1_000, 1, 10_000),
                reader.integer("coordinator.groups.per-type", 32, 1, 1_000),
                reader.size("coordinator.groups.pull-bytes", "1MiB"),
                reader.duration("coordinator.groups.look-every", "250ms"),
                reader.duration("coordinator.groups.idle-look-every", "5s"),
                reader.integer("coordinator.groups.waiting", 2_048, 1, 100_000));
    }
}
