package io.longline.saver.journal;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.endpoint.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the journal from one virtual thread: what has gathered while the last group was committed is the next group, and
 * where many come at a time it waits a moment for more. While MySQL is away the group at hand is tried again until it
 * succeeds, so nothing that was taken is given up but by {@link #close}.
 */
public final class MysqlJournal implements Journal, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MysqlJournal.class);

    /** Larger ones cost no less a row, and make those wait who are in it. */
    private static final int GROUP = 128;
    /** While it is the commit that takes long and not the rows. */
    private static final int LARGE_GROUP = 4096;

    private static final Duration LONG_COMMIT = Duration.ofMillis(200);
    private static final long GROUP_BYTES = 4 * 1024 * 1024;
    /** After a group of so many, the next is worth waiting for. */
    private static final int BUSY = 8;

    private static final Duration GATHER = Duration.ofMillis(2);
    private static final int WATERMARK_GROUP = 512;
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration WATERMARK_PERIOD = Duration.ofSeconds(1);
    private static final Duration PASSES_PERIOD = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMillis(200);
    /** How long is waited for a commit that is wished for and not required. */
    private static final Duration WISH = Duration.ofMillis(500);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(3);
    /** After so many, one after the other, it is a failure. */
    private static final int COLLISIONS = 5;

    private final MysqlDatabase database;
    private final Duration timeout;
    private final SaverMetrics metrics;
    private final JournalQueue queue;
    private final WatermarkTable<Endpoint> watermarks;
    private final WatermarkTable<PassedTopic> passes;
    private final MysqlBreaker breaker;
    private final Thread writer = Thread.ofVirtual().name("saver-journal").unstarted(this::run);
    private volatile boolean closing;
    private volatile Deadline end = Deadline.after(Duration.ZERO);
    private volatile boolean writing;
    private volatile long writingSince;
    /** Of the last group; the writer's alone. */
    private int lastSize;

    private long lastNanos;

    public MysqlJournal(MysqlDatabase database, JournalConfig config, SaverMetrics metrics) {
        this.database = database;
        this.timeout = config.timeout();
        this.metrics = metrics;
        this.queue = new JournalQueue(config.queueEntries(), config.queueBytes(), config.linger(), System::nanoTime);
        this.watermarks = new WatermarkTable<>(config.watermarks(), Endpoint::text);
        this.passes = new WatermarkTable<>(config.watermarks(), PassedTopic::text);
        this.breaker = MysqlBreaker.ofWriter(config.timeout());
        metrics.watchJournal(queue::depth, queue.limit(), watermarks::depth, watermarks.limit());
        metrics.watchPasses(passes::depth, passes.limit());
        metrics.watchMysql(() -> !isAway());
    }

    public void start() {
        writer.start();
    }

    @Override
    public Receipt write(Durability durability, List<JournalEntry> entries) {
        Optional<Waiting> taken = offer(durability, entries);
        return durability == Durability.MYSQL ? required(taken) : Receipt.DONE;
    }

    @Override
    public Receipt keep(Durability durability, List<JournalEntry> entries) {
        Optional<Waiting> taken = offer(durability, entries);
        if (durability == Durability.MYSQL) {
            return required(taken);
        }
        return taken.isEmpty() || isAway()
                ? Receipt.DONE
                : Receipt.wished(taken.get().committed(), WISH);
    }

    private Receipt required(Optional<Waiting> taken) {
        return taken.map(waiting -> Receipt.required(waiting.committed(), timeout))
                .orElse(Receipt.DONE);
    }

    /** Empty where there is nothing to write, or no room for what nobody has to wait for. */
    private Optional<Waiting> offer(Durability durability, List<JournalEntry> entries) {
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        requireUp(durability);
        Optional<Waiting> taken = queue.offer(durability, entries);
        if (taken.isPresent()) {
            return taken;
        }
        metrics.journalRefused(durability, entries.size());
        if (durability == Durability.MYSQL) {
            throw new LonglineException(ErrorCode.OVERLOADED, "the journal's queue is full").retryAfter(RETRY_AFTER);
        }
        return Optional.empty();
    }

    @Override
    public void requireUp(Durability durability) {
        if (durability == Durability.MYSQL && isAway()) {
            throw LonglineException.dependencyDown("mysql", "mysql is away", null)
                    .retryAfter(RETRY_AFTER);
        }
    }

    /** Whether MySQL takes nothing at present, or too slowly. */
    public boolean isAway() {
        boolean stuck = writing && System.nanoTime() - writingSince > timeout.toNanos();
        return stuck || !breaker.isClosed();
    }

    /** Whether more waits than a group: what can wait should. */
    public boolean isBehind() {
        return isAway() || queue.depth() > GROUP || watermarks.depth() > WATERMARK_GROUP;
    }

    @Override
    public void acked(Endpoint endpoint, long seq) {
        metrics.journalCancelled(queue.cancel(endpoint, seq));
        if (!watermarks.raise(endpoint, seq)) {
            metrics.watermarkDropped();
        }
    }

    @Override
    public void passed(Endpoint endpoint, String topic, long offset) {
        if (!passes.raise(new PassedTopic(endpoint, topic), offset)) {
            metrics.passDropped();
        }
    }

    @Override
    public void requireRoomForAck(Endpoint endpoint) {
        if (!watermarks.hasRoomFor(endpoint)) {
            throw new LonglineException(
                            ErrorCode.OVERLOADED,
                            "the watermarks of " + watermarks.limit() + " endpoints wait to be written")
                    .retryAfter(RETRY_AFTER);
        }
    }

    @Override
    public void hurry() {
        queue.hurry();
    }

    @Override
    public boolean flush(Deadline deadline) {
        long taken = queue.hurry();
        int acks = watermarks.depth();
        while (!queue.isWritten(taken) || acks > 0) {
            if (deadline.passed()) {
                return false;
            }
            if (acks > 0 && writeWatermarks()) {
                acks -= WATERMARK_GROUP;
            } else {
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }
        return true;
    }

    /** Writes what waits, as far as that can be done in 3 s. */
    @Override
    public void close() {
        end = Deadline.after(CLOSE);
        closing = true;
        queue.hurry();
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (waiting() > 0) {
            log.warn(
                    "not written to mysql: entries={} watermarks={} offsets of topics={}",
                    queue.depth(),
                    watermarks.depth(),
                    passes.depth());
        }
    }

    private void run() {
        Deadline nextWatermarks = Deadline.after(WATERMARK_PERIOD);
        Deadline nextPasses = Deadline.after(PASSES_PERIOD);
        while (!isOver()) {
            try {
                writeNext();
                if (watermarks.depth() > 0 && (closing || nextWatermarks.passed())) {
                    writeWatermarks();
                }
                if (nextWatermarks.passed() && watermarks.depth() < WATERMARK_GROUP) {
                    nextWatermarks = Deadline.after(WATERMARK_PERIOD);
                }
                if (passes.depth() > 0 && (closing || nextPasses.passed())) {
                    writePasses();
                }
                if (nextPasses.passed() && passes.depth() < WATERMARK_GROUP) {
                    nextPasses = Deadline.after(PASSES_PERIOD);
                }
            } catch (InterruptedException | RuntimeException e) {
                log.error("the journal's writer goes on after an error", e);
            }
        }
    }

    private void writeNext() throws InterruptedException {
        int most = lastNanos > LONG_COMMIT.toNanos() ? LARGE_GROUP : GROUP;
        Duration gather = lastSize >= BUSY && !closing ? GATHER : Duration.ZERO;
        List<Waiting> group = queue.take(most, GROUP_BYTES, closing ? Duration.ZERO : LOOK, gather);
        lastSize = group.size();
        if (!group.isEmpty()) {
            long began = System.nanoTime();
            write(group);
            lastNanos = System.nanoTime() - began;
        } else if (!breaker.isClosed() && watermarks.depth() == 0) {
            attempt(connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SELECT 1");
                }
            });
        }
        queue.done();
    }

    private boolean isOver() {
        return closing && (waiting() == 0 || end.passed());
    }

    private int waiting() {
        return queue.depth() + watermarks.depth() + passes.depth();
    }

    private void write(List<Waiting> group) {
        writingSince = System.nanoTime();
        writing = true;
        try {
            while (!tryWrite(group)) {
                if (closing && end.passed()) {
                    LonglineException error =
                            LonglineException.dependencyDown("mysql", "closed before mysql took it", null);
                    group.forEach(waiting -> waiting.committed().completeExceptionally(error));
                    log.warn("not written to mysql: groups of entries={}", group.size());
                    return;
                }
                LockSupport.parkNanos(RETRY.toNanos());
            }
        } finally {
            writing = false;
        }
    }

    /** False if it is to be tried again. */
    private boolean tryWrite(List<Waiting> group) {
        List<JournalEntry> entries =
                group.stream().flatMap(waiting -> waiting.entries().stream()).toList();
        long began = System.nanoTime();
        Attempt attempt = attempt(connection -> MysqlStatements.write(connection, entries));
        if (attempt.error.filter(MysqlErrors::isBadValue).isPresent()) {
            refuse(group, attempt.error.get());
            return true;
        }
        if (attempt.done) {
            metrics.committed(entries.size(), System.nanoTime() - began);
            group.forEach(waiting -> waiting.committed().complete(null));
        }
        return attempt.done;
    }

    /** A value that MySQL does not take fails alone. */
    private void refuse(List<Waiting> group, SQLException cause) {
        if (group.size() > 1) {
            group.forEach(waiting -> write(List.of(waiting)));
            return;
        }
        Waiting only = group.getFirst();
        log.error("mysql refuses an entry, it is left out", cause);
        only.committed()
                .completeExceptionally(new LonglineException(ErrorCode.INTERNAL, "mysql refuses the entry", cause));
    }

    /** Some of them; false if it is to be tried again. One thread at a time: who comes next finds none that are on their way. */
    private synchronized boolean writeWatermarks() {
        List<Map.Entry<Endpoint, Long>> some = watermarks.some(WATERMARK_GROUP);
        return write(watermarks, some, connection -> MysqlStatements.writeWatermarks(connection, some));
    }

    /** Some of them; those that could not be written are tried again. */
    private void writePasses() {
        List<Map.Entry<PassedTopic, Long>> some = passes.some(WATERMARK_GROUP);
        boolean _ = write(passes, some, connection -> MysqlStatements.writeOffsets(connection, some));
    }

    private <K> boolean write(WatermarkTable<K> table, List<Map.Entry<K, Long>> some, Work work) {
        boolean done = false;
        try {
            done = attempt(work).done;
        } finally {
            if (done) {
                table.written(some);
            } else {
                table.left(some);
            }
        }
        return done;
    }

    @FunctionalInterface
    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    /** Whether it was done; what MySQL said to it if it was not, and was asked. */
    private record Attempt(boolean done, Optional<SQLException> error) {}

    private Attempt attempt(Work work) {
        if (!breaker.allows()) {
            return new Attempt(false, Optional.empty());
        }
        long began = System.nanoTime();
        for (int collisions = 0; true; collisions++) {
            try (Connection connection = database.writerConnection()) {
                work.on(connection);
                breaker.succeeded(began);
                return new Attempt(true, Optional.empty());
            } catch (SQLException e) {
                if (!MysqlErrors.isCollision(e) || collisions == COLLISIONS) {
                    failed(began, e);
                    return new Attempt(false, Optional.of(e));
                }
                log.debug("somebody else was at the same rows, once more", e);
            }
        }
    }

    private void failed(long began, SQLException e) {
        if (MysqlErrors.isBadValue(e)) {
            breaker.succeeded(began); // MySQL is well
        } else {
            metrics.journalFailed();
            breaker.failed(began, e);
        }
    }
}
