package io.longline.saver.journal;

import com.google.protobuf.ByteString;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Device;
import io.longline.saver.journal.JournalEntry.Final;
import io.longline.saver.journal.JournalEntry.Follow;
import io.longline.saver.journal.JournalEntry.Heir;
import io.longline.saver.journal.JournalEntry.Moved;
import io.longline.saver.journal.JournalEntry.Row;
import io.longline.saver.journal.JournalEntry.ScheduleEnd;
import io.longline.saver.journal.JournalEntry.Scheduled;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.TakenOver;
import io.longline.saver.journal.JournalEntry.TopicRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes groups of entries. All statements are upserts that may come twice and in any order: of two states of a message the
 * one with the higher rank stays, a watermark never falls, an older note of a device never undoes a newer one. Rows are
 * written in the order of their table, so that two writers never wait for each other in a circle.
 */
final class MysqlStatements {
    /** The state of a row whose message is not final as far as MySQL knows: the lowest rank. */
    static final int WAITING = 0;
    /** The state of a row whose message lives on under another seq: the highest rank. */
    static final int MOVED = 100;

    private static final MysqlMultiRow<Message> MESSAGES = new MysqlMultiRow<>(
            "INSERT INTO inbox (shard, product, user, seq, device, message_id, expires_at_ms, state, reason, body)",
            10,
            """
             ON DUPLICATE KEY UPDATE
              reason = IF(VALUES(state) > state, VALUES(reason), reason), state = GREATEST(state, VALUES(state))""",
            message -> JournalEntry.FIXED_BYTES + (message.body == null ? 0 : message.body.size()),
            MysqlStatements::bindMessage);
    private static final MysqlMultiRow<Heir> HEIRS = new MysqlMultiRow<>(
            "INSERT INTO heir (shard, product, user, version, heir)",
            5,
            " ON DUPLICATE KEY UPDATE heir = VALUES(heir)",
            Heir::bytes,
            MysqlStatements::bindHeir);
    private static final int TAKEN_OVER_AT_ONCE = 500;
    /** At the same generation, forgotten comes after known. */
    private static final MysqlMultiRow<Device> DEVICES = new MysqlMultiRow<>(
            "INSERT INTO device (shard, product, user, device, generation, seen_ms, forgotten)",
            7,
            """
             ON DUPLICATE KEY UPDATE
              forgotten = CASE WHEN VALUES(generation) > generation THEN VALUES(forgotten)
                               WHEN VALUES(generation) = generation THEN GREATEST(forgotten, VALUES(forgotten))
                               ELSE forgotten END,
              seen_ms = GREATEST(seen_ms, VALUES(seen_ms)),
              generation = GREATEST(generation, VALUES(generation))""",
            Device::bytes,
            MysqlStatements::bindDevice);

    private static final MysqlMultiRow<Map.Entry<Endpoint, Long>> WATERMARKS = new MysqlMultiRow<>(
            "INSERT INTO acked (shard, product, user, device, seq)",
            5,
            " ON DUPLICATE KEY UPDATE seq = GREATEST(seq, VALUES(seq))",
            watermark -> JournalEntry.FIXED_BYTES,
            MysqlStatements::bindWatermark);

    private MysqlStatements() {}

    /** A row of the table of messages. */
    private record Message(
            int shard,
            Endpoint endpoint,
            long seq,
            String id,
            long expiresAtMs,
            int state,
            String reason,
            @Nullable ByteString body) {
        Message(
                Endpoint endpoint,
                long seq,
                String id,
                long expiresAtMs,
                int state,
                String reason,
                @Nullable ByteString body) {
            this(endpoint.shard(), endpoint, seq, id, expiresAtMs, state, reason, body);
        }

        static final Comparator<Message> IN_ORDER = Comparator.<Message>comparingInt(one -> one.shard)
                .thenComparing(one -> one.endpoint.product())
                .thenComparing(one -> one.endpoint.user())
                .thenComparingLong(one -> one.seq);
    }

