package io.longline.saver.topic;

import io.longline.keeper.rpc.Deadline;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.Journal;
import io.longline.saver.topic.TopicStore.Head;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** How far endpoints are in topics. The journal hears of it within some seconds: what a loss of Redis undoes is repeated. */
public final class Positions {
    /** The most of the newest messages that somebody may want. */
    static final int MOST_NEWEST = 1000;
    /** Of a question that is shared: nobody's own deadline is all others'. */
    private static final Duration ASK = Duration.ofSeconds(5);

    private final TopicStore store;
    private final Journal journal;
    private final ShardCalls shards;
    private final SharedReads<Asked, Head> heads = new SharedReads<>();

    public Positions(TopicStore store, Journal journal, ShardCalls shards) {
        this.store = store;
        this.journal = journal;
        this.shards = shards;
    }

    private record Asked(Topic topic, int newest) {}

    /**
     * What decides where an endpoint begins.
     *
     * @param from where it began to follow
     * @param after the client names an offset
     * @param last or wants so many of the newest messages, at most {@value #MOST_NEWEST}
     */
    record Wish(OptionalLong from, OptionalLong after, OptionalInt last) {}

    /** Where the endpoint begins to read, and where the log ends; a device that is empty stands for nobody, who has acknowledged nothing. */
    Head position(Endpoint endpoint, String topic, Wish wish, Deadline deadline) {
        Topic of = new Topic(endpoint.product(), topic);
        if (wish.after().isPresent()) {
            Head head = head(of, 0, deadline);
            return at(head, Math.min(wish.after().getAsLong(), head.given()));
        }
        if (wish.last().isPresent()) {
            return head(of, wish.last().getAsInt(), deadline);
        }
        long passed = endpoint.device().isEmpty()
                ? 0
                : shards.call(endpoint.shard(), deadline, () -> store.passed(endpoint, topic));
        Head head = head(of, 0, deadline);
        if (passed == 0 && wish.from().isEmpty()) {
            return at(head, head.last());
        }
        // What it has acknowledged it has, also of a broadcast that not everybody may read yet.
        return at(
                head,
                Math.max(Math.min(passed, head.given()), Math.min(wish.from().orElse(0), head.last())));
    }

    private static Head at(Head head, long position) {
        return new Head(head.last(), position, head.given());
    }

    private Head head(Topic topic, int newest, Deadline deadline) {
        return heads.read(
                new Asked(topic, newest),
                () -> shards.call(topic.shard(), Deadline.after(ASK), () -> store.head(topic, newest)),
                deadline);
    }

    /**
     * Acknowledges everything up to an offset; answers the one that holds. It is journaled also where nothing moved: the answer to whoever moved
     * it may have been lost.
     */
    long pass(Endpoint endpoint, String topic, long offset, Deadline deadline) {
        long passed = shards.call(endpoint.shard(), deadline, () -> store.pass(endpoint, topic, offset));
        if (passed > 0) {
            journal.passed(endpoint, topic, passed);
        }
        return passed;
    }
}
