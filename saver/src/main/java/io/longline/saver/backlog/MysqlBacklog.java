package io.longline.saver.backlog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlErrors;
import io.longline.saver.journal.MysqlUse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What waits for back ends in MySQL. Each step may be repeated. Whatever changes something locks its shard's row first, and looks there under
 * which fencing number the shard was opened: who was late with a write, and has lost the lease since, changes nothing any more.
 */
final class MysqlBacklog {
    private static final int AT_ONCE = 500;
    private static final String OPEN = """
            INSERT INTO outbox_backlog_shard (shard, fence) VALUES (?, ?)
            ON DUPLICATE KEY UPDATE fence = GREATEST(fence, VALUES(fence))""";
    private static final String LOCK = "SELECT fence FROM outbox_backlog_shard WHERE shard = ? FOR UPDATE";
    /** The first and the last are each one step in the primary key, which MIN and MAX would read all of. */
    private static final String SIZES = """
            SELECT s.product, s.kind, GREATEST(s.events, 1),
              (SELECT b.seq FROM outbox_backlog b WHERE b.shard = s.shard AND b.product = s.product AND b.kind = s.kind
               ORDER BY b.seq LIMIT 1) AS first_seq,
              (SELECT b.seq FROM outbox_backlog b WHERE b.shard = s.shard AND b.product = s.product AND b.kind = s.kind
               ORDER BY b.seq DESC LIMIT 1) AS last_seq
            FROM outbox_backlog_size s WHERE s.shard = ? HAVING first_seq IS NOT NULL""";

