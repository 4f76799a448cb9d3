package io.longline.saver.job;

import static io.longline.saver.job.MysqlJobTable.find;
import static io.longline.saver.job.MysqlJobTable.notFound;
import static io.longline.saver.job.MysqlJobTable.number;
import static io.longline.saver.job.MysqlJobTable.update;

import io.longline.saver.journal.MysqlDatabase;

/** What jobs that kick users have of their own: no message, so nobody claims an id for one, and none is found by it. */
final class MysqlKicks {
    private static final String QUEUE = """
            UPDATE job SET state = 1, created_at_ms = ?, ends_at_ms = ?, over_at_ms = ?, rate_per_s = ?, targeted = ?, part_size = ?, body = '',
              kick_reason = ?, kick_block_s = ?
            WHERE id = ?""";

    private final MysqlJobTable table;

    MysqlKicks(MysqlDatabase database) {
        this.table = new MysqlJobTable(database);
    }

    /**
     * Queues one whose list is whole; once more changes nothing.
     *
     * @throws io.longline.keeper.error.LonglineException JOB_NOT_FOUND where its list is not here
     */
    Job submit(Job job, Kick kick, int partSize) {
        return table.inOneCommit(connection -> {
            Job known = find(connection, "WHERE id = ? AND product = ? FOR UPDATE", job.id(), job.product())
                    .orElseThrow(() -> notFound(job.id()));
            if (known.state() != JobState.RECEIVING) {
                return known;
            }
            if (number(connection, MysqlJobs.PARTS, job.id()) != Math.ceilDiv(job.targeted(), partSize)) {
                throw notFound(job.id());
            }
            update(
                    connection,
                    QUEUE,
                    job.createdAtMs(),
                    job.endsAtMs(),
                    job.endsAtMs(),
                    job.ratePerS(),
                    job.targeted(),
                    partSize,
                    kick.reason(),
                    kick.blockS(),
                    job.id());
            return MysqlJobs.byId(connection, job.product(), job.id());
        });
    }
}
