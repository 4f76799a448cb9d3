package io.longline.saver.topic;

import io.longline.keeper.rpc.Deadline;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.topic.TopicStore.Reach;
import io.longline.saver.topic.TopicStore.Send;
import io.longline.saver.topic.TopicStore.Untold;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How far rooms were told of topics, and to how many each send went. Not journaled: after a loss of Redis all rooms are told again. */
public final class Reached {
    private final TopicStore store;
    private final ShardCalls shards;

    public Reached(TopicStore store, ShardCalls shards) {
        this.store = store;
        this.shards = shards;
    }

    List<Untold> untold(int shard, long olderThanMs, int limit, Deadline deadline) {
        return shards.call(shard, deadline, () -> store.untold(shard, olderThanMs, limit));
    }

    void told(Topic topic, long upto, Map<String, Reach> rooms, boolean all, Deadline deadline) {
        shards.call(topic.shard(), deadline, () -> store.told(topic, upto, rooms, all));
    }

    /** Empty: there was none of this product, its message left before its time, or it expired an hour ago. */
    Optional<Send> sent(String product, int shard, long offset, Deadline deadline) {
        return shards.call(shard, deadline, () -> store.send(shard, offset))
                .filter(send -> send.topic().product().equals(product));
    }
}
