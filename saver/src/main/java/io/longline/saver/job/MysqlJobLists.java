package io.longline.saver.job;

import static io.longline.saver.job.MysqlJobTable.NOW_MS;
import static io.longline.saver.job.MysqlJobTable.notFound;
import static io.longline.saver.job.MysqlJobTable.number;
import static io.longline.saver.job.MysqlJobTable.update;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.saver.journal.MysqlDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The lists of jobs, in parts. Until its list is whole nobody but its sender knows of a job. */
final class MysqlJobLists {
    /** Jobs of a product that have not ended: lists, whether they are whole or not, and broadcasts. */
    static final int MOST_OPEN = 100;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
    private static final String OPEN = "SELECT COUNT(*) FROM job WHERE product = ? AND state < 5";
    private static final String BEGIN = """
            INSERT IGNORE INTO job (id, product, message_id, claimed, running, state, body_hash, created_at_ms, ends_at_ms, over_at_ms, rate_per_s,
              targeted, part_size, done, sent, copies, skipped, reason, run, run_until_ms, node, recall, recalled, body)
            VALUES (?, ?, ?, NULL, NULL, 0, '', 0, 0, %s, 0, 0, 1, 0, 0, 0, '', '', 0, 0, '', 0, 0, NULL)""".formatted(NOW_MS);
    private static final String CAME =
            "UPDATE job SET over_at_ms = " + NOW_MS + " WHERE id = ? AND product = ? AND state = 0";
    private static final String APPEND =
            "INSERT INTO job_part (job, part, targets) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE targets = VALUES(targets)";
    private static final String PART =
            "SELECT p.targets FROM job_part p JOIN job j ON j.id = p.job WHERE p.job = ? AND p.part = ? AND j.product = ?";
    private static final String DROP_PARTS = "DELETE FROM job_part WHERE job = ? LIMIT " + 100;
    private static final String UNFINISHED =
            "SELECT COUNT(*) FROM job WHERE id = ? AND product = ? AND state = 0 FOR UPDATE";
    private static final String DROP = "DELETE FROM job WHERE id = ?";

    private final MysqlJobTable table;

    MysqlJobLists(MysqlDatabase database) {
        this.table = new MysqlJobTable(database);
    }

    /** The first part makes room for the job: QUEUE_FULL where its product has too many. */
    void append(String product, String id, String messageId, int part, ByteString targets) {
        table.inOneCommit(connection -> {
            if (part == 0) {
                requireRoom(connection, product);
                update(connection, BEGIN, id, product, messageId);
            }
            if (update(connection, CAME, id, product) == 0) {
                throw notFound(id);
            }
            return update(connection, APPEND, id, part, targets.toByteArray());
        });
    }

    static void requireRoom(Connection connection, String product) throws SQLException {
        if (number(connection, OPEN, product) >= MOST_OPEN) {
            throw new LonglineException(
                            ErrorCode.QUEUE_FULL,
                            "product " + product + " has " + MOST_OPEN + " jobs that have not ended")
                    .retryAfter(RETRY_AFTER);
        }
    }

    /** JOB_NOT_FOUND where it has no such part. */
    ByteString part(String product, String id, int part) {
        Optional<ByteString> found = table.inOneCommit(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(PART)) {
                MysqlJobTable.bind(statement, id, part, product);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(ByteString.copyFrom(rows.getBytes(1))) : Optional.empty();
                }
            }
        });
        return found.orElseThrow(() -> notFound(id));
    }

    /** One whose list is whole stays. */
    void drop(String product, String id) {
        boolean unfinished = table.inOneCommit(connection -> number(connection, UNFINISHED, id, product) > 0);
        if (unfinished) {
            delete(id);
        }
    }

    /** With its list, some parts a commit; the job goes last, so that who dies over it leaves something to be found. */
    void delete(String id) {
        int deleted;
        do {
            deleted = table.inOneCommit(connection -> update(connection, DROP_PARTS, id));
        } while (deleted > 0);
        table.inOneCommit(connection -> update(connection, DROP, id));
    }
}
