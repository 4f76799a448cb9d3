package io.longline.coordinator.backlog;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How events that Redis has no room for are moved.
 *
 * @param letGoAfter how long MySQL keeps what has come back to Redis, which may not have persisted it yet
 * @param retryAfter how long a shard rests of which something could not be moved
 */
public record BacklogConfig(Duration letGoAfter, Duration retryAfter) {

    public static BacklogConfig read(ConfigReader reader) {
        return new BacklogConfig(
                reader.duration("coordinator.backlog.let-go-after", "5s"),
                reader.duration("coordinator.backlog.retry-after", "5s"));
    }
}
