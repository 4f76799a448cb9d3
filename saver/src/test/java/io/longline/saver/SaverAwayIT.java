package io.longline.saver;

import static io.longline.saver.testing.SaverClient.copy;
import static io.longline.saver.testing.SaverClient.device;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.Copy;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.State;
import io.longline.saver.testing.SaverClient;
import io.longline.saver.testing.SaverCluster;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two savers where a client counts as long absent after a moment. */
@Timeout(120)
final class SaverAwayIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    private static SaverCluster cluster;
    private static SaverClient client;
    private static RedisStore store;
    private final Endpoint phone = SaverCluster.someone("demo");
    private final Endpoint fast = SaverCluster.someone("fast");

    @BeforeAll
    static void start() {
        cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl()).with("saver.away.after", "300ms");
        cluster.start();
        cluster.start();
        client = cluster.client;
        store = cluster.redis;
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** Messages for somebody who is not there. */
    private static List<String> stored(Endpoint endpoint, int count) {
        List<String> ids = IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
        ids.forEach(id -> {
            long seq = client.store(endpoint, id).getSeq();
            client.settle(endpoint, seq, id, State.STORED, "");
        });
        return ids;
    }

    private static boolean isInRedis(Endpoint endpoint) {
        String inbox = Shards.tag(Shards.of(endpoint.getProduct(), endpoint.getUser())) + ":inbox:"
                + endpoint.getProduct() + "/" + endpoint.getUser() + "/" + endpoint.getDevice();
        return RedisStore.await(store.command(inbox, it -> it.exists(inbox)), Deadline.afterMillis(30_000)) > 0;
    }

    private static void awaitAway(Endpoint... endpoints) {
        for (Endpoint endpoint : endpoints) {
            Awaitility.await().until(() -> !isInRedis(endpoint));
        }
    }

    @Test
    void whatLeftWhileNobodyCameIsThereWhenSomebodyDoes() {
        List<String> ids = stored(phone, 30);
        List<String> quick = stored(fast, 30);
        client.record("demo", "m3", copy(phone, 1));
        awaitAway(phone, fast);

        assertThat(client.pending(phone)).isEqualTo(30);
        assertThat(client.store(phone, "m5").getRepeated()).isTrue();
        assertThat(client.ids(phone)).isEqualTo(ids);
        assertThat(client.ids(fast)).isEqualTo(quick);
        assertThat(client.open(fast, 0, 100, 1).getPending()).isEqualTo(30);
    }

    @Test
    void anAckOfWhatIsAwayIsOneAndSaysSo() {
        stored(phone, 3);
        String id = "order-" + phone.getUser();
        long seq = client.store(phone, id).getSeq();
        client.settle(phone, seq, id, State.STORED, "");
        client.record("demo", id, copy(phone, seq));
        awaitAway(phone);

        assertThat(client.look("demo", id)).extracting(Copy::getState).containsExactly(State.STORED);
        assertThat(client.open(phone, seq, 10, 1).getMessagesList()).isEmpty();
        assertThat(client.look("demo", id)).extracting(Copy::getState).containsExactly(State.ACKED);
    }

    @Test
    void theFirstDeviceThatComesTakesOverWhatIsAway() {
        Endpoint nobody = device(phone, "default");
        List<String> ids = stored(nobody, 3);
        awaitAway(nobody);

        assertThat(client.open(phone, 0, 10, 1).getMessagesList())
                .extracting(one -> one.getMessage().getMessageId())
                .isEqualTo(ids);
        assertThat(client.pending(nobody)).isZero();
    }

    @Test
    void whileMysqlIsAwayOnlyThoseWithMessagesThereWait() {
        stored(fast, 3);
        awaitAway(fast);
        Endpoint other = SaverCluster.someone("fast");
        client.open(other, 0, 10, 1);
        client.open(fast.toBuilder().setDevice("pad").build(), 0, 10, 1);
        mysql.store().pause();
        try {
            assertThatThrownBy(() -> client.open(fast, 0, 10, 2)).isInstanceOfSatisfying(LonglineException.class, e -> {
                assertThat(e.code()).isIn(ErrorCode.DEPENDENCY_DOWN, ErrorCode.DEADLINE_EXCEEDED);
                assertThat(e.code().retryable()).isTrue();
            });
            client.store(other, "m1");
            assertThat(client.open(other, 0, 10, 2).getMessagesCount()).isEqualTo(1);
            assertThat(client.store(fast, "next").getSeq()).isPositive();
        } finally {
            mysql.store().resume();
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .ignoreException(LonglineException.class)
                .untilAsserted(() -> assertThat(client.open(fast, 0, 10, 3).getMessagesList())
                        .extracting(one -> one.getMessage().getMessageId())
                        .containsExactly("m0", "m1", "m2", "next"));
    }
}
