package io.longline.saver.journal;

import io.longline.keeper.lease.Lease;
import io.longline.keeper.shard.Shards;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what nobody needs any more, one shard a second in small bites, by whoever has the lease. A message that has ended
 * stays for the 24 h in which its id is refused.
 */
public final class MysqlPurge implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MysqlPurge.class);

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration WITHOUT_LEASE = Duration.ofSeconds(15);
    private static final Duration ENDED_KEPT = Duration.ofHours(24);
    /** Longer than any message lives. */
    private static final Duration WATERMARK_KEPT = Duration.ofDays(60);

    private static final int BITE = 500;

    private static final String ENDED = """
            SELECT inbox.product, inbox.user, inbox.seq FROM inbox LEFT JOIN acked
              ON acked.shard = inbox.shard AND acked.product = inbox.product
              AND acked.user = inbox.user AND acked.device = inbox.device
            WHERE inbox.shard = ? AND inbox.seq < ?
              AND (inbox.state <> 0 OR inbox.expires_at_ms < ? OR inbox.seq <= acked.seq)
            LIMIT ?""";
    private static final String DELETE = "DELETE FROM inbox WHERE shard = ? AND product = ? AND user = ? AND seq = ?";
    private static final String OLD_WATERMARKS = "DELETE FROM acked WHERE shard = ? AND seq < ? LIMIT ?";
    private static final String OLD_DEVICES =
            "DELETE FROM device WHERE shard = ? AND forgotten AND seen_ms < ? LIMIT ?";

    private final MysqlDatabase database;
    private final Supplier<Optional<Lease>> leases;
    private final Clock clock;
    private final Thread thread = Thread.ofVirtual().name("saver-purge").unstarted(this::run);
    private volatile boolean closed;

    public MysqlPurge(MysqlDatabase database, Supplier<Optional<Lease>> leases, Clock clock) {
        this.database = database;
        this.leases = leases;
        this.clock = clock;
    }

    public void start() {
        thread.start();
    }

    private void run() {
        int shard = 0;
        Optional<Lease> lease = Optional.empty();
        while (pause(lease.isPresent() ? PERIOD : WITHOUT_LEASE)) {
            try {
                if (lease.filter(Lease::valid).isEmpty()) {
                    lease.ifPresent(Lease::close);
                    lease = leases.get();
                }
                if (lease.isPresent() && database.isReady()) {
                    purge(shard);
                    shard = (shard + 1) % Shards.COUNT;
                }
            } catch (SQLException | RuntimeException e) {
                log.debug("nothing purged this time shard={}", shard, e);
            }
        }
        lease.ifPresent(Lease::close);
    }

    private boolean pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            return false;
        }
        return !closed;
    }

    /** How many messages were deleted. */
    int purge(int shard) throws SQLException {
        int deleted = 0;
        int bite;
        do {
            bite = database.use(connection -> bite(connection, shard));
            deleted += bite;
        } while (bite == BITE && !closed);
        int old = deleteOld(OLD_WATERMARKS, shard, firstSeq(WATERMARK_KEPT))
                + deleteOld(OLD_DEVICES, shard, clock.millis() - WATERMARK_KEPT.toMillis());
        log.trace("purged shard={} messages={} watermarks and devices={}", shard, deleted, old);
        return deleted;
    }

    private int bite(Connection connection, int shard) throws SQLException {
        try (PreparedStatement ended = connection.prepareStatement(ENDED);
                PreparedStatement delete = connection.prepareStatement(DELETE)) {
            ended.setInt(1, shard);
            ended.setLong(2, firstSeq(ENDED_KEPT));
            ended.setLong(3, clock.millis());
            ended.setInt(4, BITE);
            int found = 0;
            try (ResultSet rows = ended.executeQuery()) {
                for (; rows.next(); found++) {
                    delete.setInt(1, shard);
                    delete.setString(2, rows.getString(1));
                    delete.setString(3, rows.getString(2));
                    delete.setLong(4, rows.getLong(3));
                    delete.addBatch();
                }
            }
            delete.executeBatch();
            return found;
        }
    }

    private int deleteOld(String sql, int shard, long before) throws SQLException {
        return database.use(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, shard);
                statement.setLong(2, before);
                statement.setInt(3, BITE);
                return statement.executeUpdate();
            }
        });
    }

    /** A seq begins with the time at which it was assigned. */
    private long firstSeq(Duration ago) {
        return (clock.millis() - ago.toMillis()) * 1024;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
