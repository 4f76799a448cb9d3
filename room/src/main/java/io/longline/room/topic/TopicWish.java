package io.longline.room.topic;

import org.jspecify.annotations.Nullable;

/**
 * What a client says when it wishes to follow a topic.
 *
 * @param after the offset behind which it wants to read; null: it does not say
 * @param last it wants so many of the newest messages; null: it does not say
 * @param resume it says where to go on in what its endpoint follows, and does not wish to follow anything that it does not
 */
public record TopicWish(
        String topic, @Nullable Long after, @Nullable Integer last, boolean resume) {

    /** One to follow it, whether or not its endpoint does already. */
    public TopicWish(String topic, @Nullable Long after, @Nullable Integer last) {
        this(topic, after, last, false);
    }

    /** It does not say where. */
    boolean namesNoPlace() {
        return after == null && last == null;
    }
}
