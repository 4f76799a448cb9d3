package io.longline.stores;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedMariaDbIT {

    @TempDir
    Path folder;

    /** One test, because each installation takes seconds. */
    @Test
    void dataAndPortOutliveARestartAKillAndALostOwner() throws SQLException {
        Path directory = folder.resolve("a folder of mine");
        List<String> progress = new ArrayList<>();
        EmbeddedMariaDb first = EmbeddedMariaDb.in(directory, 0, progress::add).start();
        assertThat(progress).singleElement().asString().contains("installing MariaDB");
        update(first, "CREATE TABLE t (v VARCHAR(20) CHARACTER SET utf8mb4)");
        update(first, "INSERT INTO t VALUES ('\uD83D\uDE00')");

        first.restart();
        assertThat(rows(first)).isEqualTo(1);

        update(first, "INSERT INTO t VALUES ('b')");
        first.kill();
        first.start();
        assertThat(rows(first)).isEqualTo(2);

        ProcessHandle left = ProcessHandle.of(first.pid()).orElseThrow();
        try (EmbeddedMariaDb next =
                EmbeddedMariaDb.in(directory, first.port(), progress::add).start()) {
            assertThat(left.onExit()).succeedsWithin(Duration.ofSeconds(30));
            assertThat(rows(next)).isEqualTo(2);
            assertThat(progress).as("installed once").hasSize(1);
            try (Connection other = DriverManager.getConnection(next.jdbcUrl("longline_other"))) {
                assertThat(other.getCatalog()).isEqualTo("longline_other");
            }
        }
    }

    private static void update(EmbeddedMariaDb store, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(store.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static int rows(EmbeddedMariaDb store) throws SQLException {
        try (Connection connection = DriverManager.getConnection(store.jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM t")) {
            result.next();
            return result.getInt(1);
        }
    }
}
