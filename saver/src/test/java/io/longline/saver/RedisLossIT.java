package io.longline.saver;

import static io.longline.saver.testing.SaverClient.copy;
import static io.longline.saver.testing.SaverClient.device;
import static io.longline.saver.testing.SaverClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.rpc.v1.Copy;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.State;
import io.longline.rpc.v1.StoreReply;
import io.longline.saver.testing.JournalView;
import io.longline.saver.testing.SaverClient;
import io.longline.saver.testing.SaverCluster;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis is emptied, restarted, rolled back or away. Two savers. */
@Timeout(180)
final class RedisLossIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    /** Enough for the rebuild on a machine that has much to do, and not too long for those who wait in vain. */
    private static final Duration WAITS = Duration.ofSeconds(6);

    private static SaverCluster cluster;
    private static SaverClient client;
    private static JournalView journal;
    private final Endpoint phone = SaverCluster.someone("demo");
    private final Endpoint pad = device(phone, "pad");
    private final Endpoint nobody = device(phone, "default");

    @BeforeAll
    static void start() {
        cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl())
                .with("saver.lost-shard-patience", WAITS.toSeconds() + "s");
        cluster.start();
        cluster.start();
        client = cluster.client;
        journal = new JournalView(mysql.jdbcUrl());
    }

    @AfterAll
    static void stop() {
        journal.close();
        cluster.close();
    }

    private static void loseEverything() {
        RedisConfig config = new RedisConfig(redis.uri().toString(), Duration.ofSeconds(10));
        try (RedisStore store = new RedisStore(config, new SimpleMeterRegistry())) {
            store.start();
            RedisStore.await(store.everywhere(it -> it.flushall()), Deadline.afterMillis(30_000));
        }
    }

    @Test
    void whatWasNotAcknowledgedComesBackInOrderAndTheRestDoesNot() {
        long first = client.store(phone, "m1").getSeq();
        client.store(phone, "m2");
        client.store(pad, "m3");
        client.ack(phone, first);
        journal.awaitAcked(phone, first);
        loseEverything();

        assertThat(client.ids(phone)).containsExactly("m2");
        assertThat(client.ids(pad)).containsExactly("m3");
        StoreReply next = client.store(phone, "m4");
        assertThat(next.getBefore()).isEqualTo(client.inbox(phone).getFirst().getSeq());
        assertThat(client.ids(phone)).containsExactly("m2", "m4");
        assertThat(client.open(phone, 0, 10).getAcked()).isEqualTo(first);
    }

    @Test
    void anIdIsRefusedAlsoAfterItsMessageWasAcknowledgedAndRedisLost() {
        StoreReply first = client.store(phone, "m1");
        client.ack(phone, first.getSeq());
        journal.awaitAcked(phone, first.getSeq());
        loseEverything();

        StoreReply again = client.store(phone, "m1");
        assertThat(again.getRepeated()).isTrue();
        assertThat(again.getState()).isEqualTo(State.ACKED);
        assertThat(client.inbox(phone)).isEmpty();
    }

    @Test
    void theHeirKeepsWhatItTookOver() {
        long first = client.store(nobody, "m1").getSeq();
        client.store(nobody, "m2");
        client.open(phone, 0, 10);
        client.store(nobody, "m3");
        client.ack(phone, first);
        journal.awaitAcked(phone, first);
        loseEverything();

        client.open(pad, 0, 10);
        assertThat(client.ids(phone)).containsExactly("m2", "m3");
        assertThat(client.ids(pad)).isEmpty();
        assertThat(client.ids(nobody)).isEmpty();
        assertThat(client.store(nobody, "m4").getDevice()).isEqualTo("phone");
        assertThat(client.store(nobody, "m2").getRepeated()).isTrue();
    }

    @Test
    void whatGotANewSeqComesBackUnderItOnce() {
        client.store(nobody, "m1");
        long seen = client.store(phone, "m2").getSeq();
        client.ack(phone, seen);
        journal.awaitAcked(phone, seen);
        client.open(phone, seen, 10);
        loseEverything();

        assertThat(client.ids(phone)).containsExactly("m1");
        assertThat(client.inbox(phone).getFirst().getSeq()).isGreaterThan(seen);
    }

    @Test
    void whatWasForgottenOrDroppedStaysSo() {
        client.open(phone, 0, 10);
        client.store(phone, "m1");
        client.forget(phone);
        StoreReply dropped = client.store(pad, "m2");
        client.settle(pad, dropped.getSeq(), "m2", State.DROPPED, "offline");
        client.store(pad, "m3");
        loseEverything();

        assertThat(client.ids(phone)).isEmpty();
        assertThat(client.ids(pad)).containsExactly("m3");
        assertThat(client.store(pad, "m2").getState()).isEqualTo(State.DROPPED);
        assertThat(client.store(phone, "m1").getState()).isEqualTo(State.DROPPED);
        assertThat(client.store(nobody, "m4").getDevice()).isEqualTo("default");
    }

    @Test
    void whatWasRecalledBeforeItCameIsRefusedAlsoAfterRedisWasLost() {
        client.refuse(phone, "m1");
        client.store(phone, "m2");
        loseEverything();

        assertThat(client.store(phone, "m1").getState()).isEqualTo(State.RECALLED);
        assertThat(client.ids(phone)).containsExactly("m2");
    }

    @Test
    void aProductWithDurabilityRedisGetsBackWhatWasJournaled() {
        Endpoint fast = SaverCluster.someone("fast");
        long first = client.store(fast, "m1").getSeq();
        client.store(fast, "m2");
        journal.awaitMessage(fast, "m2");
        client.ack(fast, first);
        journal.awaitAcked(fast, first);
        loseEverything();

        assertThat(client.ids(fast)).containsExactly("m2");
    }

    @Test
    void aRestartOfRedisLosesNothing() {
        StoreReply stored = client.store(phone, "m1");
        client.claim("demo", "claimed-" + phone.getUser(), "body");
        client.record("demo", "claimed-" + phone.getUser(), copy(phone, stored.getSeq()));
        redis.store().restart();

        Awaitility.await()
                .ignoreException(LonglineException.class)
                .untilAsserted(() -> assertThat(client.ids(phone)).containsExactly("m1"));
        assertThat(client.claim("demo", "claimed-" + phone.getUser(), "body").getRecorded())
                .isTrue();
        assertThat(client.look("demo", "claimed-" + phone.getUser()))
                .extracting(Copy::getState)
                .containsExactly(State.STORED);
    }

    @Test
    void anOlderRedisThatIsPutBackIsBroughtUpToDate() throws IOException {
        Endpoint other = SaverCluster.someone("demo");
        Endpoint otherUnnamed = device(other, "default");
        long first = client.store(phone, "m1").getSeq();
        long second = client.store(phone, "m2").getSeq();
        long toDrop = client.store(pad, "m3").getSeq();
        client.store(otherUnnamed, "m4");
        redis.store().stop();
        Path file = redis.store().directory().resolve("appendonly.aof");
        Path older = redis.store().directory().resolve("older.aof");
        Files.copy(file, older);
        redis.store().start();

        Awaitility.await().ignoreException(LonglineException.class).until(() -> client.ack(phone, first) == first);
        client.settle(pad, toDrop, "m3", State.DROPPED, "offline");
        client.open(other, 0, 10);
        client.store(otherUnnamed, "m5");
        client.store(phone, "m6");
        client.ack(phone, second);
        journal.awaitAcked(phone, second);
        redis.store().stop();
        Files.move(older, file, StandardCopyOption.REPLACE_EXISTING);
        redis.store().start();

        Awaitility.await()
                .ignoreException(LonglineException.class)
                .untilAsserted(() -> assertThat(client.ids(phone)).containsExactly("m6"));
        assertThat(client.ids(pad)).isEmpty();
        assertThat(client.ids(otherUnnamed)).isEmpty();
        assertThat(client.ids(other)).containsExactly("m4", "m5");
        assertThat(client.store(otherUnnamed, "m4").getDevice()).isEqualTo("phone");
        assertThat(client.ack(phone, 1)).isEqualTo(second);
    }

    @Test
    void whileAShardCannotBeRebuiltItsCallersAreToldSo() {
        client.store(phone, "m1");
        mysql.store().pause();
        try {
            loseEverything();
            long began = System.nanoTime();
            assertThatThrownBy(() -> client.inbox(phone)).isInstanceOfSatisfying(LonglineException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
                assertThat(e.dependency()).contains("redis");
            });
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(WAITS.plusSeconds(6));
        } finally {
            mysql.store().resume();
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .ignoreException(LonglineException.class)
                .untilAsserted(() -> assertThat(client.ids(phone)).containsExactly("m1"));
    }

    @Test
    void whileRedisIsAwayCallersAreToldSoAndThenItGoesOn() {
        client.store(phone, "m1");
        redis.store().stop();
        try {
            assertThatThrownBy(() -> client.store(phone, "m2")).isInstanceOfSatisfying(LonglineException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
                assertThat(e.dependency()).contains("redis");
            });
        } finally {
            redis.store().start();
        }
        Awaitility.await()
                .ignoreException(LonglineException.class)
                .untilAsserted(() ->
                        assertThat(client.store(message(phone, "m2")).getSeq()).isPositive());
        assertThat(client.ids(phone)).containsExactly("m1", "m2");
    }
}
