package io.longline.register.rebuild;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.rpc.Deadline;
import io.longline.register.RegisterMetrics;
import io.longline.register.endpoint.FollowNote;
import io.longline.register.endpoint.Incarnation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the lost shards again. Whatever fails breaks it off, the shards stay lost, and the loop runs it anew: each step may
 * be done twice.
 */
public final class RebuildFlow implements LeasedLoop.Task {
    private static final Logger log = LoggerFactory.getLogger(RebuildFlow.class);
    private static final Duration SHARD_READ = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration LATE_LOOK = Duration.ofSeconds(1);
    private static final int SHARDS_AT_A_TIME = 8;
    private static final int CHUNK = 100;

    private final RedisRebuildStore store;
    private final JournalClient journal;
    private final RoomClient rooms;
    private final RebuildConfig config;
    private final RegisterMetrics metrics;

    public RebuildFlow(
            RedisRebuildStore store,
            JournalClient journal,
            RoomClient rooms,
            RebuildConfig config,
            RegisterMetrics metrics) {
        this.store = store;
        this.journal = journal;
        this.rooms = rooms;
        this.config = config;
        this.metrics = metrics;
    }

    @Override
    public boolean due() {
        Set<Integer> lost = store.lost();
        metrics.lostShards(lost.size());
        return !lost.isEmpty();
    }

    @Override
    public void run(Lease lease) throws InterruptedException {
        long began = System.nanoTime();
        Set<Integer> shards = store.claim(store.lost(), lease.fencing());
        if (shards.isEmpty()) {
            return; // Another register was through before we got the lease.
        }
        log.info("rebuild begins shards={}", shards.size());
        restoreJournaled(shards, lease.fencing());
        Duration journaledTook = Duration.ofNanos(System.nanoTime() - began);
        try (RoomRefills refills = new RoomRefills(rooms, store, shards, lease.fencing())) {
            Set<Incarnation> owing = ask(refills, lease);
            store.finish(shards, lease.fencing());
            metrics.lostShards(store.lost().size());
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            metrics.rebuilt(took, shards.size());
            log.info(
                    "rebuild is through shards={} journaled_ms={} ms={}",
                    shards.size(),
                    journaledTook.toMillis(),
                    took.toMillis());
            if (!owing.isEmpty()) {
                metrics.roomsLate(owing.size());
                log.warn("rooms have not told their sessions and are asked on rooms={}", owing);
                askOn(refills, lease);
            }
        }
    }

    private void restoreJournaled(Set<Integer> shards, long fencing) throws InterruptedException {
        ExecutorService readers = Executors.newFixedThreadPool(
                SHARDS_AT_A_TIME, Thread.ofVirtual().name("rebuild-journaled").factory());
        try {
            List<Future<?>> reading = new ArrayList<>();
            for (int shard : shards) {
                reading.add(readers.submit(() -> {
                    restoreDevices(shard, fencing);
                    restoreFollows(shard, fencing);
                }));
            }
            for (Future<?> read : reading) {
                read.get();
            }
        } catch (ExecutionException e) {
            throw ErrorTranslator.fromAny(e);
        } finally {
            readers.shutdownNow();
        }
    }

    private void restoreDevices(int shard, long fencing) {
        Chunks<JournaledDevice> chunks = new Chunks<>(chunk -> store.restoreDevices(shard, chunk, fencing));
        journal.devices(shard, Deadline.after(SHARD_READ), chunks::add);
        chunks.finish();
    }

    /** Read twice, because what a user follows has to be there before what one of its devices does not. */
    private void restoreFollows(int shard, long fencing) {
        for (boolean ofUsers : List.of(true, false)) {
            Chunks<FollowNote> chunks = new Chunks<>(chunk -> store.restoreFollows(shard, chunk, fencing));
            journal.follows(shard, Deadline.after(SHARD_READ), note -> {
                if (note.endpoint().device().isEmpty() == ofUsers) {
                    chunks.add(note);
                }
            });
            chunks.finish();
        }
    }

    /** Rows of the journal, so many at a time. */
    private static final class Chunks<T> {
        private final Consumer<List<T>> restore;
        private final List<T> chunk = new ArrayList<>();

        Chunks(Consumer<List<T>> restore) {
            this.restore = restore;
        }

        void add(T row) {
            chunk.add(row);
            if (chunk.size() == CHUNK) {
                finish();
            }
        }

        void finish() {
            if (!chunk.isEmpty()) {
                restore.accept(chunk);
                chunk.clear();
            }
        }
    }

    /** Until all living rooms have answered, or patience ends; answers who has not. */
    private Set<Incarnation> ask(RoomRefills refills, Lease lease) throws InterruptedException {
        Deadline patient = Deadline.after(config.roomPatience());
        Set<Incarnation> owing = refills.owing();
        while (!owing.isEmpty() && !patient.passed()) {
            if (!lease.valid()) {
                throw LonglineException.dependencyDown("zookeeper", "the lease ended during a rebuild", null);
            }
            Thread.sleep(LOOK);
            owing = refills.owing();
        }
        return owing;
    }

    /** The shards are whole, so what comes late is only added. */
    private void askOn(RoomRefills refills, Lease lease) throws InterruptedException {
        while (!refills.owing().isEmpty() && lease.valid()) {
            if (due()) {
                throw new LonglineException(ErrorCode.SHARD_LOST, "shards were lost again");
            }
            Thread.sleep(LATE_LOOK);
        }
    }
}
