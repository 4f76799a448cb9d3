package io.longline.saver.job;

import static io.longline.saver.job.MysqlJobTable.NOW_MS;

import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.saver.journal.MysqlDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes jobs a day after their end, as long as their message ids are refused, and a little longer; and lists that nobody sends any more: their
 * center, or the back end behind it, is gone. A broadcast stays as long as its message is in the log, neither open nor removed.
 */
public final class MysqlJobPurge implements LeasedLoop.Task {
    public static final Duration PERIOD = Duration.ofMinutes(1);

    private static final Duration KEPT = Duration.ofHours(26);
    private static final Duration LIST_PATIENCE = Duration.ofMinutes(10);
    private static final String OLD = """
            SELECT id FROM job
            WHERE state = 0 AND over_at_ms < %1$s - ? OR state >= 5 AND recall <> 1 AND running IS NULL AND NOT (%2$s) AND over_at_ms < %1$s - ?
            LIMIT 100""".formatted(NOW_MS, MysqlBehind.IS_BEHIND);

    private final MysqlJobTable table;
    private final MysqlJobLists lists;
    private final MysqlDatabase database;

    public MysqlJobPurge(MysqlDatabase database) {
        this.database = database;
        this.table = new MysqlJobTable(database);
        this.lists = new MysqlJobLists(database);
    }

    @Override
    public boolean due() {
        return database.isReady();
    }

    @Override
    public void run(Lease lease) {
        for (String id : old()) {
            if (!lease.valid()) {
                return;
            }
            lists.delete(id);
        }
    }

    private List<String> old() {
        return table.inOneCommit(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(OLD)) {
                MysqlJobTable.bind(statement, LIST_PATIENCE.toMillis(), KEPT.toMillis());
                List<String> ids = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        ids.add(rows.getString(1));
                    }
                }
                return ids;
            }
        });
    }
}
