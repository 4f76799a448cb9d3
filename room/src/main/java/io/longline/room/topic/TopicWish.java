package io.longline.room.topic;

import org.jspecify.annotations.Nullable;

/**
 * What a client says when it wishes to follow a topic.
 *
 * @param after the offset behind which it wants to read; null: it does not say
 * @param last it wants so many of the newest messages; null: it does not say
 */
public record TopicWish(
        String topic, @Nullable Long after, @Nullable Integer last) {

    /** It does not say where. */
    boolean namesNoPlace() {
        return after == null && last == null;
    }
}
