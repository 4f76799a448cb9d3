package io.longline.center.due;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * When messages that were to be sent later are looked for.
 *
 * @param interval between two rounds: so late a message may be sent
 * @param atOnce how many are being sent at the same moment
 */
public record DueConfig(Duration interval, int atOnce) {

    public static DueConfig read(ConfigReader reader) {
        return new DueConfig(
                reader.duration("center.schedule.interval", "1s"),
                reader.integer("center.schedule.at-once", 256, DueRound.PAGE, 100_000));
    }
}