    /** Everything in one commit, or nothing. */
    static void write(Connection connection, List<JournalEntry> group) throws SQLException {
        List<Message> messages = new ArrayList<>(group.size());
        List<Heir> heirs = new ArrayList<>();
        List<Device> devices = new ArrayList<>();
        List<TakenOver> takenOver = new ArrayList<>();
        List<MysqlSchedule.Row> schedule = new ArrayList<>();
        List<TopicRow> published = new ArrayList<>();
        List<Settled> settled = new ArrayList<>();
        List<Follow> follows = new ArrayList<>();
        for (JournalEntry entry : group) {
            switch (entry) {
                case Row row ->
                    messages.add(new Message(
                            row.endpoint(), row.seq(), row.messageId(), row.expiresAtMs(), WAITING, "", row.message()));
                case Final end ->
                    messages.add(new Message(
                            end.endpoint(),
                            end.seq(),
                            end.messageId(),
                            0,
                            end.state().code(),
                            end.reason(),
                            null));
                case Moved moved -> messages.add(new Message(moved.endpoint(), moved.seq(), "", 0, MOVED, "", null));
                case TakenOver seqs -> takenOver.add(seqs);
                case Heir heir -> heirs.add(heir);
                case Device device -> devices.add(device);
                case Scheduled kept -> schedule.add(MysqlSchedule.row(kept));
                case ScheduleEnd end -> schedule.add(MysqlSchedule.row(end));
                case TopicRow row -> published.add(row);
                case Settled broadcast -> settled.add(broadcast);
                case Follow follow -> follows.add(follow);
            }
        }
        messages.sort(Message.IN_ORDER);
        heirs.sort(Comparator.comparing(Heir::user).thenComparingLong(Heir::version));
        devices.sort(Comparator.comparing(device -> device.endpoint().text()));
        inOneCommit(connection, () -> {
            MESSAGES.write(connection, messages);
            HEIRS.write(connection, heirs);
            for (TakenOver each : takenOver) {
                writeTakenOver(connection, each);
            }
            DEVICES.write(connection, devices);
            MysqlSchedule.write(connection, schedule);
            MysqlTopics.write(connection, published, settled, follows);
        });
    }

    private static void writeTakenOver(Connection connection, TakenOver takenOver) throws SQLException {
        Endpoint by = takenOver.by();
        for (int from = 0; from < takenOver.seqs().size(); from += TAKEN_OVER_AT_ONCE) {
            List<Long> some =
                    takenOver.seqs().subList(from, Math.min(takenOver.seqs().size(), from + TAKEN_OVER_AT_ONCE));
            String marks = String.join(", ", Collections.nCopies(some.size(), "?"));
            try (PreparedStatement statement = connection.prepareStatement(
                    "UPDATE inbox SET device = ? WHERE shard = ? AND product = ? AND user = ? AND seq IN (" + marks
                            + ")")) {
                statement.setString(1, by.device());
                owner(statement, 2, by.shard(), by.product(), by.user());
                for (int i = 0; i < some.size(); i++) {
                    statement.setLong(5 + i, some.get(i));
                }
                statement.executeUpdate();
            }
        }
    }

    /** Each endpoint at most once. */
    static void writeWatermarks(Connection connection, List<Map.Entry<Endpoint, Long>> watermarks) throws SQLException {
        inOneCommit(connection, () -> WATERMARKS.write(connection, watermarks));
    }

    /** Each endpoint in a topic at most once. */
    static void writeOffsets(Connection connection, List<Map.Entry<PassedTopic, Long>> offsets) throws SQLException {
        inOneCommit(connection, () -> MysqlTopics.writeOffsets(connection, offsets));
    }

    @FunctionalInterface
    private interface Statements {
        void execute() throws SQLException;
    }

    private static void inOneCommit(Connection connection, Statements statements) throws SQLException {
        try {
            statements.execute();
            connection.commit();
        } catch (SQLException e) {
            try {
                connection.rollback();
            } catch (SQLException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private static void bindMessage(PreparedStatement statement, int first, Message message) throws SQLException {
        owner(statement, first, message.shard, message.endpoint.product(), message.endpoint.user());
        statement.setLong(first + 3, message.seq);
        statement.setString(first + 4, message.endpoint.device());
        statement.setString(first + 5, message.id);
        statement.setLong(first + 6, message.expiresAtMs);
        statement.setInt(first + 7, message.state);
        statement.setString(first + 8, message.reason);
        statement.setBytes(first + 9, message.body == null ? null : message.body.toByteArray());
    }

    private static void bindHeir(PreparedStatement statement, int first, Heir heir) throws SQLException {
        Endpoint ofUser = new Endpoint(heir.product(), heir.user(), Endpoint.DEFAULT_DEVICE);
        owner(statement, first, ofUser.shard(), heir.product(), heir.user());
        statement.setLong(first + 3, heir.version());
        statement.setString(first + 4, heir.heir());
    }

    private static void bindDevice(PreparedStatement statement, int first, Device device) throws SQLException {
        Endpoint endpoint = device.endpoint();
        owner(statement, first, endpoint.shard(), endpoint.product(), endpoint.user());
        statement.setString(first + 3, endpoint.device());
        statement.setLong(first + 4, device.generation());
        statement.setLong(first + 5, device.seenMs());
        statement.setBoolean(first + 6, device.forgotten());
    }

    private static void bindWatermark(PreparedStatement statement, int first, Map.Entry<Endpoint, Long> watermark)
            throws SQLException {
        Endpoint endpoint = watermark.getKey();
        owner(statement, first, endpoint.shard(), endpoint.product(), endpoint.user());
        statement.setString(first + 3, endpoint.device());
        statement.setLong(first + 4, watermark.getValue());
    }

    private static void owner(PreparedStatement statement, int first, int shard, String product, String user)
            throws SQLException {
        statement.setInt(first, shard);
        statement.setString(first + 1, product);
        statement.setString(first + 2, user);
    }
}
