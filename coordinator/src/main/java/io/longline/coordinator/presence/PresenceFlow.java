package io.longline.coordinator.presence;

import io.longline.coordinator.PresenceMetrics;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.keeper.product.Products;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.shard.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** Looks, every half second, at the shards whose lease this coordinator has: what changed is told, and what was told is logged. */
public final class PresenceFlow implements AutoCloseable {
    private final List<ShardPresence> shards;
    private final List<Thread> threads = new ArrayList<>();

    private PresenceFlow(ShardPresence.Tools tools, PresenceMetrics metrics) {
        this.shards = IntStream.range(0, Shards.COUNT)
                .mapToObj(shard -> new ShardPresence(shard, tools))
                .toList();
        metrics.watch(
                () -> shards.stream().mapToInt(ShardPresence::marks).sum(),
                () -> shards.stream().mapToLong(ShardPresence::overdueMs).max().orElse(0));
    }

    /**
     * The outbox, whose leases these are.
     *
     * @param fence of a shard's lease, under which it is told; 0: it is not ours
     * @param wake something was put into a shard's outbox
     */
    public record Leases(IntToLongFunction fence, IntConsumer wake) {}

    /** What else there is to it. */
    public record Wiring(PresenceConfig config, OutboxConfig.Limits limits, PresenceMetrics metrics) {}

    /** With what it tells in Redis. */
    public static PresenceFlow onRedis(RedisStore redis, Products products, Leases leases, Wiring wiring) {
        PresenceStore store = new RedisPresence(redis, wiring.limits, wiring.config.log());
        return new PresenceFlow(
                new ShardPresence.Tools(store, products, leases, wiring.config, wiring.metrics), wiring.metrics);
    }

    public void start() {
        for (ShardPresence shard : shards) {
            threads.add(Thread.startVirtualThread(shard::run));
        }
    }

    /** What is not told yet stands in Redis. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
