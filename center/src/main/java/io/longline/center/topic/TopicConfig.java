package io.longline.center.topic;

import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * How rooms hear of what was sent to topics.
 *
 * @param telling how long a send is held up by rooms; its message is in the log by then
 * @param interval between two looks for topics of which a room may not have heard; with {@code olderThan} it bounds how long that
 *     lasts
 * @param olderThan rooms may still be hearing of what is younger
 */
public record TopicConfig(Duration telling, Duration interval, Duration olderThan) {

    public static TopicConfig read(ConfigReader reader) {
        return new TopicConfig(
                reader.duration("center.topics.tell-wait", "500ms"),
                reader.duration("center.topics.interval", "1s"),
                reader.duration("center.topics.older-than", "2s"));
    }
}
