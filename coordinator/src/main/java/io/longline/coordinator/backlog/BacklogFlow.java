package io.longline.coordinator.backlog;

import io.longline.coordinator.BacklogMetrics;
import io.longline.coordinator.outbox.Backlog;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what is behind the streams of shards, whenever their reader has looked: one thread for each that has something to be moved, and few of
 * them at MySQL at a time. From any thread.
 */
public final class BacklogFlow implements Backlog, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BacklogFlow.class);
    /** Each has up to 1 MiB in hand. */
    private static final int AT_A_TIME = 8;

    /** How long a shard waits for its turn at MySQL; then what goes without it is moved first again. */
    private static final Duration TURN = Duration.ofSeconds(1);

    private final Wiring wiring;
    private final List<Place> places;
    private final Semaphore turns = new Semaphore(AT_A_TIME);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** When MySQL is asked again after it was away. */
    private volatile long restsUntilNanos = System.nanoTime();

    private BacklogFlow(BacklogStore store, Archive archive, Wiring wiring) {
        this.wiring = wiring;
        this.places = IntStream.range(0, Shards.COUNT)
                .mapToObj(shard -> new Place(new ShardBacklog(shard, store, archive, wiring), new AtomicBoolean()))
                .toList();
        wiring.metrics.watch(
                () -> places.stream().mapToLong(place -> place.shard.rows()).sum());
    }

    /**
     * What else there is to it.
     *
     * @param arrived is told of a stream into which something has come
     */
    public record Wiring(
            OutboxConfig.Limits limits, BacklogConfig config, Consumer<Stream> arrived, BacklogMetrics metrics) {}

    /** @param busy whether a thread is at it */
    private record Place(ShardBacklog shard, AtomicBoolean busy) {}

    /** Between Redis and, through savers, MySQL. */
    public static BacklogFlow onRedis(RedisStore redis, Peers savers, Wiring wiring) {
        return new BacklogFlow(new RedisBacklog(redis), new ArchiveClient(savers), wiring);
    }

    @Override
    public void look(int shard, long fence, boolean behind) {
        Place place = places.get(shard);
        if (!behind && !(place.shard.isDue(fence) && mayAsk())) {
            return;
        }
        if (place.busy.compareAndSet(false, true)) {
            try {
                threads.execute(() -> move(place, fence));
            } catch (RejectedExecutionException e) {
                place.busy.set(false);
                log.debug("closed, nothing is moved shard={} error={}", shard, e.getMessage());
            }
        }
    }

    @Override
    public void left(int shard) {
        places.get(shard).shard.left();
    }

    private void move(Place place, long fence) {
        try {
            if (place.shard.moveInRedis(fence) && mayAsk() && turns.tryAcquire(TURN.toNanos(), TimeUnit.NANOSECONDS)) {
                try {
                    if (mayAsk()) {
                        place.shard.move(fence);
                    }
                } finally {
                    turns.release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (LonglineException e) {
            restsUntilNanos = System.nanoTime() + wiring.config.retryAfter().toNanos();
            wiring.metrics.failed();
            log.debug("backlog stays where it is error={}", e.getMessage());
        } catch (RuntimeException | Error e) {
            restsUntilNanos = System.nanoTime() + wiring.config.retryAfter().toNanos();
            wiring.metrics.failed();
            log.error("a fault of ours, the backlog stays where it is", e);
        } finally {
            place.busy.set(false);
        }
    }

    private boolean mayAsk() {
        return System.nanoTime() - restsUntilNanos >= 0;
    }

    /** What is under way is broken off: each step may be repeated. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
