package io.longline.saver.journal;

import io.longline.keeper.error.LonglineException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
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

    /** Makes something of a row. */
    @FunctionalInterface
    interface RowOf<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** DEPENDENCY_DOWN where MySQL does not answer; likewise below. */
    void read(MysqlUse use, String sql, Parameters parameters, RowReader each) {
        int read = use(use, connection -> read(connection, sql, parameters, each));
        log.trace("read from the journal rows={}", read);
    }

    /** Of a statement that has one row at most: to ask for it row by row would take three trips. */
    <T> Optional<T> first(MysqlUse use, String sql, Parameters parameters, RowOf<T> row) {
        return use(use, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                parameters.set(statement);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(row.of(rows)) : Optional.empty();
                }
            }
        });
    }

    private <T> T use(MysqlUse use, MysqlDatabase.Work<T> work) {
        try {
            return database.use(use, work);
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
