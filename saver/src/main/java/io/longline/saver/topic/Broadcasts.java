package io.longline.saver.topic;

import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry.Settled;
import java.util.List;

/** What became of broadcasts: who may read them, when their jobs have ended. */
public final class Broadcasts {
    /** Topics that a product has for them. */
    static final int MOST_TOPICS = 1000;

    private final TopicStore store;
    private final Journal journal;
    private final ShardCalls shards;

    public Broadcasts(TopicStore store, Journal journal, ShardCalls shards) {
        this.store = store;
        this.journal = journal;
        this.shards = shards;
    }

    /**
     * Opens a broadcast to everybody, or removes it; safe to repeat. The journal has it first, whatever the durability of the product: whoever
     * rebuilds a Redis that is lost from then on finds it there, and where one is being rebuilt this waits until it is.
     */
    void settle(Settled settled, Deadline deadline) {
        journal.write(Durability.MYSQL, settled).await(deadline);
        shards.call(settled.topic().shard(), deadline, () -> store.settle(settled));
    }

    /** The broadcast topics of a product in which something was published, in the order of their names. */
    List<String> topics(String product, Deadline deadline) {
        return shards.call(Topic.shardOfBroadcasts(product), deadline, () -> store.broadcasts(product, MOST_TOPICS));
    }
}
