package io.longline.saver.job;

import static io.longline.saver.job.MysqlJobTable.NOW_MS;
import static io.longline.saver.job.MysqlJobTable.find;
import static io.longline.saver.job.MysqlJobTable.update;

import com.google.protobuf.ByteString;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who works on a job: one at a time, for as long as it reports. Who does not is followed by another, with a higher run, and is refused
 * from then on.
 */
final class MysqlJobRuns {
    private static final String END_OVERDUE = """
            UPDATE job SET state = 6, reason = 'ttl', over_at_ms = %s WHERE state IN (1, 3) AND ends_at_ms <= ?""".formatted(NOW_MS);
    /** Recalls first; what was running before what is queued; the oldest first. */
    private static final String FREE = """
            (SELECT id, run FROM job WHERE recall = 1 AND run_until_ms <= %1$s ORDER BY id LIMIT 20)
            UNION ALL
            (SELECT id, run FROM job WHERE state IN (1, 2) AND run_until_ms <= %1$s
              AND (state = 2 OR product NOT IN (SELECT running FROM job WHERE running IS NOT NULL))
             ORDER BY state DESC, id LIMIT 20)""".formatted(NOW_MS);
    /** A second one of a product that runs is a doubled key. */
    private static final String TAKE = """
            UPDATE job SET run = run + 1, node = ?, run_until_ms = %1$s + ?,
              running = IF(state IN (1, 2), product, NULL), state = IF(state = 1, 2, state)
            WHERE id = ? AND run = ? AND run_until_ms <= %1$s AND (state IN (1, 2) OR recall = 1)""".formatted(NOW_MS);

    private static final String REST = "SELECT run, part_size, recalled, body FROM job WHERE id = ?";
    private static final String OF_RUN = "WHERE id = ? AND product = ? AND run = ? FOR UPDATE";
    private static final String REPORT = """
            UPDATE job SET running = IF(?, running, NULL), state = ?, done = ?, sent = ?, copies = ?, skipped = ?, reason = ?,
              over_at_ms = IF(?, %1$s, over_at_ms), run_until_ms = IF(?, %1$s + ?, 0)
            WHERE id = ?""".formatted(NOW_MS);
    private static final String RECALLED =
            "UPDATE job SET recalled = ?, recall = ?, run_until_ms = IF(recall = 1, %s + ?, 0) WHERE id = ?"
                    .formatted(NOW_MS);

    private final MysqlJobTable table;

    MysqlJobRuns(MysqlDatabase database) {
        this.table = new MysqlJobTable(database);
    }

    private record Free(String id, long run) {}

    /**
     * A job to work on, which nobody else is given for that time.
     *
     * @param nowMs by the time of Redis: what waits and is over by then is cancelled
     */
    Optional<TakenJob> take(String node, Duration lease, long nowMs) {
        table.inOneCommit(connection -> update(connection, END_OVERDUE, nowMs));
        for (Free free : table.inOneCommit(MysqlJobRuns::free)) {
            Optional<TakenJob> taken = table.inOneCommit(connection -> take(connection, free, node, lease));
            if (taken.isPresent()) {
                return taken;
            }
        }
        return Optional.empty();
    }

    private static List<Free> free(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FREE);
                ResultSet rows = statement.executeQuery()) {
            List<Free> free = new ArrayList<>();
            while (rows.next()) {
                free.add(new Free(rows.getString(1), rows.getLong(2)));
            }
            return free;
        }
    }

    private static Optional<TakenJob> take(Connection connection, Free free, String node, Duration lease)
            throws SQLException {
        try {
            if (update(connection, TAKE, node, lease.toMillis(), free.id, free.run) == 0) {
                return Optional.empty(); // somebody else has it
            }
        } catch (SQLException e) {
            if (!MysqlErrors.isDuplicate(e)) {
                throw e;
            }
            return Optional.empty(); // another one of its product runs
        }
        Job job = find(connection, "WHERE id = ?", free.id).orElseThrow();
        try (PreparedStatement statement = connection.prepareStatement(REST)) {
            statement.setString(1, free.id);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return Optional.of(new TakenJob(
                        job, rows.getLong(1), ByteString.copyFrom(rows.getBytes(4)), rows.getInt(2), rows.getInt(3)));
            }
        }
    }

    /**
     * Notes how far a run has come; it has the job for that time more, as long as the job is to go on.
     *
     * @param end final; null: it goes on
     * @return empty: another run has begun since
     */
    Optional<Standing> report(
            String product,
            String id,
            long run,
            Progress progress,
            String reason,
            @Nullable JobState end,
            Duration lease) {
        return table.inOneCommit(connection -> {
            Optional<Job> found = find(connection, OF_RUN, id, product, run);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Job job = found.get();
            JobState next = end == null || job.state().isFinal() ? job.state() : end;
            boolean ends = next != job.state();
            boolean goesOn = next == JobState.RUNNING;
            update(
                    connection,
                    REPORT,
                    goesOn,
                    next.number(),
                    progress.done(),
                    progress.sent(),
                    progress.copies(),
                    progress.skippedText(),
                    goesOn || ends ? reason : job.reason(),
                    ends,
                    goesOn,
                    lease.toMillis(),
                    id);
            return Optional.of(new Standing(next, job.ratePerS()));
        });
    }

    /**
     * The same of one that is recalled.
     *
     * @param recalled targets, from the beginning of the list
     * @param over that is all
     */
    Optional<Standing> recalled(String product, String id, long run, long recalled, boolean over, Duration lease) {
        return table.inOneCommit(connection -> {
            Optional<Job> found = find(connection, OF_RUN, id, product, run);
            if (found.isPresent()) {
                update(connection, RECALLED, recalled, over ? 2 : 1, lease.toMillis(), id);
            }
            return found.map(job -> new Standing(job.state(), job.ratePerS()));
        });
    }
}
