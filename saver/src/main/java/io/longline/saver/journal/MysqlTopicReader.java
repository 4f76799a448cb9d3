package io.longline.saver.journal;

import com.google.protobuf.ByteString;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.JournalEntry.Follow;
import io.longline.saver.journal.JournalEntry.TopicRow;
import java.util.function.Consumer;

/** Reads what the journal has of the topics of one shard, row by row. */
public final class MysqlTopicReader {
    /** Which rows are the newest is found without their bodies. */
    private static final String MESSAGES = """
            SELECT l.product, l.topic, l.log_offset, l.message_id, l.sent_at_ms, l.expires_at_ms, l.body
            FROM (SELECT product, topic, log_offset,
                    ROW_NUMBER() OVER (PARTITION BY product, topic ORDER BY log_offset DESC) AS place
                  FROM topic_log WHERE shard = ? AND expires_at_ms > ? AND log_offset >= ?) n
            JOIN topic_log l
              ON l.shard = ? AND l.product = n.product AND l.topic = n.topic AND l.log_offset = n.log_offset
            WHERE n.place <= ?
            ORDER BY n.product, n.topic, n.log_offset""";

    private static final String OFFSETS =
            "SELECT product, user, device, topic, log_offset FROM topic_offset WHERE shard = ?";
    private static final String FOLLOWS =
            "SELECT product, user, device, topic, follows, from_offset, version FROM follow WHERE shard = ?";

    private final MysqlRows rows;

    public MysqlTopicReader(MysqlDatabase database) {
        this.rows = new MysqlRows(database);
    }

    /** Up to where an endpoint has acknowledged a topic, as the journal knows it. */
    public record Passed(Endpoint endpoint, String topic, long offset) {}

    /**
     * Messages that have not expired, those of a topic in the order of their offsets; of what Redis has none.
     *
     * @param most of each topic the newest
     */
    public void messages(int shard, Extent extent, int most, Consumer<TopicRow> each) {
        rows.read(
                MysqlUse.RESTORE,
                MESSAGES,
                statement -> {
                    statement.setInt(1, shard);
                    statement.setLong(2, extent.nowMs());
                    statement.setLong(3, extent.missingFromSeq());
                    statement.setInt(4, shard);
                    statement.setInt(5, most);
                },
                row -> each.accept(new TopicRow(
                        new Topic(row.getString(1), row.getString(2)),
                        row.getLong(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getLong(6),
                        ByteString.copyFrom(row.getBytes(7)))));
    }

    /** Of the endpoints whose users are in a shard. */
    public void offsets(int shard, Consumer<Passed> each) {
        rows.read(
                MysqlUse.RESTORE,
                OFFSETS,
                statement -> statement.setInt(1, shard),
                row -> each.accept(new Passed(
                        new Endpoint(row.getString(1), row.getString(2), row.getString(3)),
                        row.getString(4),
                        row.getLong(5))));
    }

    /** All that users and endpoints of a shard follow, or do no longer. */
    public void follows(int shard, Consumer<Follow> each) {
        rows.read(
                MysqlUse.READ,
                FOLLOWS,
                statement -> statement.setInt(1, shard),
                row -> each.accept(new Follow(
                        new Endpoint(row.getString(1), row.getString(2), row.getString(3)),
                        row.getString(4),
                        row.getBoolean(5),
                        row.getLong(6),
                        row.getLong(7))));
    }
}
