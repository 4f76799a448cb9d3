package io.longline.register.route;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How binds and questions behave where something is lost or full.
 *
 * @param lostShardPatience how long a call waits for the rebuild of a lost shard
 * @param mostEvents in each of the 256 streams of events; what is beyond is dropped and counted
 */
public record RouteConfig(Duration lostShardPatience, int mostEvents) {

    public static RouteConfig read(ConfigReader reader) {
        return new RouteConfig(
                reader.duration("register.lost-shard-patience", "2s"),
                reader.integer("register.most-events", 10_000, 1, 1_000_000));
    }
}
