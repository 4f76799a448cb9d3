package io.longline.saver.job;

import static io.longline.saver.job.MysqlJobTable.NOW_MS;
import static io.longline.saver.job.MysqlJobTable.OF_RUN;
import static io.longline.saver.job.MysqlJobTable.find;
import static io.longline.saver.job.MysqlJobTable.number;
import static io.longline.saver.job.MysqlJobTable.sharing;
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
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Who works on a job: one at a time, for as long as it reports. Who does not is followed by another, with a higher run, and is refused
 * from then on.
 */
final class MysqlJobRuns {
    private static final String UNTAKEN = "WHERE id = ? AND run = ? FOR UPDATE SKIP LOCKED";
    /** A second one of a product that runs is a doubled key, and a second one of a topic that has begun. */
    private static final String TAKE = """
            UPDATE job SET run = run + 1, node = ?, run_until_ms = %1$s + ?,
              running = IF(topic <> '', IF(state = 1 OR %2$s, CONCAT(product, '/', topic), running),
                IF(state IN (1, 2), IF(kick_reason IS NULL, product, CONCAT(product, '!kick')), NULL)),
              behind = 0, canary_told = canary, state = IF(state = 1, 2, state)
            WHERE id = ? AND run = ? AND run_until_ms <= %1$s
              AND (state IN (1, 2) OR state >= 5 AND (recall = 1 OR running IS NOT NULL OR %2$s))""".formatted(NOW_MS, MysqlBehind.IS_BEHIND);

    /** Who gave a job back is not named any more. */
    private static final String IS_NAMED = "SELECT COUNT(*) FROM job WHERE id = ? AND node <> ''";

    private static final String REST = "SELECT run, part_size, recalled, body FROM job WHERE id = ?";
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

    /**
     * A job to work on, which nobody else is given for that time.
     *
     * @param nowMs by the time of Redis: what waits and is over by then is cancelled
     * @param deadline nobody listens any more afterwards, and a job that nobody hears of would rest for its lease
     */
    Optional<TakenJob> take(String node, TakeWhat what, Duration lease, long nowMs, Deadline deadline) {
        table.inOneCommit(connection -> MysqlFreeJobs.endOverdue(connection, nowMs));
        Optional<TakenJob> taken = Optional.empty();
        for (MysqlFreeJobs from : what.from()) {
            taken = taken.isPresent() ? taken : take(from, node, lease, deadline);
        }
        // Not before others see it: of two that are taken at the same moment one at least knows of both.
        return taken.map(job -> job.sharing(
                table.inOneCommit(connection -> sharing(connection, job.job().product()))));
    }

    private Optional<TakenJob> take(MysqlFreeJobs from, String node, Duration lease, Deadline deadline) {
        Set<String> busy = new HashSet<>();
        for (MysqlFreeJobs.Free free : table.inOneCommit(from::find)) {
            // Where somebody is taking another one of its product or topic, to ask for this one would mean to wait for
            // that.
            if (busy.contains(free.alone())) {
                continue;
            }
            Optional<TakenJob> taken = table.inOneCommit(connection -> take(connection, free, node, lease, deadline));
            if (taken.isPresent()) {
                return taken;
            }
            busy.add(free.alone());
        }
        return Optional.empty();
    }

    private static Optional<TakenJob> take(
            Connection connection, MysqlFreeJobs.Free free, String node, Duration lease, Deadline deadline)
            throws SQLException {
        if (find(connection, UNTAKEN, free.id(), free.run()).isEmpty()) {
            return Optional.empty(); // somebody else has it, or is about to
        }
        deadline.check(); // MySQL may have let us wait
        boolean givenBack = isGivenBack(connection, free.id());
        try {
            if (update(connection, TAKE, node, lease.toMillis(), free.id(), free.run()) == 0) {
                return Optional.empty(); // somebody else has it
            }
        } catch (SQLException e) {
            if (!MysqlErrors.isDuplicate(e) && !MysqlErrors.isLockWait(e)) {
                throw e;
            }
            return Optional.empty(); // another one of its product or topic runs, or is about to
        }
        return Optional.of(taken(connection, free.id(), givenBack));
    }

    /** Whoever had it last has told of all that it did. */
    static boolean isGivenBack(Connection connection, String id) throws SQLException {
        return number(connection, IS_NAMED, id) == 0;
    }

    /** As it stands when it was taken. */
    static TakenJob taken(Connection connection, String id, boolean givenBack) throws SQLException {
        Job job = find(connection, "WHERE id = ?", id).orElseThrow();
        try (PreparedStatement statement = connection.prepareStatement(REST)) {
            statement.setString(1, id);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return new TakenJob(
                        job,
                        rows.getLong(1),
                        ByteString.copyFrom(rows.getBytes(4)),
                        rows.getInt(2),
                        rows.getInt(3),
                        givenBack,
                        1);
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
            job.require(false);
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
            return Optional.of(Standing.of(job, next, sharing(connection, product)));
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
            return found.map(job -> Standing.of(job, job.state(), 1));
        });
    }
}
