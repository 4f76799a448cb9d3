package io.longline.saver.job;

import static io.longline.saver.job.MysqlJobTable.NOW_MS;
import static io.longline.saver.job.MysqlJobTable.OF_RUN;
import static io.longline.saver.job.MysqlJobTable.find;
import static io.longline.saver.job.MysqlJobTable.sharing;
import static io.longline.saver.job.MysqlJobTable.update;

import io.longline.keeper.rpc.Deadline;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** What broadcasts have of their own: they come without a list, and what is told of them is told room by room. */
final class MysqlBroadcasts {
    private static final String QUEUE = """
            INSERT INTO job (id, product, message_id, claimed, running, state, body_hash, created_at_ms, ends_at_ms, over_at_ms, rate_per_s,
              targeted, part_size, done, sent, copies, skipped, reason, run, run_until_ms, node, recall, recalled, body, topic, canary, bytes_per_s, bytes_each)
            VALUES (?, ?, ?, ?, NULL, 1, ?, ?, ?, ?, ?, 0, 1, 0, 0, 0, '', '', 0, 0, '', 0, 0, ?, ?, ?, ?, ?)""";
    private static final String REPORT = """
            UPDATE job SET state = IF(? AND behind = 1, 1, ?), behind = IF(?, 0, behind), running = IF(?, NULL, running), log_offset = GREATEST(log_offset, ?), rooms = ?, reason = ?,
              canary_told = IF(?, canary, canary_told), over_at_ms = IF(?, %1$s, over_at_ms),
              run_until_ms = IF(?, 0, IF(?, %1$s + ?, run_until_ms)), node = IF(?, '', node)
            WHERE id = ?""".formatted(NOW_MS);

    private final MysqlJobTable table;

    MysqlBroadcasts(MysqlDatabase database) {
        this.table = new MysqlJobTable(database);
    }

    /**
     * Queues one.
     *
     * @return it, or the job that its message id has already
     * @throws io.longline.keeper.error.LonglineException IDEMPOTENCY_CONFLICT where that one has another body; QUEUE_FULL where its product has too many
     */
    Job submit(NewJob fresh) {
        Job job = fresh.job();
        return table.inOneCommit(connection -> {
            Optional<Job> known = MysqlJobs.ofSameMessage(connection, job, fresh.bodyHash());
            if (known.isPresent()) {
                return known.get();
            }
            MysqlJobLists.requireRoom(connection, job.product());
            return queue(connection, fresh)
                    ? MysqlJobs.byId(connection, job.product(), job.id())
                    : MysqlJobs.ofSameMessage(connection, job, fresh.bodyHash())
                            .orElseThrow(() -> MysqlJobTable.notFound(job.id()));
        });
    }

    private static boolean queue(Connection connection, NewJob fresh) throws SQLException {
        Job job = fresh.job();
        try {
            update(
                    connection,
                    QUEUE,
                    job.id(),
                    job.product(),
                    job.messageId(),
                    job.messageId(),
                    fresh.bodyHash().toByteArray(),
                    job.createdAtMs(),
                    job.endsAtMs(),
                    job.endsAtMs(),
                    job.ratePerS(),
                    fresh.push().toByteArray(),
                    job.broadcast().topic(),
                    job.broadcast().canaryPermille(),
                    job.broadcast().bytes().perS(),
                    job.broadcast().bytes().each());
            return true;
        } catch (SQLException e) {
            if (!MysqlErrors.isDuplicate(e)) {
                throw e;
            }
            return false;
        }
    }

    /**
     * Notes how far a run has come; it has the job for that time more, also where somebody wants it to rest or to end: rooms are still to be told.
     * What it tells after its end is noted, too, as long as nobody recalls it.
     *
     * @param deadline beyond which nothing is noted: whoever waited may have told another saver
     * @return empty: another run has begun since
     */
    Optional<Standing> report(String product, String id, long run, BroadcastReport report, Deadline deadline) {
        return table.inOneCommit(connection -> {
            Optional<Job> found = find(connection, OF_RUN, id, product, run);
            deadline.check();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Job job = found.get();
            job.require(true);
            JobState next = report.next(job);
            boolean ends = next.isFinal() && !job.state().isFinal();
            boolean letsGo = report.letsGo(next);
            update(
                    connection,
                    REPORT,
                    report.givesBack() && next == JobState.RUNNING,
                    next.number(),
                    letsGo,
                    letsGo,
                    report.offset(),
                    RoomCounts.text(RoomCounts.merged(job.broadcast().rooms(), report.rooms())),
                    ends || next == JobState.RUNNING || next == JobState.HOLDING ? report.reason() : job.reason(),
                    report.end() != JobState.HOLDING,
                    ends,
                    report.ends(next),
                    report.hasItFurther(job, next),
                    report.lease().toMillis(),
                    report.isGivenBack(next),
                    id);
            if (letsGo) {
                MysqlBehind.handOn(connection, job);
            }
            return Optional.of(Standing.of(job, next, sharing(connection, product)));
        });
    }
}
