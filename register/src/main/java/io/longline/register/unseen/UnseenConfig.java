package io.longline.register.unseen;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How devices are found that were not seen for long.
 *
 * @param period between two walks through all users
 * @param pause between two pages of a walk, each of some 500 keys
 */
public record UnseenConfig(Duration period, Duration pause) {

    public static UnseenConfig read(ConfigReader reader) {
        return new UnseenConfig(
                reader.duration("register.unseen.period", "6h"), reader.duration("register.unseen.pause", "100ms"));
    }
}
