package io.longline.saver.topic;

import io.longline.keeper.config.ConfigReader;

/**
 * The limits of logs.
 *
 * @param messages that one holds, at most
 * @param bytes that they take in Redis, at most; the newest message stays however large it is
 * @param cacheBytes of the memory of this process for what was read of all logs
 */
public record TopicConfig(int messages, long bytes, long cacheBytes) {

    public static TopicConfig read(ConfigReader reader) {
        return new TopicConfig(
                reader.integer("saver.topic.messages", 10_000, 1, 1_000_000),
                reader.size("saver.topic.bytes", "16MiB"),
                reader.size("saver.topic.cache", "32MiB"));
    }
}