    private static final String OF_STREAM = " FROM outbox_backlog WHERE shard = ? AND product = ? AND kind = ? ";
    private static final String PRESENT = "SELECT seq" + OF_STREAM + "AND seq BETWEEN ? AND ?";
    private static final String OF_PRODUCT =
            "SELECT COALESCE(SUM(events), 0), COALESCE(SUM(bytes), 0) FROM outbox_backlog_size WHERE product = ?";
    private static final String INSERT = """
            INSERT INTO outbox_backlog
              (shard, product, kind, seq, user, device, generation, at_ms, bytes, fields, payload)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";
    private static final String GROW = """
            INSERT INTO outbox_backlog_size (shard, product, kind, events, bytes) VALUES (?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE events = events + VALUES(events), bytes = bytes + VALUES(bytes)""";
    private static final String READ = "SELECT seq, user, device, generation, at_ms, fields, payload" + OF_STREAM
            + "AND seq > ? ORDER BY seq LIMIT ?";
    private static final String OLDEST = "SELECT seq, bytes" + OF_STREAM + "AND seq <= ? ORDER BY seq LIMIT " + AT_ONCE;
    private static final String DELETE = "DELETE" + OF_STREAM + "AND seq <= ?";
    private static final String SHRINK = """
            UPDATE outbox_backlog_size SET events = events - ?, bytes = bytes - ?
            WHERE shard = ? AND product = ? AND kind = ?""";
    private static final String DONE =
            "DELETE FROM outbox_backlog_size WHERE shard = ? AND product = ? AND kind = ? AND events <= 0";

    private static final int TRIES = 4;
    private static final Duration FULL_RETRY = Duration.ofSeconds(10);

    private final MysqlDatabase database;
    private final BacklogConfig limits;

    MysqlBacklog(MysqlDatabase database, BacklogConfig limits) {
        this.database = database;
        this.limits = limits;
    }

    /** What there is of a stream. */
    record Size(BacklogStream stream, long events, long firstSeq, long lastSeq) {}

    /** Some of what waits, and whether there may be more behind it. */
    record Page(List<BacklogEvent> events, boolean more) {}

    /** How far a step came. */
    enum Step {
        DONE,
        MORE,
        /** The shard was opened under another fencing number. */
        STALE
    }

    /** From now on nothing is changed in the shard under an earlier number. Empty where this is an earlier one. */
    Optional<List<Size>> open(int shard, long fence) {
        return inOneStep(connection -> {
            int _ = update(connection, OPEN, shard, fence);
            return isStale(connection, shard, fence) ? Optional.empty() : Optional.of(sizes(connection, shard));
        });
    }

    private static List<Size> sizes(Connection connection, int shard) throws SQLException {
        List<Size> sizes = new ArrayList<>();
        try (PreparedStatement statement = prepare(connection, SIZES, shard);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                sizes.add(new Size(
                        new BacklogStream(shard, rows.getString(1), rows.getString(2)),
                        rows.getLong(3),
                        rows.getLong(4),
                        rows.getLong(5)));
            }
        }
        return sizes;
    }

    /**
     * Keeps all of them, or none and QUEUE_FULL where the product has too many. Shards that keep some at the same moment may make it a few
     * more than may be. False where the shard was opened under another number.
     *
     * @param events in order
     */
    boolean keep(BacklogStream stream, long fence, List<BacklogEvent> events) {
        if (events.isEmpty()) {
            return true;
        }
        return inOneStep(connection -> {
            if (isStale(connection, stream.shard(), fence)) {
                return false;
            }
            Set<Long> present = present(connection, stream, events);
            List<Row> rows = events.stream()
                    .filter(event -> !present.contains(event.seq()))
                    .map(Row::of)
                    .toList();
            if (!rows.isEmpty()) {
                requireRoom(connection, stream.product(), rows);
                insert(connection, stream, rows);
            }
            return true;
        });
    }

    /** One as it is written. */
    private record Row(BacklogEvent event, String fields, long bytes) {
        static Row of(BacklogEvent event) {
            String fields = text(event.fields());
            return new Row(
                    event, fields, (long) fields.length() + event.payload().size());
        }
    }

    private static Set<Long> present(Connection connection, BacklogStream stream, List<BacklogEvent> events)
            throws SQLException {
        Set<Long> present = new HashSet<>();
        long first = events.getFirst().seq();
        long last = events.getLast().seq();
        try (PreparedStatement statement =
                        prepare(connection, PRESENT, stream.shard(), stream.product(), stream.kind(), first, last);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                present.add(rows.getLong(1));
            }
        }
        return present;
    }

    private void requireRoom(Connection connection, String product, List<Row> rows) throws SQLException {
        try (PreparedStatement statement = prepare(connection, OF_PRODUCT, product);
                ResultSet sum = statement.executeQuery()) {
            long events = sum.next() ? sum.getLong(1) : 0;
            long bytes = events == 0 ? 0 : sum.getLong(2);
            if (events + rows.size() > limits.perProduct() || bytes + bytesOf(rows) > limits.bytesPerProduct()) {
                throw new LonglineException(
                                ErrorCode.QUEUE_FULL,
                                "product " + product + " has a backlog of " + events + " events and " + bytes
                                        + " bytes, of at most " + limits.perProduct() + " and "
                                        + limits.bytesPerProduct())
                        .retryAfter(FULL_RETRY);
            }
        }
    }

    private static void insert(Connection connection, BacklogStream stream, List<Row> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            for (Row row : rows) {
                BacklogEvent event = row.event;
                bind(
                        statement,
                        stream.shard(),
                        stream.product(),
                        stream.kind(),
                        event.seq(),
                        event.user(),
                        event.device(),
                        event.generation(),
                        event.atMs(),
                        row.bytes,
                        row.fields,
                        event.payload().toByteArray());
                statement.addBatch();
            }
            int[] _ = statement.executeBatch();
        }
        int _ = update(connection, GROW, stream.shard(), stream.product(), stream.kind(), rows.size(), bytesOf(rows));
    }

    private static long bytesOf(List<Row> rows) {
        return rows.stream().mapToLong(Row::bytes).sum();
    }

    /**
     * The oldest behind a seq.
     *
     * @param mostBytes of payload, after which there are no more; one there always is
     */
    Page read(BacklogStream stream, long after, int most, long mostBytes) {
        return attempt(connection -> {
            List<BacklogEvent> events = new ArrayList<>();
            long bytes = 0;
            try (PreparedStatement statement =
                            prepare(connection, READ, stream.shard(), stream.product(), stream.kind(), after, most);
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (bytes >= mostBytes) {
                        return new Page(events, true);
                    }
                    BacklogEvent event = event(rows);
                    bytes += event.payload().size();
                    events.add(event);
                }
            }
            return new Page(events, events.size() == most);
        });
    }

    /** Some of what is not behind a seq is forgotten. */
    Step letGo(BacklogStream stream, long fence, long upTo) {
        return inOneStep(connection -> {
            if (isStale(connection, stream.shard(), fence)) {
                return Step.STALE;
            }
            long last = 0;
            long bytes = 0;
            int count = 0;
            try (PreparedStatement statement =
                            prepare(connection, OLDEST, stream.shard(), stream.product(), stream.kind(), upTo);
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    last = rows.getLong(1);
                    bytes += rows.getLong(2);
                    count++;
                }
            }
            if (count > 0) {
                int _ = update(connection, DELETE, stream.shard(), stream.product(), stream.kind(), last);
                int _ = update(connection, SHRINK, count, bytes, stream.shard(), stream.product(), stream.kind());
            }
            int _ = update(connection, DONE, stream.shard(), stream.product(), stream.kind());
            return count == AT_ONCE ? Step.MORE : Step.DONE;
        });
    }

    private static boolean isStale(Connection connection, int shard, long fence) throws SQLException {
        try (PreparedStatement statement = prepare(connection, LOCK, shard);
                ResultSet rows = statement.executeQuery()) {
            return !rows.next() || rows.getLong(1) != fence;
        }
    }

    private <T> T inOneStep(MysqlDatabase.Work<T> work) {
        return attempt(connection -> {
            connection.setAutoCommit(false);
            try {
                T done = work.on(connection);
                connection.commit();
                return done;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        });
    }

    private <T> T attempt(MysqlDatabase.Work<T> work) {
        for (int tries = 1; ; tries++) {
            try {
                return database.use(MysqlUse.BACKLOG, work);
            } catch (SQLException e) {
                if (MysqlErrors.isBadValue(e)) {
                    throw new LonglineException(ErrorCode.INTERNAL, "an event is refused: " + e.getMessage(), e);
                }
                if (!MysqlErrors.isCollision(e) || tries == TRIES) {
                    throw LonglineException.dependencyDown(
                            "mysql", "the backlog is out of reach: " + e.getMessage(), e);
                }
            }
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        bind(statement, values);
        return statement;
    }

    private static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    private static BacklogEvent event(ResultSet row) throws SQLException {
        return new BacklogEvent(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                row.getLong(5),
                fields(row.getString(6)),
                ByteString.copyFrom(row.getBytes(7)));
    }

    private static String text(Map<String, String> fields) {
        ObjectNode json = Json.object();
        fields.forEach(json::put);
        return json.toString();
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        for (Map.Entry<String, JsonNode> field :
                Json.parse(text.getBytes(StandardCharsets.UTF_8)).properties()) {
            fields.put(field.getKey(), field.getValue().asText());
        }
        return fields;
    }
}
