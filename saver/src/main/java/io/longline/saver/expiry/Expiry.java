package io.longline.saver.expiry;

import io.longline.keeper.discovery.Node;
import io.longline.keeper.pool.QueuedPool;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Rendezvous;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.MessageEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/**
 * Looks through inboxes in which something has expired, in every shard by itself: each second where the shard is this saver's among all
 * that are ready, and some seconds later where another one's was not looked at in time. Who looks claims what it looks at in the step that
 * finds it, so two that take a shard for theirs do no harm.
 */
public final class Expiry implements AutoCloseable {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final List<ShardExpiry> shards;
    private final String self;
    private final List<Thread> threads = new ArrayList<>();
    private volatile List<Node> savers = List.of();

    /**
     * How one inbox is looked through: what has expired is dropped, and told.
     *
     * @param here false where a part of it is in MySQL alone, and nothing was done
     * @param whole with that part; slow, or not to be had
     */
    public record Look(BiPredicate<Endpoint, Deadline> here, BiConsumer<Endpoint, Deadline> whole) {}

    /**
     * Creates it.
     *
     * @param self this saver's instance
     * @param slow runs looks at what is in MySQL alone
     */
    public Expiry(RedisExpiry store, MessageEvents events, Look look, QueuedPool slow, String self) {
        this.self = self;
        ShardExpiry.Tools tools = new ShardExpiry.Tools(store, events, look, slow, this::isMine);
        this.shards = IntStream.range(0, Shards.COUNT)
                .mapToObj(shard -> new ShardExpiry(shard, tools))
                .toList();
    }

    /** The savers that there are now. From any thread. */
    public void members(List<Node> present) {
        savers = List.copyOf(present);
    }

    private boolean isMine(int shard) {
        return Rendezvous.owner(shard, savers).filter(self::equals).isPresent();
    }

    public void start() {
        for (ShardExpiry shard : shards) {
            threads.add(Thread.startVirtualThread(shard::run));
        }
    }

    /** What was claimed and not looked at is due again by itself. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        Deadline deadline = Deadline.after(CLOSE_PATIENCE);
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofNanos(Math.max(1, deadline.remainingNanos())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
