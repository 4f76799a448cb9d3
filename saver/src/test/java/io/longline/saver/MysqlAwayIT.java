package io.longline.saver;

import static io.longline.saver.testing.SaverClient.device;
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
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** MySQL hangs, is stopped, or is not there at the start. */
@Timeout(180)
final class MysqlAwayIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    /** Long enough to be told from a machine that stands still for a moment. */
    private static final Duration JOURNAL_WAITS = Duration.ofSeconds(4);

    private final Endpoint careful = SaverCluster.someone("demo");
    private final Endpoint fast = SaverCluster.someone("fast");
    private final SaverCluster cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl());
    private final SaverClient client = cluster.client;

    @BeforeEach
    void quick() {
        cluster.with("saver.start-wait", "2s")
                .with("saver.journal.timeout", JOURNAL_WAITS.toSeconds() + "s")
                .with("saver.lost-shard-patience", "2s");
    }

    @AfterEach
    void close() {
        mysql.store().resume();
        cluster.close();
    }

    /** With the shards of both, which are rebuilt from MySQL first. */
    private SaverServer startWhole() {
        SaverServer saver = cluster.start();
        for (Endpoint each : List.of(careful, fast)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .ignoreException(LonglineException.class)
                    .untilAsserted(() -> assertThat(client.ids(each)).doesNotContainNull());
        }
        return saver;
    }

    private static void assertMysqlDown(Runnable call) {
        long began = System.nanoTime();
        assertThatThrownBy(call::run).isInstanceOfSatisfying(LonglineException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(e.dependency()).contains("mysql");
            assertThat(e.retryAfter()).isPresent();
        });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(JOURNAL_WAITS.plusSeconds(5));
    }

    private void awaitServed(Endpoint endpoint, String id) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .ignoreException(LonglineException.class)
                .untilAsserted(
                        () -> assertThat(client.store(endpoint, id).getSeq()).isPositive());
    }

    @Test
    void whileMysqlHangsOnlyItsOwnProductsAreRefused() {
        startWhole();
        long waiting = client.store(careful, "m1").getSeq();
        client.open(careful, 0, 10);
        mysql.store().pause();

        assertMysqlDown(() -> client.store(careful, "m2"));
        assertMysqlDown(() -> client.store(careful, "m3"));
        assertMysqlDown(() -> client.note(careful, 1, false));
        long began = System.nanoTime();
        StoreReply stored = client.store(fast, "m1");
        client.open(fast, 0, 10);
        client.note(fast, 1, false);
        assertThat(client.ack(fast, stored.getSeq())).isEqualTo(stored.getSeq());
        client.store(fast, "m2");
        assertThat(client.ids(careful)).contains("m1");
        assertThat(client.open(careful, 0, 10).getMessagesCount()).isPositive();
        assertThat(client.ack(careful, waiting)).isEqualTo(waiting);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("none of them waits")
                .isLessThan(JOURNAL_WAITS);

        mysql.store().resume();
        awaitServed(careful, "m2");
        client.store(careful, "m3");
        assertThat(client.ids(careful)).containsExactlyInAnyOrder("m2", "m3");
        try (JournalView journal = new JournalView(mysql.jdbcUrl())) {
            journal.awaitMessage(fast, "m2");
            journal.awaitAcked(fast, stored.getSeq());
            assertThat(journal.ids(fast))
                    .as("acknowledged before it could be written")
                    .doesNotContain("m1");
            journal.awaitAcked(careful, waiting);
            assertThat(journal.ids(careful)).contains("m2", "m3").doesNotHaveDuplicates();
        }
    }

    @Test
    void aBindThatMakesAnHeirWaitsForMysqlAndIsGoodWhenRepeated() {
        startWhole();
        client.store(device(careful, "default"), "m1");
        mysql.store().pause();

        assertMysqlDown(() -> client.open(careful, 0, 10));
        mysql.store().resume();
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .ignoreException(LonglineException.class)
                .untilAsserted(() -> assertThat(client.open(careful, 0, 10).getMessagesCount())
                        .isEqualTo(1));
    }

    @Test
    void aSaverStartsWithoutMysqlAndServesWhatItCan() {
        SaverServer first = startWhole();
        client.store(careful, "m1");
        cluster.stop(first);
        mysql.store().stop();
        try {
            cluster.start();
            assertThat(client.store(fast, "m1").getSeq()).isPositive();
            assertThat(client.ids(careful)).containsExactly("m1");
            assertMysqlDown(() -> client.store(careful, "m2"));
        } finally {
            mysql.store().start();
        }
        awaitServed(careful, "m2");
        assertThat(client.ids(careful)).containsExactly("m1", "m2");
    }

    @Test
    void withAnEmptyRedisAndNoMysqlItWaitsForMysql() {
        redis.store().stop();
        redis.store().empty();
        redis.store().start();
        mysql.store().stop();
        try {
            cluster.start();
            assertThatThrownBy(() -> client.store(fast, "m1"))
                    .isInstanceOfSatisfying(
                            LonglineException.class,
                            e -> assertThat(e.dependency()).contains("redis"));
        } finally {
            mysql.store().start();
        }
        awaitServed(fast, "m1");
        awaitServed(careful, "m1");
    }
}
