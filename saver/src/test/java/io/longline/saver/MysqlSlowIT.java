package io.longline.saver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.StoreReply;
import io.longline.saver.testing.JournalView;
import io.longline.saver.testing.SaverClient;
import io.longline.saver.testing.SaverCluster;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commits take seconds, for somebody else has what they write locked. Reads of MySQL are as fast as ever. */
@Timeout(120)
final class MysqlSlowIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private final Endpoint careful = SaverCluster.someone("demo");
    private final Endpoint fast = SaverCluster.someone("fast");
    private final SaverCluster cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl());
    private final SaverClient client = cluster.client;

    @AfterEach
    void close() {
        cluster.close();
    }

    /** While it is open no message gets into MySQL. */
    private record Delay(Connection connection) implements AutoCloseable {
        static Delay begin() throws SQLException {
            Connection connection = DriverManager.getConnection(mysql.jdbcUrl());
            try (Statement statement = connection.createStatement()) {
                statement.execute("LOCK TABLES inbox READ");
            }
            return new Delay(connection);
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** As a sender does that repeats what was answered with an error. */
    private void storeUntilAnswered(Endpoint endpoint, String id) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreException(LonglineException.class)
                .until(() -> client.store(endpoint, id).getSeq() > 0);
    }

    @Test
    void whileACommitTakesSecondsTheOthersDoNotWaitForIt() throws SQLException {
        cluster.with("saver.journal.timeout", "8s").start(); // for all that follows, on a machine that has much to do
        storeUntilAnswered(careful, "m0");
        client.open(careful, 0, 10); // the first one waits for mysql: it makes an heir
        CompletableFuture<StoreReply> slow;
        try (Delay delay = Delay.begin()) {
            slow = client.storeLater(SaverClient.message(careful, "m1"));
            for (int i = 0; i < 20; i++) {
                StoreReply stored = client.store(fast, "m" + i);
                assertThat(client.ids(fast)).containsExactly("m" + i);
                client.ack(fast, stored.getSeq());
                client.open(careful, 0, 10);
            }
            assertThat(slow).as("the commit they were all faster than").isNotDone();

            assertThatThrownBy(slow::join).cause().isInstanceOfSatisfying(LonglineException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
                assertThat(e.dependency()).contains("mysql");
            });
            // From now on it is known: nobody has to wait to be told so.
            assertThatThrownBy(() -> client.store(careful, "m2"))
                    .isInstanceOfSatisfying(
                            LonglineException.class,
                            e -> assertThat(e.dependency()).contains("mysql"));
            client.store(fast, "last");
            assertThat(delay.connection().isValid(1)).isTrue();
        }

        storeUntilAnswered(careful, "m2");
        assertThat(client.ids(careful)).containsExactly("m0", "m1", "m2");
        try (JournalView journal = new JournalView(mysql.jdbcUrl())) {
            journal.awaitMessage(fast, "last");
            assertThat(journal.ids(careful)).containsExactly("m0", "m1", "m2");
        }
    }

    @Test
    void aFullShareOfOneDurabilityIsNoHindranceToTheOther() throws SQLException {
        cluster.with("saver.journal.queue", "20").start();
        storeUntilAnswered(careful, "m0");
        List<String> all = new ArrayList<>();
        try (Delay delay = Delay.begin()) {
            for (int i = 0; i < 100; i++) {
                client.store(fast, "m" + i);
                all.add("m" + i);
            }
            assertThat(delay.connection().isValid(1)).isTrue();
        }
        assertThat(client.ids(fast)).isEqualTo(all);

        storeUntilAnswered(careful, "m1");
        assertThat(client.ids(careful)).containsExactly("m0", "m1");
        client.store(fast, "last");
        try (JournalView journal = new JournalView(mysql.jdbcUrl())) {
            journal.awaitMessage(fast, "last");
            assertThat(journal.ids(fast)).contains("m0").hasSizeBetween(10, 99);
        }
    }
}
