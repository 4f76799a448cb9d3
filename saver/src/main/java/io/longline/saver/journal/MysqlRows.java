package io.longline.saver.journal;

import io.longline.keeper.error.LonglineException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the answer of a statement row by row: it may be larger than memory. */
final class MysqlRows {
    private static final Logger log = LoggerFactory.getLogger(MysqlRows.class);

    private final MysqlDatabase database;

    MysqlRows(MysqlDatabase database) {
        this.database = database;
    }

    /** Sets the values of a statement. */
    @FunctionalInterface
    interface Parameters {
        void set(PreparedStatement statement) throws SQLException;
    }

    /** Is given one row after the other. */
    @FunctionalInterface
    interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    /** DEPENDENCY_DOWN where MySQL does not answer. */
    void read(MysqlUse use, String sql, Parameters parameters, RowReader each) {
        try {
            int read = database.use(use, connection -> read(connection, sql, parameters, each));
            log.trace("read from the journal rows={}", read);
        } catch (SQLException e) {
            throw LonglineException.dependencyDown("mysql", "the journal cannot be read: " + e.getMessage(), e);
        }
    }

    private static int read(Connection connection, String sql, Parameters parameters, RowReader each)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            statement.setFetchSize(Integer.MIN_VALUE); // the driver's word for: do not gather them in memory
            parameters.set(statement);
            int read = 0;
            try (ResultSet rows = statement.executeQuery()) {
                for (; rows.next(); read++) {
                    each.read(rows);
                }
            }
            return read;
        }
    }
}
