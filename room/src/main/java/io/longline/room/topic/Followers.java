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
    private final SharedPushes shared;
    private @Nullable Follow[] follows = new @Nullable Follow[FIRST_SIZE];
    private int size;
    private final @Nullable BroadcastWalk walk;
    private final Map<Span, TopicRead> reads = HashMap.newHashMap(1);

    /** What a read is to bring: two that are equally far may not be let read equally far. */
    private record Span(long after, long upto) {}

    /** @param walk of broadcasts: who brings them; null: it is a topic of another kind */
    Followers(String product, String topic, SharedPushes shared, @Nullable BroadcastWalk walk) {
        this.shared = shared;
        this.product = product;
        this.topic = topic;
        this.walk = walk;
    }

    @Nullable
    BroadcastWalk walk() {
        return walk;
    }

    SharedPushes shared() {
        return shared;
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
    TopicRead read(long after, long upto) {
        return reads.get(new Span(after, upto));
    }

    void put(TopicRead read) {
        reads.put(new Span(read.after(), read.upto()), read);
    }

    void remove(TopicRead read) {
        reads.remove(new Span(read.after(), read.upto()), read);
    }
}
