package io.longline.saver.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * An upsert of many rows in few statements: each writes 1, 2, 4 ... or 128 rows, so that there are eight of them, which the
 * server keeps prepared.
 *
 * @param <T> what a row is made of
 */
final class MysqlMultiRow<T> {
    private static final int MOST_ROWS = 128;
    /** Well below what a server takes as one packet. */
    private static final int MOST_BYTES = 1 << 20;

    private final String insert;
    private final String row;
    private final String onDuplicate;
    private final ToIntFunction<T> bytes;
    private final Binder<T> binder;
    private final int columns;

    /** Sets the values of a row, the first of them at {@code first}. */
    @FunctionalInterface
    interface Binder<T> {
        void bind(PreparedStatement statement, int first, T item) throws SQLException;
    }

    /**
     * Creates one.
     *
     * @param insert the statement up to {@code VALUES}
     * @param columns how many
     * @param onDuplicate the rest of the statement
     */
    MysqlMultiRow(String insert, int columns, String onDuplicate, ToIntFunction<T> bytes, Binder<T> binder) {
        this.insert = insert;
        this.columns = columns;
        this.row = "(" + "?,".repeat(columns - 1) + "?)";
        this.onDuplicate = onDuplicate;
        this.bytes = bytes;
        this.binder = binder;
    }

    /** Does not commit. */
    void write(Connection connection, List<T> items) throws SQLException {
        int from = 0;
        while (from < items.size()) {
            List<T> next = items.subList(from, from + rows(items, from));
            try (PreparedStatement statement = connection.prepareStatement(sql(next.size()))) {
                for (int i = 0; i < next.size(); i++) {
                    binder.bind(statement, i * columns + 1, next.get(i));
                }
                statement.executeUpdate();
            }
            from += next.size();
        }
    }

    private int rows(List<T> items, int from) {
        int rows = Math.min(MOST_ROWS, Integer.highestOneBit(items.size() - from));
        while (rows > 1
                && items.subList(from, from + rows).stream().mapToInt(bytes).sum() > MOST_BYTES) {
            rows /= 2;
        }
        return rows;
    }

    private String sql(int rows) {
        return insert + " VALUES " + (row + ",").repeat(rows - 1) + row + onDuplicate;
    }
}
