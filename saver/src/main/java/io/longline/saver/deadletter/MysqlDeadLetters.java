package io.longline.saver.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import io.longline.keeper.rpc.Deadline;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Dead letters in MySQL. Each step may be repeated. */
final class MysqlDeadLetters {
    private static final String NOW_MS = "ROUND(UNIX_TIMESTAMP(NOW(3)) * 1000)";
    private static final String COUNT = "SELECT COUNT(*) FROM dead_letter WHERE product = ?";
    /** The seq comes last: what stands before it compares with the one that was there. */
    private static final String KEEP = """
            INSERT INTO dead_letter
              (product, id, kind, user, device, generation, seq, at_ms, died_at_ms, reason, fields, payload)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, %s, ?, ?, ?)
            ON DUPLICATE KEY UPDATE
              died_at_ms = IF(VALUES(seq) > seq, VALUES(died_at_ms), died_at_ms),
              reason = IF(VALUES(seq) >= seq, VALUES(reason), reason),
              seq = GREATEST(seq, VALUES(seq))""".formatted(NOW_MS);

    private static final String COLUMNS =
            "SELECT product, id, kind, user, device, generation, seq, at_ms, reason, fields, number, died_at_ms, LENGTH(payload), ";
    private static final String PAGE = COLUMNS + """
            '' FROM dead_letter WHERE product = ? AND number < ? ORDER BY number DESC LIMIT ?""";
    private static final String PAGE_OF_KIND = COLUMNS + """
            '' FROM dead_letter WHERE product = ? AND kind = ? AND number < ? ORDER BY number DESC LIMIT ?""";
    private static final String FIND = COLUMNS + "payload FROM dead_letter WHERE product = ? AND id = ?";
    private static final String DISCARD = "DELETE FROM dead_letter WHERE product = ? AND id = ? AND (? = 0 OR seq = ?)";
    private static final String NEWEST = "SELECT MAX(number) FROM dead_letter WHERE product = ? AND kind = ?";
    private static final String DISCARD_KIND =
            "DELETE FROM dead_letter WHERE product = ? AND kind = ? AND number <= ? ORDER BY number LIMIT ?";
    private static final String DISCARD_OLD =
            "DELETE FROM dead_letter WHERE died_at_ms < " + NOW_MS + " - ? ORDER BY died_at_ms LIMIT ?";
    static final int AT_ONCE = 500;
    private static final int TRIES = 4;
    private static final Duration FULL_RETRY = Duration.ofMinutes(1);

    private final MysqlDatabase database;
    private final int perProduct;

    MysqlDeadLetters(MysqlDatabase database, int perProduct) {
        this.database = database;
        this.perProduct = perProduct;
    }

    /**
     * Keeps all of them, of one product; or none, and QUEUE_FULL, where there are too many. Who keeps some at the same moment may make it a few
     * more than may be.
     */
    void keep(String product, List<DeadLetter> letters) {
        use(connection -> {
            long present = number(connection, COUNT, product);
            if (present + letters.size() > perProduct) {
                throw new LonglineException(
                                ErrorCode.QUEUE_FULL,
                                "product " + product + " has " + present + " dead letters, of at most " + perProduct)
                        .retryAfter(FULL_RETRY);
            }
            try (PreparedStatement statement = connection.prepareStatement(KEEP)) {
                for (DeadLetter letter : letters) {
                    bind(
                            statement,
                            letter.about().product(),
                            letter.about().id(),
                            letter.about().kind(),
                            letter.about().user(),
                            letter.about().device(),
                            letter.about().generation(),
                            letter.seq(),
                            letter.atMs(),
                            letter.reason(),
                            text(letter.fields()),
                            letter.payload().toByteArray());
                    statement.addBatch();
                }
                return statement.executeBatch().length;
            }
        });
    }

    /** The newest first, without their payloads. {@code kind} "": of all; {@code before} 0: from the newest on. */
    List<DeadLetter> page(String product, String kind, long before, int limit) {
        long below = before == 0 ? Long.MAX_VALUE : before;
        return use(connection -> kind.isEmpty()
                ? list(connection, PAGE, product, below, limit)
                : list(connection, PAGE_OF_KIND, product, kind, below, limit));
    }

    Optional<DeadLetter> find(String product, String id) {
        return use(connection -> list(connection, FIND, product, id)).stream().findFirst();
    }

    /**
     * Whether it was there.
     *
     * @param seq that it must have; 0: whichever
     */
    boolean discard(String product, String id, long seq) {
        return use(connection -> update(connection, DISCARD, product, id, seq, seq)) > 0;
    }

    /**
     * All of a kind that are there now, as far as there is time.
     *
     * @param more whether some are left of them
     */
    record Discarded(long count, boolean more) {}

    Discarded discardKind(String product, String kind, Deadline deadline) {
        long newest = use(connection -> number(connection, NEWEST, product, kind));
        long discarded = 0;
        int step;
        do {
            step = use(connection -> update(connection, DISCARD_KIND, product, kind, newest, AT_ONCE));
            discarded += step;
        } while (step == AT_ONCE && !deadline.passed());
        return new Discarded(discarded, step == AT_ONCE);
    }

    /** Some that died longer ago than that; how many. */
    int discardOld(Duration kept) {
        return attempt(MysqlUse.PURGE, connection -> update(connection, DISCARD_OLD, kept.toMillis(), AT_ONCE));
    }

    private <T> T use(MysqlDatabase.Work<T> work) {
        return attempt(MysqlUse.LETTER, work);
    }

    private <T> T attempt(MysqlUse use, MysqlDatabase.Work<T> work) {
        for (int tries = 1; ; tries++) {
            try {
                return database.use(use, work);
            } catch (SQLException e) {
                if (MysqlErrors.isBadValue(e)) {
                    throw new LonglineException(ErrorCode.INTERNAL, "a dead letter is refused: " + e.getMessage(), e);
                }
                if (!MysqlErrors.isCollision(e) || tries == TRIES) {
                    throw LonglineException.dependencyDown(
                            "mysql", "dead letters are out of reach: " + e.getMessage(), e);
                }
            }
        }
    }

    private static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        }
    }

    private static long number(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    private static List<DeadLetter> list(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            List<DeadLetter> letters = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    letters.add(letter(rows));
                }
            }
            return letters;
        }
    }

    private static DeadLetter letter(ResultSet row) throws SQLException {
        return new DeadLetter(
                new DeadLetter.About(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getLong(6)),
                row.getLong(7),
                row.getLong(8),
                row.getString(9),
                fields(row.getString(10)),
                ByteString.copyFrom(row.getBytes(14)),
                new DeadLetter.Kept(row.getLong(11), row.getLong(12), row.getLong(13)));
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
