package io.longline.saver.rebuild;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.saver.SaverMetrics;
import io.longline.saver.journal.Journal;
import io.longline.saver.rebuild.ShardRestore.Restored;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has shards restored that Redis may have lost. A suspicion is cheap: only a shard whose mark is not that of this Redis is
 * restored, by whoever has the lease; the others find it done. A shard stays suspected until somebody has looked.
 */
public final class Rebuild implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Rebuild.class);

    private static final Duration RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(1);
    private static final Duration FLUSH = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(10);

    private final ShardRestore restore;
    private final Journal journal;
    private final Supplier<Optional<Lease>> leases;
    private final SaverMetrics metrics;
    private final ExecutorService workers;
    private final Set<Integer> suspects = ConcurrentHashMap.newKeySet();
    private final ShardDemand demand = new ShardDemand();
    private final Semaphore raised = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("saver-rebuild").unstarted(this::run);
    private volatile boolean closed;
    private boolean failing;
    private int names;

    /**
     * @param leases the right to be the only one that rebuilds, if it can be had now
     * @param parallel how many shards are restored at the same moment; each takes a connection to MySQL
     */
    public Rebuild(
            ShardRestore restore,
            Journal journal,
            Supplier<Optional<Lease>> leases,
            SaverMetrics metrics,
            int parallel) {
        this.restore = restore;
        this.journal = journal;
        this.leases = leases;
        this.metrics = metrics;
        this.workers = Executors.newFixedThreadPool(
                parallel, Thread.ofVirtual().name("saver-restore-", 0).factory());
        metrics.watchRebuild(suspects::size);
    }

    public void start() {
        thread.start();
    }

    /** Somebody found that Redis does not have this shard. Does not block. */
    public void suspect(int shard) {
        demand.askedFor(shard);
        add(shard);
    }

    private void add(int shard) {
        if (suspects.add(shard)) {
            raised.release();
        }
    }

    /** This may be another Redis than before. Does not block. */
    public void suspectAll() {
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            add(shard);
        }
    }

    /** Whether this shard is not known to be well. */
    public boolean suspects(int shard) {
        return suspects.contains(shard);
    }

    /** Shards that are not known to be well. */
    public int suspected() {
        return suspects.size();
    }

    /** False if some are still suspected after that time. */
    public boolean awaitDone(Deadline deadline) {
        while (!suspects.isEmpty()) {
            if (deadline.passed()) {
                return false;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return true;
    }

    private void run() {
        int failures = 0;
        try {
            while (!closed) {
                raised.acquire();
                raised.drainPermits();
                failures = tryLook() ? 0 : failures + 1;
                if (failures > 0) {
                    Thread.sleep(Math.min(RETRY.toMillis() * failures, LONGEST_RETRY.toMillis()));
                    raised.release();
                }
            }
        } catch (InterruptedException e) {
            log.debug("closed");
        }
    }

    private boolean tryLook() throws InterruptedException {
        try {
            return look();
        } catch (RuntimeException e) {
            failed(ErrorTranslator.fromAny(e));
            return false;
        }
    }

    /** False if something remains to be done. */
    private boolean look() throws InterruptedException {
        Optional<Lease> granted = leases.get();
        if (granted.isEmpty()) {
            return false;
        }
        try (Lease lease = granted.get()) {
            // Acks of the last second are better in the journal before it is read.
            journal.flush(Deadline.after(FLUSH));
            String name = lease.fencing() + "-" + ++names;
            ShardRestore.Looked looked = restore.look(suspects, name);
            suspects.removeAll(looked.well());
            Set<Integer> left = new HashSet<>(looked.lost());
            Callable<Restored> task = () -> restore(demand.takeMostAskedFor(left), name, lease);
            List<Callable<Restored>> tasks = Collections.nCopies(left.size(), task);
            boolean done = report(workers.invokeAll(tasks));
            looked.silent().ifPresent(this::failed);
            return done && looked.silent().isEmpty();
        }
    }

    private Restored restore(int shard, String name, Lease lease) {
        if (!lease.valid()) {
            throw LonglineException.dependencyDown("zookeeper", "the lease for rebuilding is lost", null);
        }
        Restored restored = restore.restore(shard, name);
        suspects.remove(shard);
        return restored;
    }

    private boolean report(List<Future<Restored>> done) throws InterruptedException {
        int shards = 0;
        int messages = 0;
        LonglineException error = null;
        for (Future<Restored> each : done) {
            try {
                Restored restored = each.get();
                shards += restored.wasLost() ? 1 : 0;
                messages += restored.messages();
            } catch (ExecutionException e) {
                error = ErrorTranslator.fromAny(e);
            }
        }
        if (shards > 0) {
            metrics.rebuilt(shards, messages);
            log.info("restored into redis: shards={} messages={}", shards, messages);
        }
        if (error != null) {
            failed(error);
            return false;
        }
        failing = false;
        return true;
    }

    private void failed(LonglineException error) {
        if (failing) {
            log.debug("rebuilding failed again", error);
        } else {
            log.warn("rebuilding failed, trying again: suspected={} {}", suspects.size(), error.getMessage());
            failing = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        workers.shutdownNow();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
