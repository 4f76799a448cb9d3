package io.longline.saver.inbox;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.rpc.Deadline;
import io.longline.rpc.v1.Message;
import io.longline.saver.SaverMetrics;
import io.longline.saver.budget.Budgets;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.ProductPolicy;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.inbox.AppendOutcome.Appended;
import io.longline.saver.journal.Journal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;

/** The flows of inboxes for tests of other packages. Product {@code fast} has durability redis, all others mysql. */
public final class Inboxes {
    private static final long DAY_MS = 86_400_000;

    private final Inbox inbox;

    public Inboxes(Shard shard, Journal journal, ShardCalls shards, Returns returns) {
        SaverMetrics metrics = new SaverMetrics(new SimpleMeterRegistry());
        inbox = new Inbox(
                shard.inbox,
                new UnheardAcks(shard.inbox, journal, metrics),
                journal,
                new ProductPolicy(new OneFast()),
                shards,
                returns,
                new Budgets(kind -> {}),
                metrics);
    }

    private static final class OneFast implements Products {
        @Override
        public Optional<Product> find(String id) {
            return all().stream().filter(product -> product.id().equals(id)).findFirst();
        }

        @Override
        public List<Product> all() {
            return List.of(Product.create("fast", Durability.REDIS));
        }
    }

    /** A copy that was stored: where, and what gave way to it (0: nothing did). */
    public record Stored(String device, long seq, long older) {}

    /** A message that was read. */
    public record Read(long seq, String messageId) {}

    public Stored store(Endpoint endpoint, String id, String collapseKey) {
        Message message = Message.newBuilder()
                .setMessageId(id)
                .setText("body of " + id)
                .setCollapseKey(collapseKey)
                .build();
        long expiresAtMs = System.currentTimeMillis() + DAY_MS;
        NewCopy copy = new NewCopy(endpoint, id, expiresAtMs, collapseKey, Urgency.NORMAL, message.toByteString());
        Appended appended = (Appended) inbox.store(copy, deadline());
        return new Stored(appended.device(), appended.seq(), appended.older());
    }

    /** What a session finds when it begins; the whole inbox. */
    public List<Read> open(Endpoint endpoint, long named, long generation) {
        return read(inbox.open(endpoint, named, Reading.first(1000, generation, Shard.ROOM), deadline()));
    }

    public List<Read> load(Endpoint endpoint) {
        return read(inbox.load(endpoint, Reading.further(0, 1000, 0, Shard.ROOM), deadline()));
    }

    private static List<Read> read(Page page) {
        return page.messages().stream()
                .map(one -> new Read(one.seq(), messageId(one)))
                .toList();
    }

    private static String messageId(Page.Stored stored) {
        try {
            return Message.parseFrom(stored.message()).getMessageId();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    public long ack(Endpoint endpoint, long seq) {
        return inbox.ack(endpoint, new Ack(seq, Shard.ROOM, 0), deadline());
    }

    public long pending(Endpoint endpoint) {
        return inbox.pending(endpoint, deadline());
    }

    public int forget(Endpoint endpoint, long uptoSeq) {
        return inbox.forget(endpoint, uptoSeq, DropReason.FORGOTTEN, deadline());
    }

    private static Deadline deadline() {
        return Deadline.afterMillis(20_000);
    }
}
