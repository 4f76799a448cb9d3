package io.longline.keeper.product;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How much the logs of a product's topics hold; 0: as the savers have it, which is never exceeded.
 *
 * @param messages of topics that have no entry of their own, or one that says nothing of it; likewise {@code bytes} and {@code ttlS}
 * @param topics by the topic's name or by a pattern as {@link TopicPattern} has them
 */
public record LogLimits(int messages, long bytes, int ttlS, Map<String, LogBounds> topics) {

    public static final LogLimits NONE = new LogLimits(0, 0, 0, Map.of());

    public LogLimits {
        topics = Collections.unmodifiableSortedMap(new TreeMap<>(topics == null ? Map.of() : topics));
    }

    /** The entry is chosen as {@link TopicPattern#entryOf} does. */
    public LogBounds of(String topic) {
        LogBounds ofAll = new LogBounds(messages, bytes, ttlS);
        @Nullable LogBounds entry = TopicPattern.entryOf(topics, topic);
        return entry == null ? ofAll : entry.orElse(ofAll);
    }

    /** For how long a message of that time to live stays in the log of the topic. */
    public Duration ttl(String topic, Duration wanted) {
        int most = of(topic).ttlS();
        return most == 0 || wanted.toSeconds() < most ? wanted : Duration.ofSeconds(most);
    }
}
