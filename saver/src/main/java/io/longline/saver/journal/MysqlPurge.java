package io.longline.saver.journal;

import io.longline.keeper.lease.KeptLease;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.shard.Seqs;
import io.longline.keeper.shard.Shards;
import io.longline.saver.SaverMetrics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what nobody needs any more, one shard after the other, by whoever has the lease, which goes on to another saver where MySQL fails it. A message that has ended stays for
 * the 24 h in which its id is refused. The longer a walk through a shard takes and the less it finds, the longer is the rest
 * after it; while the journal is behind, it waits.
 */
public final class MysqlPurge implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MysqlPurge.class);

    /** Of a walk that found nothing, in terms of its own time. */
    private static final int REST = 4;

    /** Then a step is due however much the journal has to do. */
    private static final int BUSY_TIMES = 25;

    /** Any clock may be ahead by so much, and nothing that lives is deleted. */
    private static final Duration MARGIN = Duration.ofHours(2);

    private static final Duration ENDED_KEPT = Duration.ofHours(24).plus(MARGIN);
    /** Longer than any message lives. */
    private static final Duration WATERMARK_KEPT = Duration.ofDays(60);

    private static final int BITE = 500;
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private static final String TIME = "SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";
    private static final OldRows WATERMARKS = new OldRows("acked", "seq < ?");
    private static final OldRows DEVICES = new OldRows("device", "forgotten AND seen_ms < ?");
    private static final OldRows SCHEDULE = new OldRows("schedule", "over_at_ms < ?", List.of("product", "message_id"));
    private static final OldRows LOGS =
            new OldRows("topic_log", "expires_at_ms < ? AND log_offset < ?", List.of("product", "topic", "log_offset"));
    /** Of those whose message is gone. One that is younger may be there before its message. */
    private static final OldRows BROADCASTS = new OldRows("broadcast_state", """
            log_offset < ? AND NOT EXISTS (
              SELECT 1 FROM topic_log l WHERE l.shard = broadcast_state.shard AND l.product = broadcast_state.product
                AND l.topic = broadcast_state.topic AND l.log_offset = broadcast_state.log_offset)""", LOGS.key);

    private static final List<String> OF_ENDPOINT = List.of("product", "user", "device", "topic");
    private static final OldRows OFFSETS = new OldRows("topic_offset", "log_offset < ?", OF_ENDPOINT);
    private static final OldRows FOLLOWS = new OldRows("follow", "follows = 0 AND version < ?", OF_ENDPOINT);

    private final MysqlDatabase database;
    private final KeptLease kept;
    private final BooleanSupplier journalIsBehind;
    private final SaverMetrics metrics;
    private final Clock clock;
    private final Pace pace;
    private final Thread thread = Thread.ofVirtual().name("saver-purge").unstarted(this::run);
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * Creates one that is not started.
     *
     * @param journalIsBehind whether MySQL had better be left to the journal now
     */
    public MysqlPurge(
            MysqlDatabase database,
            Supplier<Optional<Lease>> leases,
            BooleanSupplier journalIsBehind,
            SaverMetrics metrics,
            Clock clock) {
        this(
                database,
                leases,
                journalIsBehind,
                metrics,
                clock,
                new Pace(Duration.ofSeconds(15), Duration.ofSeconds(1), Duration.ofMillis(200)));
    }

    MysqlPurge(
            MysqlDatabase database,
            Supplier<Optional<Lease>> leases,
            BooleanSupplier journalIsBehind,
            SaverMetrics metrics,
            Clock clock,
            Pace pace) {
        this.database = database;
        this.kept = new KeptLease(leases);
        this.journalIsBehind = journalIsBehind;
        this.metrics = metrics;
        this.clock = clock;
        this.pace = pace;
    }

    /** How long it waits without a lease, at least between two shards, and while the journal is behind. */
    record Pace(Duration withoutLease, Duration shortestRest, Duration busy) {}

    public void start() {
        thread.start();
    }

    private void run() {
        int shard = 0;
        Duration pause = pace.withoutLease;
        while (pause(pause)) {
            pause = pace.withoutLease;
            try {
                Optional<Lease> lease = database.isReady() ? kept.get() : Optional.empty();
                if (lease.isPresent()) {
                    pause = purgeInRests(shard, lease.get());
                    shard = (shard + 1) % Shards.COUNT;
                }
            } catch (SQLException | RuntimeException e) {
                log.debug("nothing purged this time shard={}", shard, e);
                kept.failed();
            }
        }
        kept.giveBack();
    }

    private boolean pause(Duration time) {
        try {
            return !closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** How long to rest after it. */
    private Duration purgeInRests(int shard, Lease lease) throws SQLException {
        long began = System.nanoTime();
        long rested = 0;
        MysqlWalk walk = walk(shard);
        do {
            long restBegan = System.nanoTime();
            for (int i = 0; i < BUSY_TIMES && journalIsBehind.getAsBoolean() && pause(pace.busy); i++) {
                log.trace("the journal is behind shard={}", shard);
            }
            rested += System.nanoTime() - restBegan;
            database.use(MysqlUse.PURGE, walk::step);
        } while (!walk.isOver() && !isClosing() && lease.valid());
        metrics.purged(walk.deleted());
        deleteOld(shard);
        long worked = System.nanoTime() - began - rested;
        long kept = (long) walk.read() - walk.deleted();
        Duration rest = Duration.ofNanos((long) ((double) worked * REST * kept / Math.max(1, walk.read())));
        return rest.compareTo(pace.shortestRest) > 0 ? rest : pace.shortestRest;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** All of a shard without a rest; how many messages were deleted. */
    int purge(int shard) throws SQLException {
        MysqlWalk walk = walk(shard);
        while (!walk.isOver() && !isClosing()) {
            database.use(MysqlUse.PURGE, walk::step);
        }
        deleteOld(shard);
        return walk.deleted();
    }

    private MysqlWalk walk(int shard) throws SQLException {
        long now = now();
        return new MysqlWalk(shard, firstSeq(now, ENDED_KEPT), now - MARGIN.toMillis());
    }

    private void deleteOld(int shard) throws SQLException {
        long now = now();
        int watermarks = deleteOld(WATERMARKS, shard, firstSeq(now, WATERMARK_KEPT));
        int devices = deleteOld(DEVICES, shard, now - WATERMARK_KEPT.toMillis());
        int schedule = deleteOld(SCHEDULE, shard, now - ENDED_KEPT.toMillis());
        log.trace("purged shard={} watermarks={} devices={} schedule={}", shard, watermarks, devices, schedule);
        int logs = deleteOld(LOGS, shard, now - MARGIN.toMillis(), firstSeq(now, ENDED_KEPT));
        int broadcasts = deleteOld(BROADCASTS, shard, firstSeq(now, ENDED_KEPT));
        int offsets = deleteOld(OFFSETS, shard, firstSeq(now, WATERMARK_KEPT));
        int follows = deleteOld(FOLLOWS, shard, firstSeq(now, ENDED_KEPT));
        log.trace(
                "purged shard={} logs={} broadcasts={} offsets={} follows={}",
                shard,
                logs,
                broadcasts,
                offsets,
                follows);
    }

    private int deleteOld(OldRows rows, int shard, long... before) throws SQLException {
        int deleted = 0;
        int bite;
        do {
            bite = database.use(MysqlUse.PURGE, connection -> rows.delete(connection, shard, before));
            deleted += bite;
        } while (bite == BITE && !isClosing());
        return deleted;
    }

    /** The earlier one of MySQL's clock and this process': one that is wrong deletes nothing too early. */
    private long now() throws SQLException {
        long ofMysql = database.use(MysqlUse.PURGE, connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet time = statement.executeQuery(TIME)) {
                time.next();
                return time.getLong(1);
            }
        });
        return Math.min(ofMysql, clock.millis());
    }

    /** A seq begins with the time at which it was assigned. */
    private static long firstSeq(long now, Duration ago) {
        return Seqs.firstOf(now - ago.toMillis());
    }

    /** Rows that are old by a condition with values of its own. Found without locks, and deleted if they still are. */
    private record OldRows(String table, String condition, List<String> key) {
        /** Of endpoints. */
        OldRows(String table, String condition) {
            this(table, condition, List.of("product", "user", "device"));
        }

        int delete(Connection connection, int shard, long... before) throws SQLException {
            List<List<String>> old = find(connection, shard, before);
            String sql = "DELETE FROM %s WHERE %s AND shard = ? AND %s = ?"
                    .formatted(table, condition, String.join(" = ? AND ", key));
            if (!old.isEmpty()) {
                MysqlBatch.inOneCommit(connection, sql, old, (statement, row) -> {
                    set(statement, 1, before);
                    statement.setInt(before.length + 1, shard);
                    for (int i = 0; i < row.size(); i++) {
                        statement.setString(before.length + 2 + i, row.get(i));
                    }
                });
            }
            return old.size();
        }

        private static void set(PreparedStatement statement, int from, long[] values) throws SQLException {
            for (int i = 0; i < values.length; i++) {
                statement.setLong(from + i, values[i]);
            }
        }

        private List<List<String>> find(Connection connection, int shard, long[] before) throws SQLException {
            String sql = "SELECT %s FROM %s WHERE shard = ? AND %s LIMIT ?"
                    .formatted(String.join(", ", key), table, condition);
            List<List<String>> old = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, shard);
                set(statement, 2, before);
                statement.setInt(before.length + 2, BITE);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        List<String> row = new ArrayList<>();
                        for (int i = 1; i <= key.size(); i++) {
                            row.add(rows.getString(i));
                        }
                        old.add(row);
                    }
                }
            }
            return old;
        }
    }

    @Override
    public void close() {
        closing.countDown();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            // An interrupt would cost it its connection.
            if (!thread.join(CLOSE)) {
                thread.interrupt();
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
