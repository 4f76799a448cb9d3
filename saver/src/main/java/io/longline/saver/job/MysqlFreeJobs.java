package io.longline.saver.job;

import static io.longline.saver.job.MysqlJobTable.NOW_MS;
import static io.longline.saver.job.MysqlJobTable.update;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Jobs that nobody works on, as they stand at a glance: whoever takes one looks again. */
enum MysqlFreeJobs {
    LISTS_TO_RECALL("""
            SELECT id, id, run FROM job WHERE recall = 1 AND run_until_ms <= %1$s AND topic = ''
            ORDER BY run_until_ms, id LIMIT 20"""),
    /** A broadcast when its log is as its end wants it. */
    TO_RECALL("""
            SELECT id, id, run FROM job WHERE recall = 1 AND run_until_ms <= %1$s AND (topic = '' OR running IS NULL AND NOT (%2$s))
            ORDER BY run_until_ms, id LIMIT 20"""),
    /** Whoever has waited longest, be it queued or given back; of a product what was running, or the oldest. */
    TO_SEND("""
            SELECT id, product, run FROM job WHERE state IN (1, 2) AND topic = '' AND kick_reason IS NULL AND run_until_ms <= %1$s
              AND (state = 2 OR product NOT IN (SELECT running FROM job WHERE running IS NOT NULL))
            ORDER BY GREATEST(created_at_ms, run_until_ms), id LIMIT 20"""),
    /** Likewise, beside what is sent of the same product. */
    TO_KICK("""
            SELECT id, CONCAT(product, '!kick'), run FROM job WHERE state IN (1, 2) AND kick_reason IS NOT NULL AND run_until_ms <= %1$s
              AND (state = 2 OR CONCAT(product, '!kick') NOT IN (SELECT running FROM job WHERE running IS NOT NULL))
            ORDER BY GREATEST(created_at_ms, run_until_ms), id LIMIT 20"""),
    /** Likewise; of a topic what has begun and does not rest, or the oldest that may begin: first of those that were sent behind another one. */
    TO_BROADCAST("""
            SELECT id, alone, run FROM (
              SELECT id, running AS alone, run, GREATEST(created_at_ms, run_until_ms) AS since FROM job
              WHERE running IS NOT NULL AND topic <> '' AND state NOT IN (3, 4) AND run_until_ms <= %1$s
              UNION ALL
              SELECT id, CONCAT(product, '/', topic), run, created_at_ms FROM job
              WHERE id IN (SELECT MIN(id) FROM job WHERE %2$s GROUP BY product, topic)
                AND state NOT IN (3, 4) AND run_until_ms <= %1$s
                AND CONCAT(product, '/', topic) NOT IN (SELECT running FROM job WHERE running IS NOT NULL)
              UNION ALL
              SELECT id, CONCAT(product, '/', topic), run, created_at_ms FROM job
              WHERE id IN (SELECT MIN(id) FROM job WHERE state = 1 AND topic <> '' GROUP BY product, topic)
                AND CONCAT(product, '/', topic) NOT IN (SELECT running FROM job WHERE running IS NOT NULL)
                AND CONCAT(product, '/', topic) NOT IN (SELECT CONCAT(product, '/', topic) FROM job WHERE %2$s)) free
            ORDER BY since, id LIMIT 20""");

    /** A saver that was stopped over a row keeps nobody from the others. */
    private static final String OVERDUE = """
            SELECT id FROM job WHERE state IN (1, 2, 3, 4) AND ends_at_ms <= ? AND (state <> 2 OR topic <> '' AND run_until_ms <= %s)
            LIMIT 100 FOR UPDATE SKIP LOCKED""".formatted(NOW_MS);

    private static final String END_OVERDUE =
            "UPDATE job SET state = 6, reason = 'ttl', over_at_ms = %s WHERE id = ?".formatted(NOW_MS);

    private final String select;

    MysqlFreeJobs(String select) {
        this.select = select.formatted(NOW_MS, MysqlBehind.IS_BEHIND);
    }

    /** @param alone of jobs with the same one only one is had at a time */
    record Free(String id, String alone, long run) {}

    List<Free> find(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select);
                ResultSet rows = statement.executeQuery()) {
            List<Free> free = new ArrayList<>();
            while (rows.next()) {
                free.add(new Free(rows.getString(1), rows.getString(2), rows.getLong(3)));
            }
            return free;
        }
    }

    /** Cancels what waits, and of broadcasts what nobody works on, where its time to live is over. */
    static int endOverdue(Connection connection, long nowMs) throws SQLException {
        List<String> overdue = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(OVERDUE)) {
            statement.setLong(1, nowMs);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    overdue.add(rows.getString(1));
                }
            }
        }
        int ended = 0;
        for (String id : overdue) {
            ended += update(connection, END_OVERDUE, id);
        }
        return ended;
    }
}
