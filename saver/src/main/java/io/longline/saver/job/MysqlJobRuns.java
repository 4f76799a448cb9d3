package io.longline.saver.job;

import static io.longline.saver.job.MysqlJobTable.NOW_MS;
import static io.longline.saver.job.MysqlJobTable.find;
import static io.longline.saver.job.MysqlJobTable.number;
import static io.longline.saver.job.MysqlJobTable.update;

import com.google.protobuf.ByteString;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who works on a job: one at a time, for as long as it reports. Who does not is followed by another, with a higher run, and is refused
 * from then on.
 */
final class MysqlJobRuns {
    /** A saver that was stopped over a row keeps nobody from the others. */
    private static final String OVERDUE =
            "SELECT id FROM job WHERE state IN (1, 3) AND ends_at_ms <= ? LIMIT 100 FOR UPDATE SKIP LOCKED";

    private static final String END_OVERDUE =
            "UPDATE job SET state = 6, reason = 'ttl', over_at_ms = %s WHERE id = ?".formatted(NOW_MS);
    private static final String TO_RECALL =
            "SELECT id, id, run FROM job WHERE recall = 1 AND run_until_ms <= %s ORDER BY run_until_ms, id LIMIT 20"
                    .formatted(NOW_MS);
    /** Whoever has waited longest, be it queued or given back; of a product what was running, or the oldest. */
    private static final String TO_SEND = """
            SELECT id, product, run FROM job WHERE state IN (1, 2) AND run_until_ms <= %s
              AND (state = 2 OR product NOT IN (SELECT running FROM job WHERE running IS NOT NULL))
            ORDER BY GREATEST(created_at_ms, run_until_ms), id LIMIT 20""".formatted(NOW_MS);

    private static final String UNTAKEN = "WHERE id = ? AND run = ? FOR UPDATE SKIP LOCKED";
    /** A second one of a product that runs is a doubled key. */
    private static final String TAKE = """
            UPDATE job SET run = run + 1, node = ?, run_until_ms = %1$s + ?,
              running = IF(state IN (1, 2), product, NULL), state = IF(state = 1, 2, state)
            WHERE id = ? AND run = ? AND run_until_ms <= %1$s AND (state IN (1, 2) OR recall = 1)""".formatted(NOW_MS);

    /** Who gave a job back is not named any more. */
    private static final String IS_NAMED = "SELECT COUNT(*) FROM job WHERE id = ? AND node <> ''";

    private static final String REST = "SELECT run, part_size, recalled, body FROM job WHERE id = ?";
    private static final String OF_RUN = "WHERE id = ? AND product = ? AND run = ? FOR UPDATE";
    private static final String REPORT = """
            UPDATE job SET running = IF(?, running, NULL), state = ?, done = ?, sent = ?, copies = ?, skipped = ?, reason = ?,
              over_at_ms = IF(?, %1$s, over_at_ms), run_until_ms = IF(?, %1$s + ?, IF(?, 0, run_until_ms)), node = IF(?, '', node)
            WHERE id = ?""".formatted(NOW_MS);
    private static final String RECALLED = """
            UPDATE job SET recalled = GREATEST(recalled, ?), recall = GREATEST(recall, ?),
              run_until_ms = IF(recall = 1, %s + ?, 0)
            WHERE id = ?""".formatted(NOW_MS);

    private final MysqlJobTable table;

    MysqlJobRuns(MysqlDatabase database) {
        this.table = new MysqlJobTable(database);
    }

    /** @param alone of jobs with the same one only one is had at a time */
    private record Free(String id, String alone, long run) {}

    /**
     * A job to work on, which nobody else is given for that time.
     *
     * @param nowMs by the time of Redis: what waits and is over by then is cancelled
     * @param deadline nobody listens any more afterwards, and a job that nobody hears of would rest for its lease
     */
    Optional<TakenJob> take(String node, TakeWhat what, Duration lease, long nowMs, Deadline deadline) {
        table.inOneCommit(connection -> endOverdue(connection, nowMs));
        Optional<TakenJob> taken = what.recalls() ? take(TO_RECALL, node, lease, deadline) : Optional.empty();
        return taken.isEmpty() && what.sends() ? take(TO_SEND, node, lease, deadline) : taken;
    }

