package io.longline.register.rebuild;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How lost shards are found and filled.
 *
 * @param period how often the marks are looked at, besides when Redis was connected to or a script met a lost shard
 * @param roomPatience how long the shards stay lost for the sake of a room that is announced and does not answer; after
 *     that it is asked on, beside
 */
public record RebuildConfig(Duration period, Duration roomPatience) {

    public static RebuildConfig read(ConfigReader reader) {
        return new RebuildConfig(
                reader.duration("register.rebuild.period", "10s"),
                reader.duration("register.rebuild.room-patience", "60s"));
    }
}
