package io.longline.room.topic;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The sessions of one loop that follow one topic, in no order, and the reads of its log that are under way for them. */
final class Followers {
    private static final int FIRST_SIZE = 2;

    private final String product;
    private final String topic;
    private @Nullable Follow[] follows = new @Nullable Follow[FIRST_SIZE];
    private int size;
    /** By the offset behind which they begin. */
    private final Map<Long, TopicRead> reads = HashMap.newHashMap(1);

    Followers(String product, String topic) {
        this.product = product;
        this.topic = topic;
    }

    String product() {
        return product;
    }

    String topic() {
        return topic;
    }

    int size() {
        return size;
    }

    Follow get(int index) {
        return Objects.requireNonNull(follows[index]);
    }

    void add(Follow follow) {
        if (size == follows.length) {
            follows = Arrays.copyOf(follows, size * 2);
        }
        follow.at(size);
        follows[size++] = follow;
    }

    /** The last one takes its place: who walks from the end to the beginning misses nobody who stays. */
    void remove(Follow follow) {
        Follow last = get(--size);
        follows[follow.at()] = last;
        last.at(follow.at());
        follows[size] = null;
    }

    @Nullable
    TopicRead read(long after) {
        return reads.get(after);
    }

    void put(TopicRead read) {
        reads.put(read.after(), read);
    }

    void remove(TopicRead read) {
        reads.remove(read.after(), read);
    }
}
