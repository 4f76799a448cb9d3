package io.longline.saver.job;

import static io.longline.saver.job.MysqlJobTable.NOW_MS;
import static io.longline.saver.job.MysqlJobTable.OF_RUN;
import static io.longline.saver.job.MysqlJobTable.find;
import static io.longline.saver.job.MysqlJobTable.number;
import static io.longline.saver.job.MysqlJobTable.sharing;
import static io.longline.saver.job.MysqlJobTable.update;

import io.longline.keeper.rpc.Deadline;
import io.longline.saver.journal.MysqlDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Broadcasts that are sent together with one before them in their topic, which has the place of the topic. Once they were taken so they may be in the
 * log, so until they are settled they come before all that was not: when the first one is settled the next has the place.
 */
final class MysqlBehind {
    /** Not those that a saver of the release before noted as done. */
    static final String IS_BEHIND = "behind = 1 AND state <> 5";

    private static final String THOSE_BEHIND =
            "SELECT id FROM job WHERE " + IS_BEHIND + " AND product = ? AND topic = ? ORDER BY id LIMIT ?";
    private static final String THOSE_QUEUED =
            "SELECT id FROM job WHERE state = 1 AND behind = 0 AND product = ? AND topic = ? ORDER BY id LIMIT ?";
    private static final String BYTES = "SELECT LENGTH(body) FROM job WHERE id = ?";
    private static final String TAKE = """
            UPDATE job SET run = run + 1, node = ?, run_until_ms = %1$s + ?, behind = 1, canary_told = canary, state = 2
            WHERE id = ? AND state IN (1, 2) AND running IS NULL AND run_until_ms <= %1$s""".formatted(NOW_MS);
    private static final String IN_PLACE = "SELECT COUNT(*) FROM job WHERE running = ?";
    private static final String HAND_ON = "UPDATE job SET running = ?, behind = 0 WHERE id = ? AND " + IS_BEHIND;

    private final MysqlJobTable table;

    MysqlBehind(MysqlDatabase database) {
        this.table = new MysqlJobTable(database);
    }

    /**
     * Who takes some.
     *
     * @param run of the first one, which he has
     * @param most jobs
     * @param mostBytes of their messages together
     */
    record Taking(String node, long run, Duration lease, int most, long mostBytes) {}

    /** Those that can be sent with the first one, in order; none where somebody else has that by now. */
    List<TakenJob> take(String product, String first, Taking taking, Deadline deadline) {
        return table.inOneCommit(connection -> {
            Optional<Job> found = find(connection, OF_RUN, first, product, taking.run());
            deadline.check();
            if (found.isEmpty()
                    || found.get().state() != JobState.RUNNING
                    || !found.get().broadcast().begun()) {
                return List.of();
            }
            List<TakenJob> taken = take(connection, found.get(), taking);
            deadline.check(); // what nobody hears of any more would be his for the whole lease
            return taken;
        });
    }

    private static List<TakenJob> take(Connection connection, Job first, Taking taking) throws SQLException {
        int sharing = sharing(connection, first.product());
        String topic = first.broadcast().topic();
        List<String> behind = ids(connection, THOSE_BEHIND, first.product(), topic, taking.most());
        if (!behind.isEmpty() && behind.getFirst().compareTo(first.id()) < 0) {
            return List.of();
        }
        List<TakenJob> taken = new ArrayList<>();
        long left = take(connection, behind, taking, taking.mostBytes(), sharing, taken);
        if (taken.size() == behind.size() && taken.size() < taking.most()) {
            String last = behind.isEmpty() ? first.id() : behind.getLast();
            List<String> queued = ids(connection, THOSE_QUEUED, first.product(), topic, taking.most() - taken.size());
            if (!queued.isEmpty() && queued.getFirst().compareTo(last) > 0) { // otherwise it is that one's turn first
                take(connection, queued, taking, left, sharing, taken);
            }
        }
        return taken;
    }

    /** Up to the first that cannot be; answers how many bytes are left. */
    private static long take(
            Connection connection, List<String> ids, Taking taking, long bytes, int sharing, List<TakenJob> taken)
            throws SQLException {
        long left = bytes;
        for (String id : ids) {
            Optional<Job> job = find(connection, "WHERE id = ? FOR UPDATE SKIP LOCKED", id);
            if (job.isEmpty() || !job.get().mayBeMerged()) {
                return left;
            }
            left -= number(connection, BYTES, id);
            boolean givenBack = MysqlJobRuns.isGivenBack(connection, id);
            if (left < 0
                    || update(connection, TAKE, taking.node(), taking.lease().toMillis(), id) == 0) {
                return left;
            }
            taken.add(MysqlJobRuns.taken(connection, id, givenBack).sharing(sharing));
        }
        return left;
    }

    private static List<String> ids(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            MysqlJobTable.bind(statement, values);
            List<String> ids = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
            return ids;
        }
    }

    /** One of this topic was settled: the next of those behind it, if there are any, has the place from now on. */
    static void handOn(Connection connection, Job settled) throws SQLException {
        String topic = settled.broadcast().topic();
        String place = settled.product() + "/" + topic;
        List<String> next = ids(connection, THOSE_BEHIND, settled.product(), topic, 1);
        if (!next.isEmpty() && number(connection, IN_PLACE, place) == 0) {
            update(connection, HAND_ON, place, next.getFirst());
        }
    }
}
