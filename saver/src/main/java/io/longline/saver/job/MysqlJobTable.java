package io.longline.saver.job;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlErrors;
import io.longline.saver.journal.MysqlUse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What all that touches jobs in MySQL shares: work in one commit, and jobs as rows. */
final class MysqlJobTable {
    /** One clock for all savers, which no change to summer time moves. */
    static final String NOW_MS = "UNIX_TIMESTAMP() * 1000";

    private static final String SELECT = """
            SELECT product, id, message_id, state, created_at_ms, ends_at_ms, rate_per_s, targeted, done, sent, copies, skipped,
              reason, recall, run_until_ms > %1$s, topic, canary, canary_told, running IS NOT NULL OR behind = 1 AND run_until_ms > %1$s, log_offset, rooms,
              kick_reason, kick_block_s, bytes_per_s, bytes_each FROM job\s""".formatted(NOW_MS);
    static final String OF_RUN = "WHERE id = ? AND product = ? AND run = ? FOR UPDATE";
    /** What runs, and of broadcasts also what rests or ends, until whoever has it has told rooms of that, or they have forgotten it. */
    private static final String SHARING =
            "SELECT COUNT(*) FROM job WHERE (running = ? OR running LIKE ?) AND (state = 2 OR run_until_ms > " + NOW_MS
                    + ")";

    /** Of work that met others at the same rows. */
    private static final int TRIES = 4;

    private final MysqlDatabase database;

    MysqlJobTable(MysqlDatabase database) {
        this.database = database;
    }

    /** All of it or nothing. It may be done again, where others were at the same rows. */
    <T> T inOneCommit(MysqlDatabase.Work<T> work) {
        for (int tries = 1; ; tries++) {
            try {
                return database.use(MysqlUse.JOB, connection -> inOneCommit(connection, work));
            } catch (SQLException e) {
                if (MysqlErrors.isBadValue(e)) {
                    throw new LonglineException(ErrorCode.INTERNAL, "a row of a job is refused: " + e.getMessage(), e);
                }
                if (!MysqlErrors.isCollision(e) || tries == TRIES) {
                    throw LonglineException.dependencyDown("mysql", "jobs are out of reach: " + e.getMessage(), e);
                }
            }
        }
    }

    private static <T> T inOneCommit(Connection connection, MysqlDatabase.Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        boolean committed = false;
        try {
            T result = work.on(connection);
            connection.commit();
            committed = true;
            return result;
        } finally {
            if (!committed) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    /** Numbers, texts and bytes in the places of the statement; how many rows it found. */
    static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        }
    }

    /** The number in the first column of the only row; 0 where there is none. */
    static long number(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    static Optional<Job> find(Connection connection, String rest, Object... values) throws SQLException {
        return list(connection, rest, values).stream().findFirst();
    }

    /** @param rest of the statement, from WHERE on */
    static List<Job> list(Connection connection, String rest, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT + rest)) {
            bind(statement, values);
            List<Job> jobs = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    jobs.add(job(rows));
                }
            }
            return jobs;
        }
    }

    private static Job job(ResultSet row) throws SQLException {
        return new Job(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                JobState.of(row.getInt(4)),
                row.getLong(5),
                row.getLong(6),
                row.getInt(7),
                row.getInt(8),
                Progress.of(row.getLong(9), row.getLong(10), row.getLong(11), row.getString(12)),
                row.getString(13),
                row.getInt(14) > 0,
                row.getBoolean(15),
                broadcast(row),
                kick(row));
    }

    private static @Nullable Kick kick(ResultSet row) throws SQLException {
        String reason = row.getString(22);
        return reason == null ? null : new Kick(reason, row.getInt(23));
    }

    private static Broadcast broadcast(ResultSet row) throws SQLException {
        String topic = row.getString(16);
        if (topic.isEmpty()) {
            return Broadcast.NONE;
        }
        String rooms = row.getString(21);
        return new Broadcast(
                topic,
                row.getInt(17),
                new ByteRate(row.getInt(24), row.getInt(25)),
                row.getInt(18),
                row.getBoolean(19),
                row.getLong(20),
                RoomCounts.parse(rooms == null ? "" : rooms));
    }

    /** How many jobs of a product run, with one of it that does. */
    static int sharing(Connection connection, String product) throws SQLException {
        return (int) Math.max(1, number(connection, SHARING, product, product + "/%"));
    }

    static LonglineException notFound(String id) {
        return new LonglineException(
                ErrorCode.JOB_NOT_FOUND, "job " + id + " is not known, or ended more than a day ago");
    }
}
