package io.longline.saver.journal;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalQueue.Waiting;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the journal from one virtual thread: what has gathered while the last group was committed is the next group. While
 * MySQL is away the group at hand is tried again until it succeeds, so nothing that was taken is given up but by {@link
 * #close}.
 */
public final class MysqlJournal implements Journal, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MysqlJournal.class);

    private static final int GROUP = 200;
    private static final long GROUP_BYTES = 4 * 1024 * 1024;
    private static final int WATERMARK_GROUP = 500;
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration WATERMARK_PERIOD = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(3);
    /** One may be the end of a connection that had idled too long, or a deadlock. */
    private static final int FAILURES_OF_AN_OUTAGE = 2;

    private final MysqlDatabase database;
    private final Duration timeout;
    private final SaverMetrics metrics;
    private final JournalQueue queue;
    private final WatermarkTable watermarks;
    private final Thread writer = Thread.ofVirtual().name("saver-journal").unstarted(this::run);
    private volatile boolean closing;
    private volatile Deadline end = Deadline.after(Duration.ZERO);
    private final AtomicLong written = new AtomicLong();
    private volatile int failures;
    private volatile boolean writing;
    private volatile long writingSince;

    public MysqlJournal(MysqlDatabase database, JournalConfig config, SaverMetrics metrics) {
        this.database = database;
        this.timeout = config.timeout();
        this.metrics = metrics;
        this.queue = new JournalQueue(config.queueEntries(), config.queueBytes());
        this.watermarks = new WatermarkTable(config.watermarks());
        metrics.watchJournal(queue::depth, queue.limit(), watermarks::depth, watermarks.limit());
    }

    public void start() {
        writer.start();
    }

    @Override
    public Receipt write(Durability durability, JournalEntry entry) {
        requireUp(durability);
        CompletableFuture<@Nullable Void> committed = new CompletableFuture<>();
        boolean taken = queue.offer(new Waiting(entry, committed));
        if (taken) {
            return durability == Durability.MYSQL ? new Receipt(committed, timeout) : Receipt.DONE;
        }
        metrics.journalRefused(durability);
        if (durability == Durability.MYSQL) {
            throw new LonglineException(ErrorCode.OVERLOADED, "the journal's queue is full").retryAfter(RETRY_AFTER);
        }
        return Receipt.DONE;
    }

    @Override
    public void requireUp(Durability durability) {
        if (durability == Durability.MYSQL && isAway()) {
            throw LonglineException.dependencyDown("mysql", "mysql is away", null)
                    .retryAfter(RETRY_AFTER);
        }
    }

    /** Whether MySQL takes nothing at present. */
    public boolean isAway() {
        boolean stuck = writing && System.nanoTime() - writingSince > timeout.toNanos();
        return failures >= FAILURES_OF_AN_OUTAGE || stuck;
    }

    @Override
    public void acked(Endpoint endpoint, long seq) {
        if (!watermarks.raise(endpoint, seq)) {
            metrics.watermarkDropped();
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
    public boolean flush(Deadline deadline) {
        long taken = queue.taken();
        int acks = watermarks.depth();
        while (written.get() < taken || acks > 0) {
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
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (queue.depth() + watermarks.depth() > 0) {
            log.warn("not written to mysql: entries={} watermarks={}", queue.depth(), watermarks.depth());
        }
    }

    private void run() {
        Deadline nextWatermarks = Deadline.after(WATERMARK_PERIOD);
        while (!isOver()) {
            try {
                List<Waiting> group = queue.take(GROUP, GROUP_BYTES, closing ? Duration.ZERO : LOOK);
                if (!group.isEmpty()) {
                    write(group);
                    written.addAndGet(group.size());
                }
                if (watermarks.depth() > 0 && (closing || nextWatermarks.passed())) {
                    writeWatermarks();
                }
                if (nextWatermarks.passed() && watermarks.depth() < WATERMARK_GROUP) {
                    nextWatermarks = Deadline.after(WATERMARK_PERIOD);
                }
            } catch (InterruptedException | RuntimeException e) {
                log.error("the journal's writer goes on after an error", e);
            }
        }
    }

    private boolean isOver() {
        return closing && (queue.depth() + watermarks.depth() == 0 || end.passed());
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
                    log.warn("not written to mysql: entries={}", group.size());
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
        List<JournalEntry> entries = group.stream().map(Waiting::entry).toList();
        long began = System.nanoTime();
        try (Connection connection = database.writerConnection()) {
            MysqlStatements.write(connection, entries);
        } catch (SQLException e) {
            if (!isBadValue(e)) {
                failed(e);
                return false;
            }
            refuse(group, e);
            return true;
        }
        succeeded();
        metrics.committed(entries.size(), System.nanoTime() - began);
        group.forEach(waiting -> waiting.committed().complete(null));
        return true;
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

    /** "Data exception" and "integrity constraint violation"; anything else may be better the next time. */
    private static boolean isBadValue(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }

    /** Some of them; false if it is to be tried again. */
    private boolean writeWatermarks() {
        List<Map.Entry<Endpoint, Long>> some = watermarks.some(WATERMARK_GROUP);
        try (Connection connection = database.writerConnection()) {
            MysqlStatements.writeWatermarks(connection, some);
        } catch (SQLException e) {
            failed(e);
            return false;
        }
        succeeded();
        watermarks.written(some);
        return true;
    }

    private synchronized void failed(SQLException e) {
        failures++;
        metrics.journalFailed();
        if (failures == FAILURES_OF_AN_OUTAGE) {
            log.warn(
                    "mysql is away, entries wait={} watermarks wait={}: {}",
                    queue.depth(),
                    watermarks.depth(),
                    e.toString());
        }
    }

    private synchronized void succeeded() {
        if (failures >= FAILURES_OF_AN_OUTAGE) {
            log.info("mysql is back, entries wait={}", queue.depth());
        }
        failures = 0;
    }
}
