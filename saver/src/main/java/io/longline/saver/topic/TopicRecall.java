package io.longline.saver.topic;

import com.google.protobuf.ByteString;
import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.Settled.How;
import io.longline.saver.topic.PublishOutcome.Published;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes messages out of the logs of topics for good; one that has not come yet is refused from then on. */
public final class TopicRecall {
    private static final Logger log = LoggerFactory.getLogger(TopicRecall.class);

    private final TopicStore store;
    private final Journal journal;
    private final ShardCalls shards;

    public TopicRecall(TopicStore store, Journal journal, ShardCalls shards) {
        this.store = store;
        this.journal = journal;
        this.shards = shards;
    }

    /**
     * Recalls the message of this id; safe to repeat. The journal has it before it leaves the log, whatever the durability of the product, as with
     * broadcasts. Where Redis was lost meanwhile, and rebuilt from a journal that did not have the message yet, it is looked for once more.
     *
     * @return where it stood, or would stand; {@code repeated}: it had come, or was recalled before
     */
    Published recall(Topic topic, String messageId, Deadline deadline) {
        while (true) {
            Published found = shards.call(topic.shard(), deadline, () -> store.recall(topic, messageId));
            Settled settled = new Settled(topic, found.offset(), How.REMOVE);
            journal.write(Durability.MYSQL, settled).await(deadline);
            journal.write(Durability.MYSQL, row(topic, messageId, found)).await(deadline);
            shards.call(topic.shard(), deadline, () -> store.settle(settled));
            if (shards.call(topic.shard(), deadline, () -> store.isPublished(topic, messageId, found.offset()))) {
                log.debug("recalled message_id={} topic={} offset={}", messageId, topic.text(), found.offset());
                return found;
            }
            deadline.check();
        }
    }

    /**
     * Keeps the offset, and the id refused, where the journal has no row of the message: it never came, or is being published. Else it changes nothing.
     * It comes second: by itself it would be a message of nothing.
     */
    private static JournalEntry row(Topic topic, String messageId, Published found) {
        return new JournalEntry.TopicRow(
                topic, found.offset(), messageId, found.sentAtMs(), found.expiresAtMs(), ByteString.EMPTY);
    }
}
