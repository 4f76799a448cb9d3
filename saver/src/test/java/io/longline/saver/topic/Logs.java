package io.longline.saver.topic;

import com.google.protobuf.ByteString;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.LogLimits;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.ProductPolicy;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.endpoint.TopicKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.topic.PublishOutcome.Published;
import io.longline.saver.topic.TopicStore.Reach;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Logs in a Redis, for tests of the scripts; also for those of other packages. */
public final class Logs {
    public static final long HOUR_MS = 3_600_000;
    private static final AtomicInteger topics = new AtomicInteger();

    private final Shard shard;
    final RedisTopics store;

    public Logs(Shard shard, int messages, long bytes) {
        this(shard, limits(messages, bytes));
    }

    public Logs(Shard shard, TopicLimits limits) {
        this.shard = shard;
        store = new RedisTopics(shard.redis, limits);
    }

    /** Of all topics of all products. */
    public static TopicLimits limits(int messages, long bytes) {
        return limits(messages, bytes, LogLimits.NONE);
    }

    /** Of product {@code demo} within those. */
    public static TopicLimits limits(int messages, long bytes, LogLimits ofDemo) {
        return limits(messages, bytes, () -> ofDemo);
    }

    /** The same, changed while they hold. */
    public static TopicLimits limits(int messages, long bytes, Supplier<LogLimits> ofDemo) {
        return new TopicLimits(new TopicConfig(messages, bytes, 0), new ProductPolicy(new Demo(ofDemo)));
    }

    private record Demo(Supplier<LogLimits> limits) implements Products {
        @Override
        public Optional<Product> find(String id) {
            return all().stream().filter(product -> product.id().equals(id)).findFirst();
        }

        @Override
        public List<Product> all() {
            return List.of(Product.create("demo", Durability.REDIS).with("topic_log", limits.get()));
        }
    }

    /** One nobody else in this run has. */
    public static Topic someTopic() {
        return new Topic("demo", "topic-" + topics.incrementAndGet());
    }

    /** Likewise, for broadcasts. */
    public static Topic someBroadcastTopic() {
        return new Topic("demo", "*topic-" + topics.incrementAndGet());
    }

    /** Of a message that is sent now and lives for so long. */
    static NewMessage message(Topic topic, String id, long livesMs) {
        return message(topic, id, 0, livesMs, "body of " + id);
    }

    static NewMessage message(Topic topic, String id, long sentAtMs, long expiresAtMs, String body) {
        return new NewMessage(topic, id, sentAtMs, expiresAtMs, ByteString.copyFromUtf8(body), Urgency.NORMAL);
    }

    Published publish(NewMessage message) {
        return (Published) Shard.await(store.publish(message, true));
    }

    /** The offset of one that lives for an hour. */
    public long publish(Topic topic, String id) {
        return publish(message(topic, id, HOUR_MS)).offset();
    }

    /** The offset of one that has expired. */
    public long publishExpired(Topic topic, String id) {
        long now = System.currentTimeMillis();
        return publish(message(topic, id, now - 2 * HOUR_MS, now - HOUR_MS, "body of " + id))
                .offset();
    }

    LogRead read(Topic topic, long after, int limit) {
        return read(topic, after, 0, limit);
    }

    LogRead read(Topic topic, long after, long upto, int limit) {
        return Shard.await(store.read(topic, after, upto, limit));
    }

    /** All that is in a log. */
    public List<String> bodies(Topic topic) {
        return bodies(read(topic, 0, 500).page());
    }

    static List<String> bodies(LogPage page) {
        return page.entries().stream()
                .map(entry -> entry.message().toStringUtf8())
                .toList();
    }

    public List<Long> offsets(Topic topic) {
        return read(topic, 0, 500).page().entries().stream()
                .map(LogPage.Entry::offset)
                .toList();
    }

    /** The first offset that is kept, where messages are missed behind this one; 0: none are. */
    public long gap(Topic topic, long after) {
        return read(topic, after, 500).page().gap();
    }

    public boolean isPublished(Topic topic, String id, long offset) {
        return Shard.await(store.isPublished(topic, id, offset));
    }

    public boolean isUntold(Topic topic) {
        return Shard.await(store.untold(topic.shard(), 0, 1000)).stream()
                .anyMatch(untold -> untold.topic().equals(topic));
    }

    public void settle(Settled settled) {
        Shard.await(store.settle(settled));
    }

    /** Of which topics that are for broadcasts something was published. */
    public List<String> broadcasts(String product) {
        return Shard.await(store.broadcasts(product, 1000));
    }

    /** The bodies of what is in a log for whoever may read so far. */
    public List<String> bodies(Topic topic, long upto) {
        return bodies(read(topic, 0, upto, 500).page());
    }

    /** A room says to how many it went. */
    public void told(Topic topic, long upto, String room, long followers, long written) {
        Shard.await(store.told(topic, upto, Map.of(room, new Reach(followers, written)), false));
    }

    /** How many are in a log, also those that have expired and that nobody has met. */
    public long entries(Topic topic) {
        return Shard.await(shard.redis.command(TopicKeys.log(topic), it -> it.xlen(TopicKeys.log(topic))));
    }

    Published recall(Topic topic, String id) {
        Published found = Shard.await(store.recall(topic, id));
        settle(new Settled(topic, found.offset(), Settled.How.REMOVE));
        return found;
    }

    /** What became of a send. */
    TopicStore.Send send(Topic topic, long offset) {
        return Shard.await(store.send(topic.shard(), offset)).orElseThrow();
    }

    public boolean isRecalled(Topic topic, long offset) {
        return send(topic, offset).recalled();
    }

    public boolean hasSend(Topic topic, long offset) {
        return Shard.await(store.send(topic.shard(), offset)).isPresent();
    }
}
