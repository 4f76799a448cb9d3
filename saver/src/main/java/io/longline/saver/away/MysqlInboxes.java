package io.longline.saver.away;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.LonglineException;
import io.longline.saver.away.AwayStore.Waiting;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.journal.JournalEntry.Heir;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlUse;
import io.longline.saver.rebuild.HeirHistory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the journal has of single endpoints. A row stands by its user and seq; who holds it by now, the heirs say. */
public final class MysqlInboxes {
    private static final String USER = " WHERE shard = ? AND product = ? AND user = ?";
    private static final String WRITTEN = "SELECT seq FROM inbox" + USER + " AND seq BETWEEN ? AND ?";
    private static final String WAITING = "SELECT seq, device, message_id, expires_at_ms, body FROM inbox" + USER
            + " AND seq > ? AND seq <= ? AND state = 0 AND body IS NOT NULL ORDER BY seq LIMIT ?";
    private static final String HEIRS = "SELECT version, heir FROM heir" + USER + " ORDER BY version";
    private static final String ACKED =
            "SELECT seq FROM acked" + USER + " AND device = '" + Endpoint.DEFAULT_DEVICE + "'";

    private final MysqlDatabase database;

    public MysqlInboxes(MysqlDatabase database) {
        this.database = database;
    }

    /**
     * Some messages that wait, in order.
     *
     * @param upto all that wait up to here are in it
     * @param more there may be further ones above
     */
    record Part(List<Waiting> messages, long upto, boolean more) {}

    /** The seqs in that range, both ends included, that are committed. */
    Set<Long> written(Endpoint endpoint, long from, long to) {
        return use(connection -> {
            try (PreparedStatement statement = of(connection, WRITTEN, endpoint)) {
                statement.setLong(4, from);
                statement.setLong(5, to);
                Set<Long> seqs = new HashSet<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        seqs.add(rows.getLong(1));
                    }
                }
                return seqs;
            }
        });
    }

    /**
     * Messages of this endpoint above {@code after}, up to {@code upto}; reads so many rows of its user at most.
     *
     * @param ackedByDefault what Redis knows of it; the journal follows an ack within a second
     */
    Part waiting(Endpoint endpoint, long after, long upto, long ackedByDefault, int most) {
        return use(connection -> {
            HeirHistory heirs = heirs(connection, endpoint);
            long acked = Math.max(ackedByDefault, ackedByDefault(connection, endpoint));
            try (PreparedStatement statement = of(connection, WAITING, endpoint)) {
                statement.setLong(4, after);
                statement.setLong(5, upto);
                statement.setInt(6, most);
                List<Waiting> messages = new ArrayList<>();
                long last = upto;
                int read = 0;
                try (ResultSet rows = statement.executeQuery()) {
                    for (; rows.next(); read++) {
                        last = rows.getLong(1);
                        Endpoint storedFor = endpoint.withDevice(rows.getString(2));
                        boolean waits = !isDefault(storedFor) || last > acked;
                        if (waits && heirs.holder(storedFor, last).equals(endpoint)) {
                            messages.add(new Waiting(
                                    last, rows.getLong(4), rows.getString(3), ByteString.copyFrom(rows.getBytes(5))));
                        }
                    }
                }
                boolean more = read == most;
                return new Part(messages, more ? last : upto, more);
            }
        });
    }

    private static boolean isDefault(Endpoint endpoint) {
        return endpoint.device().equals(Endpoint.DEFAULT_DEVICE);
    }

    private static HeirHistory heirs(Connection connection, Endpoint endpoint) throws SQLException {
        HeirHistory heirs = new HeirHistory();
        try (PreparedStatement statement = of(connection, HEIRS, endpoint);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                heirs.add(new Heir(endpoint.product(), endpoint.user(), rows.getLong(1), rows.getString(2)));
            }
        }
        return heirs;
    }

    /** What is below was acknowledged there, whoever inherited later. */
    private static long ackedByDefault(Connection connection, Endpoint endpoint) throws SQLException {
        try (PreparedStatement statement = of(connection, ACKED, endpoint);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private static PreparedStatement of(Connection connection, String sql, Endpoint endpoint) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setInt(1, endpoint.shard());
        statement.setString(2, endpoint.product());
        statement.setString(3, endpoint.user());
        return statement;
    }

    private <T> T use(MysqlDatabase.Work<T> work) {
        try {
            return database.use(MysqlUse.READ, work);
        } catch (SQLException e) {
            throw LonglineException.dependencyDown("mysql", "an inbox cannot be read: " + e.getMessage(), e);
        }
    }
}
