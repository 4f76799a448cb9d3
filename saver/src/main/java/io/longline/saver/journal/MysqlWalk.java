package io.longline.saver.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks once through the messages of a shard, some at a time and in the order in which they lie, and deletes what has ended.
 * It reads without locks and locks nothing but what it deletes.
 */
final class MysqlWalk {
    /** Read at a time. */
    static final int STRIDE = 2000;
    /** Deleted in one commit. */
    private static final int BITE = 500;

    private static final String NEXT = """
            SELECT i.product, i.user, i.seq,
              i.seq < ? AND (i.state <> 0 OR i.expires_at_ms < ? OR i.seq <= a.seq)
            FROM inbox i LEFT JOIN acked a
              ON a.shard = i.shard AND a.product = i.product AND a.user = i.user AND a.device = i.device
            WHERE i.shard = ?
              AND (i.product > ? OR i.product = ? AND (i.user > ? OR i.user = ? AND i.seq > ?))
            ORDER BY i.product, i.user, i.seq LIMIT ?""";
    private static final String DELETE = "DELETE FROM inbox WHERE shard = ? AND product = ? AND user = ? AND seq = ?";

    private final int shard;
    private final long endedBeforeSeq;
    private final long expiredBeforeMs;
    private Place at = new Place("", "", 0);
    private boolean over;
    private int read;
    private int deleted;

    /**
     * Begins one.
     *
     * @param endedBeforeSeq what is not below is kept although it has ended, because its id is still refused
     * @param expiredBeforeMs what was to expire before has ended
     */
    MysqlWalk(int shard, long endedBeforeSeq, long expiredBeforeMs) {
        this.shard = shard;
        this.endedBeforeSeq = endedBeforeSeq;
        this.expiredBeforeMs = expiredBeforeMs;
    }

    private record Place(String product, String user, long seq) {}

    /** One step; safe to repeat when it fails. */
    boolean step(Connection connection) throws SQLException {
        List<Place> ended = new ArrayList<>();
        Place last = at;
        int found = 0;
        try (PreparedStatement next = connection.prepareStatement(NEXT)) {
            bind(next);
            try (ResultSet rows = next.executeQuery()) {
                for (; rows.next(); found++) {
                    last = new Place(rows.getString(1), rows.getString(2), rows.getLong(3));
                    if (rows.getBoolean(4)) {
                        ended.add(last);
                    }
                }
            }
        }
        for (int from = 0; from < ended.size(); from += BITE) {
            delete(connection, ended.subList(from, Math.min(from + BITE, ended.size())));
        }
        at = last;
        read += found;
        deleted += ended.size();
        over = found < STRIDE;
        return !over;
    }

    private void bind(PreparedStatement next) throws SQLException {
        next.setLong(1, endedBeforeSeq);
        next.setLong(2, expiredBeforeMs);
        next.setInt(3, shard);
        next.setString(4, at.product);
        next.setString(5, at.product);
        next.setString(6, at.user);
        next.setString(7, at.user);
        next.setLong(8, at.seq);
        next.setInt(9, STRIDE);
    }

    private void delete(Connection connection, List<Place> places) throws SQLException {
        MysqlBatch.inOneCommit(connection, DELETE, places, (statement, place) -> {
            statement.setInt(1, shard);
            statement.setString(2, place.product);
            statement.setString(3, place.user);
            statement.setLong(4, place.seq);
        });
    }

    boolean isOver() {
        return over;
    }

    int read() {
        return read;
    }

    int deleted() {
        return deleted;
    }
}
