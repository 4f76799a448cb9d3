package io.longline.saver.journal;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Follow;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.TopicRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Writes what is kept of topics: a message never changes, a broadcast that was removed stays so, an offset never falls, the newest note of what
 * is followed stays.
 */
final class MysqlTopics {
    private static final MysqlMultiRow<TopicRow> MESSAGES = new MysqlMultiRow<>(
            "INSERT INTO topic_log (shard, product, topic, log_offset, message_id, sent_at_ms, expires_at_ms, body)",
            8,
            " ON DUPLICATE KEY UPDATE expires_at_ms = VALUES(expires_at_ms)",
            TopicRow::bytes,
            MysqlTopics::bindMessage);
    private static final Comparator<TopicRow> IN_ORDER = Comparator.<TopicRow>comparingInt(
                    row -> row.topic().shard())
            .thenComparing(row -> row.topic().product())
            .thenComparing(row -> row.topic().name())
            .thenComparingLong(TopicRow::offset);

    private static final MysqlMultiRow<Settled> SETTLED = new MysqlMultiRow<>(
            "INSERT INTO broadcast_state (shard, product, topic, log_offset, state)",
            5,
            " ON DUPLICATE KEY UPDATE state = GREATEST(state, VALUES(state))",
            Settled::bytes,
            MysqlTopics::bindSettled);

    private static final MysqlMultiRow<Map.Entry<PassedTopic, Long>> OFFSETS = new MysqlMultiRow<>(
            "INSERT INTO topic_offset (shard, product, user, device, topic, log_offset)",
            6,
            " ON DUPLICATE KEY UPDATE log_offset = GREATEST(log_offset, VALUES(log_offset))",
            offset -> JournalEntry.FIXED_BYTES,
            MysqlTopics::bindOffset);

    /** The version is set last: the others look at it. */
    private static final MysqlMultiRow<Follow> FOLLOWS = new MysqlMultiRow<>(
            "INSERT INTO follow (shard, product, user, device, topic, follows, from_offset, version)",
            8,
            """
             ON DUPLICATE KEY UPDATE
              follows = IF(VALUES(version) >= version, VALUES(follows), follows),
              from_offset = IF(VALUES(version) >= version, VALUES(from_offset), from_offset),
              version = GREATEST(version, VALUES(version))""",
            Follow::bytes,
            MysqlTopics::bindFollow);

    private MysqlTopics() {}

    /** Does not commit; likewise below. */
    static void write(Connection connection, List<TopicRow> messages, List<Settled> settled, List<Follow> follows)
            throws SQLException {
        MESSAGES.write(connection, messages.stream().sorted(IN_ORDER).toList());
        SETTLED.write(
                connection,
                settled.stream()
                        .sorted(Comparator.<Settled, String>comparing(
                                        one -> one.topic().text())
                                .thenComparingLong(Settled::offset))
                        .toList());
        FOLLOWS.write(
                connection,
                follows.stream()
                        .sorted(Comparator.comparing(follow -> follow.endpoint().text() + "/" + follow.topic()))
                        .toList());
    }

    /** Each endpoint in a topic at most once. */
    static void writeOffsets(Connection connection, List<Map.Entry<PassedTopic, Long>> offsets) throws SQLException {
        OFFSETS.write(connection, offsets);
    }

    private static void bindMessage(PreparedStatement statement, int first, TopicRow row) throws SQLException {
        statement.setInt(first, row.topic().shard());
        statement.setString(first + 1, row.topic().product());
        statement.setString(first + 2, row.topic().name());
        statement.setLong(first + 3, row.offset());
        statement.setString(first + 4, row.messageId());
        statement.setLong(first + 5, row.sentAtMs());
        statement.setLong(first + 6, row.expiresAtMs());
        statement.setBytes(first + 7, row.message().toByteArray());
    }

    private static void bindSettled(PreparedStatement statement, int first, Settled settled) throws SQLException {
        statement.setInt(first, settled.topic().shard());
        statement.setString(first + 1, settled.topic().product());
        statement.setString(first + 2, settled.topic().name());
        statement.setLong(first + 3, settled.offset());
        statement.setInt(first + 4, settled.how().code());
    }

    private static void bindOffset(PreparedStatement statement, int first, Map.Entry<PassedTopic, Long> offset)
            throws SQLException {
        bindEndpoint(statement, first, offset.getKey().endpoint());
        statement.setString(first + 4, offset.getKey().topic());
        statement.setLong(first + 5, offset.getValue());
    }

    private static void bindFollow(PreparedStatement statement, int first, Follow follow) throws SQLException {
        bindEndpoint(statement, first, follow.endpoint());
        statement.setString(first + 4, follow.topic());
        statement.setInt(first + 5, follow.says().code());
        statement.setLong(first + 6, follow.from());
        statement.setLong(first + 7, follow.version());
    }

    private static void bindEndpoint(PreparedStatement statement, int first, Endpoint endpoint) throws SQLException {
        statement.setInt(first, endpoint.shard());
        statement.setString(first + 1, endpoint.product());
        statement.setString(first + 2, endpoint.user());
        statement.setString(first + 3, endpoint.device());
    }
}
