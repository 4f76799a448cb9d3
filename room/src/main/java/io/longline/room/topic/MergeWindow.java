package io.longline.room.topic;

import io.longline.room.session.Message;
import io.longline.room.session.PushSizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has been collected since the first message of it came. Who is behind what was left out for want of room reads it. On its loop. */
final class MergeWindow {
    /** Of its messages in a frame. With one more it still fits into what a client takes. */
    static final int MOST_BYTES = 600 * 1024;

    private final long endsAtMs;
    private final Map<Followers, MergedTopic> topics = new LinkedHashMap<>();
    private int bytes;

    MergeWindow(long endsAtMs) {
        this.endsAtMs = endsAtMs;
    }

    /** How many bytes it takes. */
    int bytes() {
        return bytes;
    }

    boolean isFull() {
        return bytes > MOST_BYTES;
    }

    List<MergedTopic> topics() {
        return new ArrayList<>(topics.values());
    }

    @Nullable
    MergedTopic find(Followers of) {
        return topics.get(of);
    }

    /** Takes one; true: it would not live to see the end of the window. */
    boolean add(Followers of, TopicHint hint, long nowMs) {
        MergedTopic topic = topics.computeIfAbsent(of, key -> new MergedTopic(key, topics.size()));
        topic.reaches(hint.offset());
        Message message = hint.message();
        if (message == null || isFull() || topic.has(hint.offset())) {
            return false;
        }
        topic.add(hint);
        bytes += PushSizes.most(message, of.topic());
        return !message.expired(nowMs) && message.expiresAtMs() <= endsAtMs;
    }

    void let(BroadcastFollow follow) {
        MergedTopic topic = topics.get(follow.followers());
        if (topic != null) {
            topic.let(follow);
        }
    }
}
