package io.longline.saver.topic;

import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.budget.Budgets;
import io.longline.saver.budget.Kind;
import io.longline.saver.endpoint.ProductPolicy;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.Journal;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.topic.PublishOutcome.NoRoom;
import io.longline.saver.topic.PublishOutcome.Published;
import io.longline.saver.topic.TopicStore.Named;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes: Redis first, then the journal, then the answer. For products with durability {@code redis} the journal follows by itself.
 */
public final class TopicLogs {
    private static final Logger log = LoggerFactory.getLogger(TopicLogs.class);

    private final TopicStore store;
    private final Journal journal;
    private final ProductPolicy products;
    private final ShardCalls shards;
    private final Budgets budgets;

    public TopicLogs(TopicStore store, Journal journal, ProductPolicy products, ShardCalls shards, Budgets budgets) {
        this.store = store;
        this.journal = journal;
        this.products = products;
        this.shards = shards;
        this.budgets = budgets;
    }

    /**
     * Takes a message, once for each id. A repeated one is journaled like a new one, because the first call may have failed there; the
     * journal takes a row twice without harm.
     */
    PublishOutcome publish(NewMessage message, Deadline deadline) {
        Topic topic = message.topic();
        Durability durability = products.durability(topic.product());
        journal.requireUp(durability);
        while (true) {
            PublishOutcome outcome = append(message, deadline);
            if (!(outcome instanceof Published published)) {
                return outcome;
            }
            journal.write(durability, row(message, published)).await(deadline);
            if (durability == Durability.REDIS || isPublished(message, published.offset(), deadline)) {
                log.debug(
                        "published message_id={} topic={} offset={} repeated={}",
                        message.messageId(),
                        topic.text(),
                        published.offset(),
                        published.repeated());
                return published;
            }
            // Redis was lost, and rebuilt from a journal that did not have the row yet: once more.
            deadline.check();
        }
    }

    private PublishOutcome append(NewMessage message, Deadline deadline) {
        boolean hasRoom = budgets.lacking(message.urgency(), Kind.TOPIC).isEmpty();
        PublishOutcome outcome = shards.call(message.topic().shard(), deadline, () -> store.publish(message, hasRoom));
        if (outcome instanceof NoRoom) {
            budgets.refused(Kind.TOPIC);
        }
        return outcome;
    }

    private boolean isPublished(NewMessage message, long offset, Deadline deadline) {
        Topic topic = message.topic();
        return shards.call(topic.shard(), deadline, () -> store.isPublished(topic, message.messageId(), offset));
    }

    private static JournalEntry row(NewMessage message, Published published) {
        return new JournalEntry.TopicRow(
                message.topic(),
                published.offset(),
                message.messageId(),
                published.sentAtMs(),
                published.expiresAtMs(),
                message.message());
    }

    /** Topics of a product that have a log in a shard, in the order of their names. */
    List<Named> names(String product, int shard, String after, int limit, Deadline deadline) {
        return shards.call(shard, deadline, () -> store.names(product, shard, after, limit));
    }
}
