package io.longline.saver.journal;

import com.google.protobuf.ByteString;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.journal.JournalEntry.Follow;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.TopicRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads what the journal has of the topics of one shard, row by row. */
public final class MysqlTopicReader {
    /**
     * The next topic, and the oldest one of its newest messages, NULL where there are not so many. Each step along the primary key, whatever its
     * statistics say: of a topic there may be millions of rows.
     */
    private static final String NEXT_TOPIC = """
            SELECT t.product, t.topic,
              (SELECT l.log_offset FROM topic_log l FORCE INDEX (PRIMARY)
               WHERE l.shard = ? AND l.product = t.product AND l.topic = t.topic
                 AND l.log_offset >= ? AND l.expires_at_ms > ?
               ORDER BY l.log_offset DESC LIMIT 1 OFFSET ?)
            FROM (SELECT product, topic FROM topic_log FORCE INDEX (PRIMARY)
                  WHERE shard = ? AND (product > ? OR product = ? AND topic > ?)
                  ORDER BY product, topic LIMIT 1) t""";

    private static final String MESSAGES = """
            SELECT product, topic, log_offset, message_id, sent_at_ms, expires_at_ms,
              IF(log_offset >= ? AND expires_at_ms > ?, body, NULL)
            FROM topic_log FORCE INDEX (PRIMARY)
            WHERE shard = ? AND (product > ? OR product = ? AND topic >= ?) AND (product < ? OR product = ? AND topic <= ?)
              AND log_offset >= ? AND (log_offset >= ? OR log_offset >= ? AND expires_at_ms > ?)
            ORDER BY product, topic, log_offset""";

    private static final String SETTLED =
            "SELECT product, topic, log_offset, state FROM broadcast_state WHERE shard = ?";
    private static final String OFFSETS =
            "SELECT product, user, device, topic, log_offset FROM topic_offset WHERE shard = ?";
    private static final String FOLLOWS =
            "SELECT product, user, device, topic, follows, from_offset, version FROM follow WHERE shard = ?";

    private final MysqlRows rows;

    public MysqlTopicReader(MysqlDatabase database) {
        this.rows = new MysqlRows(database);
    }

    /**
     * A message of a topic.
     *
     * @param isInLog whether it is to be read; else there is nothing in it, and its id is refused
     */
    public record Logged(TopicRow row, boolean isInLog) {}

    /** Up to where an endpoint has acknowledged a topic, as the journal knows it. */
    public record Passed(Endpoint endpoint, String topic, long offset) {}

    /**
     * Messages that have not expired, and without their content others whose ids are still refused; those of a topic in the order
     * of their offsets; of what Redis has none.
     *
     * @param most so many of the newest of each topic are in its log
     */
    public void messages(int shard, Extent extent, int most, Consumer<Logged> each) {
        for (Run run : runs(shard, extent, most)) {
            rows.read(
                    MysqlUse.RESTORE,
                    MESSAGES,
                    statement -> {
                        statement.setLong(1, run.from);
                        statement.setLong(2, extent.nowMs());
                        statement.setInt(3, shard);
                        statement.setString(4, run.first.product());
                        statement.setString(5, run.first.product());
                        statement.setString(6, run.first.name());
                        statement.setString(7, run.last.product());
                        statement.setString(8, run.last.product());
                        statement.setString(9, run.last.name());
                        statement.setLong(10, extent.missingFromSeq());
                        statement.setLong(11, extent.keptFromSeq());
                        statement.setLong(12, run.from);
                        statement.setLong(13, extent.nowMs());
                    },
                    row -> each.accept(logged(row)));
        }
    }

    private static Logged logged(ResultSet row) throws SQLException {
        byte @Nullable [] body = row.getBytes(7);
        TopicRow message = new TopicRow(
                new Topic(row.getString(1), row.getString(2)),
                row.getLong(3),
                row.getString(4),
                row.getLong(5),
                row.getLong(6),
                body == null ? ByteString.EMPTY : ByteString.copyFrom(body));
        return new Logged(message, body != null);
    }

    /**
     * Topics one behind the other that are read together.
     *
     * @param from one alone of which older messages are not wanted; 0: of these all are
     */
    private record Run(Topic first, Topic last, long from) {}

    private List<Run> runs(int shard, Extent extent, int most) {
        List<Run> runs = new ArrayList<>();
        Optional<Run> next = next(shard, new Topic("", ""), extent, most);
        while (next.isPresent()) {
            Run run = next.get();
            if (run.from == 0 && !runs.isEmpty() && runs.getLast().from == 0) {
                run = new Run(runs.removeLast().first, run.last, 0);
            }
            runs.add(run);
            next = next(shard, run.last, extent, most);
        }
        return runs;
    }

    private Optional<Run> next(int shard, Topic after, Extent extent, int most) {
        return rows.first(
                MysqlUse.RESTORE,
                NEXT_TOPIC,
                statement -> {
                    statement.setInt(1, shard);
                    statement.setLong(2, extent.missingFromSeq());
                    statement.setLong(3, extent.nowMs());
                    statement.setInt(4, most - 1);
                    statement.setInt(5, shard);
                    statement.setString(6, after.product());
                    statement.setString(7, after.product());
                    statement.setString(8, after.name());
                },
                row -> {
                    Topic topic = new Topic(row.getString(1), row.getString(2));
                    return new Run(topic, topic, row.getLong(3)); // 0 for NULL
                });
    }

    /** What became of the broadcasts of a shard, also of those that Redis knows of; they are few. */
    public void settled(int shard, Consumer<Settled> each) {
        rows.read(
                MysqlUse.RESTORE,
                SETTLED,
                statement -> statement.setInt(1, shard),
                row -> each.accept(new Settled(
                        new Topic(row.getString(1), row.getString(2)), row.getLong(3), Settled.How.of(row.getInt(4)))));
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

    /** All that users and endpoints of a shard follow, do not though their user does, or do no longer. */
    public void follows(int shard, Consumer<Follow> each) {
        rows.read(
                MysqlUse.READ,
                FOLLOWS,
                statement -> statement.setInt(1, shard),
                row -> each.accept(new Follow(
                        new Endpoint(row.getString(1), row.getString(2), row.getString(3)),
                        row.getString(4),
                        Follow.Says.of(row.getInt(5)),
                        row.getLong(6),
                        row.getLong(7))));
    }
}