    private static int endOverdue(Connection connection, long nowMs) throws SQLException {
        List<String> overdue = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(OVERDUE)) {
            statement.setLong(1, nowMs);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    overdue.add(rows.getString(1));
                }
            }
        }
        int ended = 0;
        for (String id : overdue) {
            ended += update(connection, END_OVERDUE, id);
        }
        return ended;
    }

    private Optional<TakenJob> take(String from, String node, Duration lease, Deadline deadline) {
        Set<String> busy = new HashSet<>();
        for (Free free : table.inOneCommit(connection -> free(connection, from))) {
            // Where somebody is taking another one of its product, to ask for this one would mean to wait for that.
            if (busy.contains(free.alone)) {
                continue;
            }
            Optional<TakenJob> taken = table.inOneCommit(connection -> take(connection, free, node, lease, deadline));
            if (taken.isPresent()) {
                return taken;
            }
            busy.add(free.alone);
        }
        return Optional.empty();
    }

    private static List<Free> free(Connection connection, String from) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(from);
                ResultSet rows = statement.executeQuery()) {
            List<Free> free = new ArrayList<>();
            while (rows.next()) {
                free.add(new Free(rows.getString(1), rows.getString(2), rows.getLong(3)));
            }
            return free;
        }
    }

    private static Optional<TakenJob> take(
            Connection connection, Free free, String node, Duration lease, Deadline deadline) throws SQLException {
        if (find(connection, UNTAKEN, free.id, free.run).isEmpty()) {
            return Optional.empty(); // somebody else has it, or is about to
        }
        deadline.check(); // MySQL may have let us wait
        boolean givenBack = number(connection, IS_NAMED, free.id) == 0;
        try {
            if (update(connection, TAKE, node, lease.toMillis(), free.id, free.run) == 0) {
                return Optional.empty(); // somebody else has it
            }
        } catch (SQLException e) {
            if (!MysqlErrors.isDuplicate(e) && !MysqlErrors.isLockWait(e)) {
                throw e;
            }
            return Optional.empty(); // another one of its product runs, or is about to
        }
        Job job = find(connection, "WHERE id = ?", free.id).orElseThrow();
        try (PreparedStatement statement = connection.prepareStatement(REST)) {
            statement.setString(1, free.id);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return Optional.of(new TakenJob(
                        job,
                        rows.getLong(1),
                        ByteString.copyFrom(rows.getBytes(4)),
                        rows.getInt(2),
                        rows.getInt(3),
                        givenBack));
            }
        }
    }

    /**
     * Notes how far a run has come; it has the job for that time more, as long as the job is to go on. Where it has ended meanwhile, the run has it
     * until it has told of what it was at.
     *
     * @param deadline beyond which nothing is noted: whoever waited may have told another saver
     * @return empty: another run has begun since
     */
    Optional<Standing> report(String product, String id, long run, Report report, Deadline deadline) {
        return table.inOneCommit(connection -> {
            Optional<Job> found = find(connection, OF_RUN, id, product, run);
            deadline.check();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Job job = found.get();
            JobState end = report.end();
            JobState next = end == null || job.state().isFinal() ? job.state() : end;
            boolean ends = next != job.state();
            boolean goesOn = next == JobState.RUNNING;
            boolean last = end != null || report.givesBack() || !next.isFinal();
            // An older report may come later, by way of another saver.
            boolean newer = report.progress().done() >= job.progress().done();
            Progress progress = newer ? report.progress() : job.progress();
            update(
                    connection,
                    REPORT,
                    goesOn,
                    next.number(),
                    progress.done(),
                    progress.sent(),
                    progress.copies(),
                    progress.skippedText(),
                    goesOn || ends ? report.reason() : job.reason(),
                    ends,
                    goesOn,
                    report.lease().toMillis(),
                    last,
                    report.givesBack() && newer,
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
    Optional<Standing> recalled(
            String product, String id, long run, long recalled, boolean over, Duration lease, Deadline deadline) {
        return table.inOneCommit(connection -> {
            Optional<Job> found = find(connection, OF_RUN, id, product, run);
            deadline.check();
            if (found.isPresent()) {
                update(connection, RECALLED, recalled, over ? 2 : 1, lease.toMillis(), id);
            }
            return found.map(job -> new Standing(job.state(), job.ratePerS()));
        });
    }
}
