package io.longline.saver;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.StoreRequest;
import io.longline.saver.testing.JournalView;
import io.longline.saver.testing.SaverClient;
import io.longline.saver.testing.SaverCluster;
import io.longline.stores.EmbeddedMariaDb;
import io.longline.stores.junit.RedisExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** There is no room left in MySQL: the file of its messages cannot grow, and most of it is taken by others' messages. */
@Timeout(180)
final class MysqlFullIT {
    private static final int TABLE_IS_FULL = 1114;
    /** Of a message; larger ones are stored apart, and MariaDB ends where it cannot undo one. */
    private static final int LARGE = 3000;

    private static final long LARGEST_FILE = 50L << 20;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final Endpoint careful = SaverCluster.someone("demo");
    private final Endpoint fast = SaverCluster.someone("fast");
    private final List<String> answered = new ArrayList<>();

    @Test
    void whatWasAnsweredWithSuccessIsKeptTheRestIsRefusedAndItGoesOnWhenThereIsRoom() throws SQLException {
        try (EmbeddedMariaDb mysql = EmbeddedMariaDb.temporary()
                        .withLargestFile(LARGEST_FILE)
                        .start();
                SaverCluster cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl())) {
            SaverClient client = cluster.client;
            cluster.with("saver.journal.timeout", "2s").start();
            Awaitility.await()
                    .ignoreException(LonglineException.class)
                    .until(() -> client.store(careful, "first").getSeq() > 0);
            answered.add("first");
            fill(mysql);

            Optional<LonglineException> refused = Optional.empty();
            for (int i = 0; i < 500 && refused.isEmpty(); i++) {
                refused = store(client, "m" + i);
            }
            assertThat(refused).hasValueSatisfying(e -> {
                assertThat(e.dependency()).contains("mysql");
                assertThat(e.retryAfter()).isPresent();
            });
            long seq = client.store(fast, "fast").getSeq();
            assertThat(client.ids(fast)).containsExactly("fast");
            assertThat(client.ids(careful)).containsAll(answered);
            assertThat(client.ack(fast, seq)).isEqualTo(seq);

            makeRoom(mysql);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> store(client, "last").isEmpty());
            assertThat(client.ids(careful)).containsAll(answered).doesNotHaveDuplicates();
            try (JournalView journal = new JournalView(mysql.jdbcUrl())) {
                assertThat(journal.ids(careful)).containsAll(answered);
                journal.awaitAcked(fast, seq);
            }
        }
    }

    private Optional<LonglineException> store(SaverClient client, String id) {
        StoreRequest.Builder request = SaverClient.message(careful, id).toBuilder();
        request.getMessageBuilder().setText("x".repeat(LARGE));
        try {
            client.store(request.build());
            answered.add(id);
            return Optional.empty();
        } catch (LonglineException e) {
            return Optional.of(e);
        }
    }

    private static void fill(EmbeddedMariaDb mysql) throws SQLException {
        String url = mysql.jdbcUrl() + "&rewriteBatchedStatements=true";
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO inbox
                          (shard, product, user, seq, device, message_id, expires_at_ms, state, reason, body)
                        VALUES (0, 'ballast', 'u', ?, 'd', 'm', 0, 0, '', ?)""")) {
            int seq = 0;
            for (int rows = 500; rows > 0; ) {
                for (int i = 0; i < rows; i++) {
                    insert.setInt(1, seq++);
                    insert.setBytes(2, new byte[LARGE]);
                    insert.addBatch();
                }
                rows = isTaken(insert) ? rows : rows / 4;
            }
        }
    }

    private static boolean isTaken(PreparedStatement insert) throws SQLException {
        try {
            insert.executeBatch();
            return true;
        } catch (SQLException e) {
            assertThat(e.getErrorCode()).isEqualTo(TABLE_IS_FULL);
            return false;
        }
    }

    private static void makeRoom(EmbeddedMariaDb mysql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(mysql.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM inbox WHERE product = 'ballast'");
        }
    }
}
