package io.longline.center.job;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How jobs are worked on here.
 *
 * @param interval between two looks for a job to work on
 * @param atOnce how many are worked on at the same moment
 * @param broadcastsAtOnce how many broadcasts are carried out at the same moment
 * @param lists how many lists are being read at the same moment; of one product a quarter of them
 */
public record JobConfig(Duration interval, int atOnce, int broadcastsAtOnce, int lists) {

    public static JobConfig read(ConfigReader reader) {
        return new JobConfig(
                reader.duration("center.jobs.interval", "1s"),
                reader.integer("center.jobs.at-once", 4, 1, 1_000),
                reader.integer("center.broadcasts.at-once", 16, 1, 1_000),
                reader.integer("center.jobs.lists", 16, 1, 1_000));
    }

    int listsOfProduct() {
        return Math.max(1, lists / 4);
    }
}
