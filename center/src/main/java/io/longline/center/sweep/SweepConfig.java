package io.longline.center.sweep;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * When a hint counts as lost.
 *
 * @param interval between two rounds; with {@code olderThan} it bounds how long a lost hint stays unnoticed
 * @param olderThan what is younger may still be under way
 */
public record SweepConfig(Duration interval, Duration olderThan) {

    public static SweepConfig read(ConfigReader reader) {
        return new SweepConfig(
                reader.duration("center.sweep.interval", "500ms"), reader.duration("center.sweep.older-than", "2s"));
    }
}
