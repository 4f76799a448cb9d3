package io.longline.saver.job;

import static io.longline.saver.job.MysqlJobTable.NOW_MS;
import static io.longline.saver.job.MysqlJobTable.find;
import static io.longline.saver.job.MysqlJobTable.notFound;
import static io.longline.saver.job.MysqlJobTable.number;
import static io.longline.saver.job.MysqlJobTable.update;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Jobs as back ends see them, and what they want of them. */
final class MysqlJobs {
    private static final String BY_ID = "WHERE id = ? AND product = ? AND state > 0";
    private static final String BY_MESSAGE = "WHERE product = ? AND claimed = ?";
    private static final String PAGE =
            "WHERE product = ? AND state > 0 AND (? = '' OR id < ?) ORDER BY id DESC LIMIT ?";
    static final String PARTS = "SELECT COUNT(*) FROM job_part WHERE job = ?";
    private static final String HASH = "SELECT body_hash FROM job WHERE id = ?";
    private static final String QUEUE = """
            UPDATE job SET claimed = message_id, state = 1, body_hash = ?, created_at_ms = ?, ends_at_ms = ?, over_at_ms = ?,
              rate_per_s = ?, targeted = ?, part_size = ?, body = ?
            WHERE id = ?""";
    private static final String CHANGE = """
            UPDATE job SET running = IF(?, running, NULL), state = ?, rate_per_s = ?, bytes_per_s = ?, canary = ?, reason = ?,
              over_at_ms = IF(?, %s, over_at_ms), recall = IF(? AND recall = 0, IF(topic <> '' AND run = 0, 2, 1), recall)
            WHERE id = ?""".formatted(NOW_MS);

    private final MysqlJobTable table;

    MysqlJobs(MysqlDatabase database) {
        this.table = new MysqlJobTable(database);
    }

    /**
     * Queues a job whose list is whole.
     *
     * @return it, or the one that its message id has already
     * @throws LonglineException IDEMPOTENCY_CONFLICT where that one has another body; JOB_NOT_FOUND where its list is not here
     */
    Job submit(NewJob fresh) {
        return table.inOneCommit(connection -> {
            Job job = fresh.job();
            Job known = find(connection, "WHERE id = ? AND product = ? FOR UPDATE", job.id(), job.product())
                    .orElseThrow(() -> notFound(job.id()));
            if (known.state() != JobState.RECEIVING) {
                return known; // asked again
            }
            if (number(connection, PARTS, job.id()) != fresh.parts()) {
                throw notFound(job.id());
            }
            return queue(connection, fresh)
                    ? byId(connection, job.product(), job.id())
                    : ofSameMessage(connection, job, fresh.bodyHash()).orElseThrow(() -> notFound(job.id()));
        });
    }

    private static boolean queue(Connection connection, NewJob fresh) throws SQLException {
        Job job = fresh.job();
        try {
            update(
                    connection,
                    QUEUE,
                    fresh.bodyHash().toByteArray(),
                    job.createdAtMs(),
                    job.endsAtMs(),
                    job.endsAtMs(),
                    job.ratePerS(),
                    job.targeted(),
                    fresh.partSize(),
                    fresh.push().toByteArray(),
                    job.id());
            return true;
        } catch (SQLException e) {
            if (!MysqlErrors.isDuplicate(e)) {
                throw e;
            }
            return false;
        }
    }

    /** The job that its message id has; IDEMPOTENCY_CONFLICT where that one has another body. */
    static Optional<Job> ofSameMessage(Connection connection, Job job, ByteString bodyHash) throws SQLException {
        Optional<KnownJob> known = known(connection, job.product(), job.messageId());
        if (known.isPresent() && !known.get().bodyHash().equals(bodyHash)) {
            throw new LonglineException(
                    ErrorCode.IDEMPOTENCY_CONFLICT,
                    "message_id " + job.messageId() + " was used for a job of another body");
        }
        return known.map(KnownJob::job);
    }

    Job byId(String product, String id) {
        return table.inOneCommit(connection -> byId(connection, product, id));
    }

    static Job byId(Connection connection, String product, String id) throws SQLException {
        return find(connection, BY_ID, id, product).orElseThrow(() -> notFound(id));
    }

    KnownJob byMessage(String product, String messageId) {
        return table.inOneCommit(connection -> known(connection, product, messageId))
                .orElseThrow(() -> new LonglineException(
                        ErrorCode.JOB_NOT_FOUND, "message " + messageId + " is that of no job that is known"));
    }

    private static Optional<KnownJob> known(Connection connection, String product, String messageId)
            throws SQLException {
        Optional<Job> job = find(connection, BY_MESSAGE, product, messageId);
        if (job.isEmpty()) {
            return Optional.empty();
        }
        try (PreparedStatement statement = connection.prepareStatement(HASH)) {
            statement.setString(1, job.get().id());
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return Optional.of(new KnownJob(job.get(), ByteString.copyFrom(rows.getBytes(1))));
            }
        }
    }

    /** The newest first. {@code before}: those with smaller ids; empty: all. */
    List<Job> page(String product, String before, int limit) {
        return table.inOneCommit(connection -> MysqlJobTable.list(connection, PAGE, product, before, before, limit));
    }

    /**
     * JOB_STATE_CONFLICT where it has ended, and that is not what is wanted.
     *
     * @param deadline beyond which nothing is changed: who waited may have wished something else since
     */
    Job change(String product, String id, JobWish wish, Deadline deadline) {
        return table.inOneCommit(connection -> {
            Job job = find(connection, BY_ID + " FOR UPDATE", id, product).orElseThrow(() -> notFound(id));
            deadline.check();
            wish.require(job);
            if (job.state().isFinal() && !wish.recall()) {
                requireSame(job, wish);
                return job;
            }
            JobState next = wish.next(job);
            boolean ends = next.isFinal() && !job.state().isFinal();
            update(
                    connection,
                    CHANGE,
                    job.isBroadcast() || next == JobState.RUNNING,
                    next.number(),
                    wish.ratePerS(job),
                    wish.bytesPerS(job),
                    wish.canaryPermille(job),
                    ends ? "requested" : next == job.state() ? job.reason() : "",
                    ends,
                    wish.recall(),
                    id);
            return byId(connection, product, id);
        });
    }

    private static void requireSame(Job job, JobWish wish) {
        if (!wish.isOf(job)) {
            throw new LonglineException(
                    ErrorCode.JOB_STATE_CONFLICT,
                    "job " + job.id() + " is " + job.state().name().toLowerCase(Locale.ROOT)
                            + ", it cannot be changed");
        }
    }
}
