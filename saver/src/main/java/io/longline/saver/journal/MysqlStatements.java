package io.longline.saver.journal;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Device;
import io.longline.saver.journal.JournalEntry.Final;
import io.longline.saver.journal.JournalEntry.Heir;
import io.longline.saver.journal.JournalEntry.Moved;
import io.longline.saver.journal.JournalEntry.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;

/**
 * Writes groups of entries. All statements are upserts that may come twice and in any order: a message never undoes a final
 * state, a watermark never falls, an older note of a device never undoes a newer one.
 */
final class MysqlStatements {
    /** The state of a row whose message is not final as far as MySQL knows. */
    static final int WAITING = 0;
    /** The state of a row whose message lives on under another seq. */
    static final int MOVED = 100;

    private static final String MESSAGE = """
            INSERT INTO inbox
              (shard, product, user, seq, device, message_id, expires_at_ms, state, reason, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE
              reason = IF(state = 0, VALUES(reason), reason), state = IF(state = 0, VALUES(state), state)""";
    private static final String HEIR = """
            INSERT INTO heir (shard, product, user, version, heir) VALUES (?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE heir = VALUES(heir)""";
    /** At the same generation, forgotten comes after known. */
    private static final String DEVICE = """
            INSERT INTO device (shard, product, user, device, generation, seen_ms, forgotten)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE
              forgotten = CASE WHEN VALUES(generation) > generation THEN VALUES(forgotten)
                               WHEN VALUES(generation) = generation THEN GREATEST(forgotten, VALUES(forgotten))
                               ELSE forgotten END,
              seen_ms = GREATEST(seen_ms, VALUES(seen_ms)),
              generation = GREATEST(generation, VALUES(generation))""";

    private static final String ACKED = """
            INSERT INTO acked (shard, product, user, device, seq) VALUES (?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE seq = GREATEST(seq, VALUES(seq))""";

    private MysqlStatements() {}

    /** Everything in one commit, or nothing. */
    static void write(Connection connection, List<JournalEntry> group) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement messages = connection.prepareStatement(MESSAGE);
                PreparedStatement heirs = connection.prepareStatement(HEIR);
                PreparedStatement devices = connection.prepareStatement(DEVICE)) {
            for (JournalEntry entry : group) {
                switch (entry) {
                    case Row row -> add(messages, row);
                    case Final end -> add(messages, end);
                    case Moved moved -> add(messages, moved);
                    case Heir heir -> add(heirs, heir);
                    case Device device -> add(devices, device);
                }
            }
            messages.executeBatch();
            heirs.executeBatch();
            devices.executeBatch();
            connection.commit();
        } catch (SQLException e) {
            rollback(connection, e);
            throw e;
        }
    }

    private static void rollback(Connection connection, SQLException cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    static void writeWatermarks(Connection connection, List<Map.Entry<Endpoint, Long>> watermarks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ACKED)) {
            for (Map.Entry<Endpoint, Long> watermark : watermarks) {
                Endpoint endpoint = watermark.getKey();
                owner(statement, endpoint.shard(), endpoint.product(), endpoint.user());
                statement.setString(4, endpoint.device());
                statement.setLong(5, watermark.getValue());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void add(PreparedStatement messages, Row row) throws SQLException {
        message(messages, row.endpoint(), row.seq(), row.messageId());
        messages.setLong(7, row.expiresAtMs());
        messages.setInt(8, WAITING);
        messages.setString(9, "");
        messages.setBytes(10, row.message().toByteArray());
        messages.addBatch();
    }

    private static void add(PreparedStatement messages, Final end) throws SQLException {
        message(messages, end.endpoint(), end.seq(), end.messageId());
        messages.setLong(7, 0);
        messages.setInt(8, end.state().code());
        messages.setString(9, end.reason());
        messages.setNull(10, Types.BLOB);
        messages.addBatch();
    }

    private static void add(PreparedStatement messages, Moved moved) throws SQLException {
        message(messages, moved.endpoint(), moved.seq(), "");
        messages.setLong(7, 0);
        messages.setInt(8, MOVED);
        messages.setString(9, "");
        messages.setNull(10, Types.BLOB);
        messages.addBatch();
    }

    private static void message(PreparedStatement messages, Endpoint endpoint, long seq, String id)
            throws SQLException {
        owner(messages, endpoint.shard(), endpoint.product(), endpoint.user());
        messages.setLong(4, seq);
        messages.setString(5, endpoint.device());
        messages.setString(6, id);
    }

    private static void add(PreparedStatement heirs, Heir heir) throws SQLException {
        Endpoint ofUser = new Endpoint(heir.product(), heir.user(), Endpoint.DEFAULT_DEVICE);
        owner(heirs, ofUser.shard(), heir.product(), heir.user());
        heirs.setLong(4, heir.version());
        heirs.setString(5, heir.heir());
        heirs.addBatch();
    }

    private static void add(PreparedStatement devices, Device device) throws SQLException {
        Endpoint endpoint = device.endpoint();
        owner(devices, endpoint.shard(), endpoint.product(), endpoint.user());
        devices.setString(4, endpoint.device());
        devices.setLong(5, device.generation());
        devices.setLong(6, device.seenMs());
        devices.setBoolean(7, device.forgotten());
        devices.addBatch();
    }

    private static void owner(PreparedStatement statement, int shard, String product, String user) throws SQLException {
        statement.setInt(1, shard);
        statement.setString(2, product);
        statement.setString(3, user);
    }
}
