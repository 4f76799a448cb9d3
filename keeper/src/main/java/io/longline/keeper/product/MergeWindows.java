package io.longline.keeper.product;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * For how long rooms may collect the messages of topics and broadcasts that are due to a session, to send them as one frame; 0: each goes at once.
 *
 * @param windowMs in milliseconds, of topics that have no entry of their own
 * @param topics likewise, by the topic's name or by a pattern as {@link TopicPattern} has them
 */
public record MergeWindows(int windowMs, Map<String, Integer> topics) {

    public static final MergeWindows NONE = new MergeWindows(0, Map.of());

    public MergeWindows {
        topics = Collections.unmodifiableSortedMap(new TreeMap<>(topics == null ? Map.of() : topics));
    }

    /** In milliseconds. The entry is chosen as {@link TopicPattern#entryOf} does. */
    public int of(String topic) {
        @Nullable Integer entry = TopicPattern.entryOf(topics, topic);
        return entry == null ? windowMs : entry;
    }

    /** With this entry in the place of the one that there may be; null: without it. */
    public MergeWindows with(String pattern, @Nullable Integer topicWindowMs) {
        Map<String, Integer> changed = new TreeMap<>(topics);
        if (topicWindowMs == null) {
            changed.remove(pattern);
        } else {
            changed.put(pattern, topicWindowMs);
        }
        return new MergeWindows(windowMs, changed);
    }

    public MergeWindows withWindowMs(int newWindowMs) {
        return new MergeWindows(newWindowMs, topics);
    }
}
