package io.longline.saver.journal;

import io.longline.keeper.error.LonglineException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** How MySQL is set up, as far as the promises need it. */
public final class MysqlSettings {
    private static final String SETTINGS = "SELECT @@innodb_flush_log_at_trx_commit, @@log_bin, @@sync_binlog";

    private final MysqlDatabase database;

    public MysqlSettings(MysqlDatabase database) {
        this.database = database;
    }

    /**
     * What is less than durability mysql promises.
     *
     * @throws LonglineException DEPENDENCY_DOWN while it cannot be asked
     */
    public List<String> warnings() {
        try {
            return database.use(MysqlUse.READ, connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(SETTINGS)) {
                    return row.next() ? warnings(row.getInt(1), row.getInt(2) != 0, row.getInt(3)) : List.of();
                }
            });
        } catch (SQLException e) {
            throw LonglineException.dependencyDown("mysql", "its settings cannot be read: " + e.getMessage(), e);
        }
    }

    static List<String> warnings(int flush, boolean binlog, int syncBinlog) {
        List<String> warnings = new ArrayList<>();
        if (flush != 1) {
            warnings.add("mysql has innodb_flush_log_at_trx_commit " + flush
                    + ", expected 1: a crash loses commits that durability mysql promises to keep");
        }
        if (binlog && syncBinlog != 1) {
            warnings.add("mysql has a binary log with sync_binlog " + syncBinlog
                    + ", expected 1: after a crash it and its replicas may lack commits");
        }
        return warnings;
    }
}
