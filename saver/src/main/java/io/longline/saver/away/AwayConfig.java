package io.longline.saver.away;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * When messages leave Redis.
 *
 * @param after how long a client must have been away before its messages are kept in MySQL alone; zero: never
 */
public record AwayConfig(Duration after) {

    public static AwayConfig read(ConfigReader reader) {
        return new AwayConfig(reader.duration("saver.away.after", "1h"));
    }
}
