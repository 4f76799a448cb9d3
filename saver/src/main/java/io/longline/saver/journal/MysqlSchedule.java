package io.longline.saver.journal;

import com.google.protobuf.ByteString;
import io.longline.keeper.shard.Shards;
import io.longline.saver.journal.JournalEntry.ScheduleEnd;
import io.longline.saver.journal.JournalEntry.Scheduled;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is to be sent later. Of two states the higher one stays; what is to be sent goes when it has ended. A message whose id
 * was another one's, that ended long ago, takes its row: only then has a row that had ended something to be sent.
 */
final class MysqlSchedule {
    /** The state of what has not ended as far as MySQL knows: the lowest rank. */
    static final int WAITING = 0;

    static final int SENT = 1;
    static final int RECALLED = 2;

    /** Shorter than an id is kept from being used again, longer than a write can be late. */
    private static final long ANOTHERS_MS = Duration.ofHours(23).toMillis();

    private static final MysqlMultiRow<Row> ROWS = new MysqlMultiRow<>(
            "INSERT INTO schedule (shard, product, message_id, body_hash, send_at_ms, over_at_ms, state, targets, body)",
            9,
            """
             ON DUPLICATE KEY UPDATE
              body_hash = IF(VALUES(state) = 0, VALUES(body_hash), body_hash),
              send_at_ms = IF(VALUES(state) = 0, VALUES(send_at_ms), send_at_ms),
              targets = IF(VALUES(state) = 0, VALUES(targets), targets),
              body = IF(VALUES(state) = 0 AND (state = 0 OR over_at_ms < UNIX_TIMESTAMP(NOW(3)) * 1000 - %d), VALUES(body), NULL),
              over_at_ms = IF(VALUES(state) > state OR state > 0 AND body IS NOT NULL, VALUES(over_at_ms), over_at_ms),
              state = IF(state > 0 AND body IS NOT NULL, 0, GREATEST(state, VALUES(state)))""".formatted(ANOTHERS_MS),
            row -> JournalEntry.FIXED_BYTES + row.targets.length() + (row.push == null ? 0 : row.push.size()),
            MysqlSchedule::bind);
    private static final Comparator<Row> IN_ORDER = Comparator.<Row>comparingInt(row -> row.shard)
            .thenComparing(row -> row.product)
            .thenComparing(row -> row.messageId);

    private MysqlSchedule() {}

    /**
     * A row of the table.
     *
     * @param overAtMs when it ended, or will have ended
     */
    record Row(
            int shard,
            String product,
            String messageId,
            ByteString bodyHash,
            long sendAtMs,
            long overAtMs,
            int state,
            String targets,
            @Nullable ByteString push) {}

    static Row row(Scheduled kept) {
        return new Row(
                Shards.of(kept.product(), kept.messageId()),
                kept.product(),
                kept.messageId(),
                kept.bodyHash(),
                kept.sendAtMs(),
                kept.expiresAtMs(),
                WAITING,
                kept.targets(),
                kept.push());
    }

    static Row row(ScheduleEnd end) {
        return new Row(
                Shards.of(end.product(), end.messageId()),
                end.product(),
                end.messageId(),
                ByteString.EMPTY,
                0,
                end.atMs(),
                end.sent() ? SENT : RECALLED,
                "",
                null);
    }

    /** Does not commit. */
    static void write(Connection connection, List<Row> rows) throws SQLException {
        ROWS.write(connection, rows.stream().sorted(IN_ORDER).toList());
    }

    private static void bind(PreparedStatement statement, int first, Row row) throws SQLException {
        statement.setInt(first, row.shard);
        statement.setString(first + 1, row.product);
        statement.setString(first + 2, row.messageId);
        statement.setBytes(first + 3, row.bodyHash.toByteArray());
        statement.setLong(first + 4, row.sendAtMs);
        statement.setLong(first + 5, row.overAtMs);
        statement.setInt(first + 6, row.state);
        statement.setString(first + 7, row.targets);
        statement.setBytes(first + 8, row.push == null ? null : row.push.toByteArray());
    }
}
