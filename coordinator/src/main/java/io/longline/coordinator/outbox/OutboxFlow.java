package io.longline.coordinator.outbox;

import io.longline.coordinator.OutboxMetrics;
import io.longline.coordinator.callback.Gates;
import io.longline.coordinator.callback.Places;
import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.product.Products;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Rendezvous;
import io.longline.keeper.shard.Shards;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A reader for each shard. A shard belongs to the coordinator to which rooms bring its uplinks, so that whoever takes one in has the lease,
 * mostly, and sends it on at once.
 */
public final class OutboxFlow implements AutoCloseable {
    private final String instance;
    private final Discovery discovery;
    private final Gates gates;
    private final List<ShardReader> readers;
    private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Thread> threads = new ArrayList<>();
    private @Nullable AutoCloseable watch;

    private OutboxFlow(String instance, Discovery discovery, Products products, OutboxStore store, Wiring wiring) {
        this.instance = instance;
        this.discovery = discovery;
        this.gates = new Gates(products, wiring.places);
        Delivery delivery = new Delivery(store, wiring.answers, wiring.metrics, deliveries);
        ShardReader.Tools tools = new ShardReader.Tools(
                store,
                gates,
                delivery,
                new Lanes(gates, delivery, deliveries),
                new Burials(
                        store,
                        wiring.letters,
                        wiring.config.deadAfter(),
                        InstantSource.system(),
                        wiring.metrics,
                        deliveries),
                new References(wiring.references),
                wiring.config,
                wiring.backlog,
                instance + "/" + UUID.randomUUID(),
                this::isOurs);
        this.readers = IntStream.range(0, Shards.COUNT)
                .mapToObj(shard -> new ShardReader(shard, tools))
                .toList();
        wiring.metrics.watch(wiring.places, tools.references()::size, wiring.references);
        wiring.metrics.watch(
                () -> (int) readers.stream().filter(ShardReader::isHeld).count(),
                () -> readers.stream().mapToInt(ShardReader::size).sum());
    }

    /**
     * What else there is to it.
     *
     * @param places for requests to callbacks
     * @param references to what waits, that all readers together may have
     */
    public record Wiring(
            OutboxConfig config,
            Places places,
            int references,
            Answers answers,
            DeadLetters letters,
            Backlog backlog,
            OutboxMetrics metrics) {}

    /**
     * With its streams in Redis.
     *
     * @param instance of this coordinator, as it is announced
     */
    public static OutboxFlow onRedis(
            RedisStore redis, String instance, Discovery discovery, Products products, Wiring wiring) {
        return new OutboxFlow(instance, discovery, products, new RedisOutbox(redis), wiring);
    }

    /** Under which this coordinator carries the shard's events; 0: another does, or none. */
    public long fence(int shard) {
        return readers.get(shard).fence();
    }

    /** Something of this shard has just come in. */
    public void wake(int shard) {
        readers.get(shard).wake();
    }

    public void start() {
        for (ShardReader reader : readers) {
            threads.add(Thread.startVirtualThread(reader::run));
        }
        watch = discovery.watch("coordinator", _ -> readers.forEach(ShardReader::wake));
    }

    private boolean isOurs(int shard) {
        return Rendezvous.owner(shard, discovery.nodes("coordinator"))
                .filter(instance::equals)
                .isPresent();
    }

    /** Begins nothing more, waits a little for what is under way, and gives the leases back of which nothing is. */
    @Override
    public void close() {
        try {
            AutoCloseable watching = watch;
            if (watching != null) {
                watching.close();
            }
            threads.forEach(Thread::interrupt);
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the watch on coordinators did not close", e);
        }
        deliveries.shutdownNow();
        gates.close();
    }
}
