package io.longline.saver.endpoint;

import io.longline.keeper.config.ConfigReader;

/**
 * How many message events may wait for a product's back end; more are not told.
 *
 * @param perEndpoint of an endpoint
 * @param perShard of a product in one of the 256 shards
 */
public record MessageEventsConfig(int perEndpoint, int perShard) {

    public static MessageEventsConfig read(ConfigReader reader) {
        return new MessageEventsConfig(
                reader.integer("saver.message-events.waiting-per-endpoint", 1_000, 1, 1_000_000),
                reader.integer("saver.message-events.waiting-per-shard", 4_096, 1, 1_000_000));
    }
}
