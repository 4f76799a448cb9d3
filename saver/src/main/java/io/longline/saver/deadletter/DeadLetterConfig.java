package io.longline.saver.deadletter;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How many dead letters are kept.
 *
 * @param perProduct so many; what else dies waits on where it is
 * @param kept from when it died
 */
public record DeadLetterConfig(int perProduct, Duration kept) {

    public static DeadLetterConfig read(ConfigReader reader) {
        return new DeadLetterConfig(
                reader.integer("saver.dead-letters.per-product", 50_000, 1, 10_000_000),
                reader.duration("saver.dead-letters.kept", "30d"));
    }
}
