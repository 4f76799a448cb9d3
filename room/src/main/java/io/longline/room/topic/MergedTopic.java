package io.longline.room.topic;

import io.longline.room.session.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a window has of one topic: messages in order of offset, in whichever order they came, and how far somebody said that it reaches. On its loop.
 */
final class MergedTopic {
    static final Comparator<MergedTopic> IN_ORDER = Comparator.comparingInt(topic -> topic.number);

    private final Followers followers;
    private final int number;
    private final TreeMap<Long, TopicHint> collected = new TreeMap<>();
    private final List<BroadcastFollow> let = new ArrayList<>(0);
    private long reachesTo;
    private List<TopicHint> items = List.of();
    private int[] chain = {};

    /** @param number among those of its window */
    MergedTopic(Followers followers, int number) {
        this.followers = followers;
        this.number = number;
    }

    Followers followers() {
        return followers;
    }

    /** It reaches so far. */
    void reaches(long offset) {
        reachesTo = Math.max(reachesTo, offset);
    }

    long reachesTo() {
        return reachesTo;
    }

    boolean has(long offset) {
        return collected.containsKey(offset);
    }

    /** One with a message. */
    void add(TopicHint hint) {
        collected.put(hint.offset(), hint);
    }

    /** Of broadcasts: this one may have what was collected. */
    void let(BroadcastFollow follow) {
        let.add(follow);
    }

    // ---- when the window is over ----

    /** Nothing is added any more. */
    void over() {
        items = List.copyOf(collected.values());
        chain = new int[items.size()];
        for (int i = items.size() - 1; i >= 0; i--) {
            boolean goesOn = i + 1 < items.size()
                    && items.get(i + 1).before() <= items.get(i).offset();
            chain[i] = goesOn ? chain[i + 1] : i + 1;
        }
    }

    /** Of how many it is to be seen what is due to them. */
    int visits() {
        return followers.walk() == null ? followers.size() : let.size();
    }

    Follow visited(int index) {
        return followers.walk() == null ? followers.get(index) : let.get(index);
    }

    /** Where what this follow is to be sent begins; as many as {@link #end} says are due. */
    int begin(long sent) {
        int begin = 0;
        while (begin < items.size() && items.get(begin).offset() <= sent) {
            begin++;
        }
        return begin;
    }

    /** Behind the last that follows on the one before it without a gap, and that may be had. {@code begin}: nothing is due. */
    int end(int begin, long sent, long mayHave) {
        if (begin == items.size() || items.get(begin).before() > sent) {
            return begin;
        }
        int end = chain[begin];
        while (end > begin && items.get(end - 1).offset() > mayHave) {
            end--;
        }
        return end;
    }

    long offset(int index) {
        return items.get(index).offset();
    }

    Message message(int index) {
        return Objects.requireNonNull(items.get(index).message());
    }

    /** Nobody is to be sent it any more. */
    boolean isDropped(int index) {
        BroadcastWalk walk = followers.walk();
        return walk != null && walk.isDropped(offset(index));
    }
}
