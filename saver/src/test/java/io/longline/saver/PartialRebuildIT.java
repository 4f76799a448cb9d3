package io.longline.saver;

import static io.longline.saver.testing.SaverClient.device;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.State;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.testing.JournalView;
import io.longline.saver.testing.SaverClient;
import io.longline.saver.testing.SaverCluster;
import io.longline.stores.junit.MariaDbExtension;
import io.longline.stores.junit.RedisExtension;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Redis that lost only its newest moments gets only these back. What each test takes away by hand is what it lost. */
@Timeout(120)
final class PartialRebuildIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final MariaDbExtension mysql = new MariaDbExtension();

    /** By so much a rebuild begins before the last note. */
    private static final long CLOCK_STEP_MS = 10_000;

    private static SaverCluster cluster;
    private static SaverClient client;
    private static JournalView journal;
    private final Endpoint phone = SaverCluster.someone("demo");

    @BeforeAll
    static void start() {
        cluster = new SaverCluster(redis.uri(), mysql.jdbcUrl());
        cluster.start();
        client = cluster.client;
        journal = new JournalView(mysql.jdbcUrl());
    }

    @AfterAll
    static void stop() {
        journal.close();
        cluster.close();
    }

    private static io.longline.saver.endpoint.Endpoint ours(Endpoint endpoint) {
        return new io.longline.saver.endpoint.Endpoint(endpoint.getProduct(), endpoint.getUser(), endpoint.getDevice());
    }

    private static void delete(String... keys) {
        for (String key : keys) {
            RedisStore.await(cluster.redis.command(key, it -> it.del(key)), Deadline.afterMillis(10_000));
        }
    }

    private static void set(String key, String value) {
        RedisStore.await(
                cluster.redis.command(key, it -> it.set(key, value.getBytes(StandardCharsets.US_ASCII))),
                Deadline.afterMillis(10_000));
    }

    private static void loseInbox(Endpoint endpoint, String... ids) {
        delete(InboxKeys.inbox(ours(endpoint)));
        for (String id : ids) {
            delete(InboxKeys.copies(ours(endpoint)) + id);
        }
    }

    /** The Redis is another one, which has all that was done up to this seq. */
    private void restartedAfter(long seq) {
        int shard = ours(phone).shard();
        set(InboxKeys.whole(shard), Long.toString(seq / 1024 + 1 + CLOCK_STEP_MS));
        delete(InboxKeys.mark(shard));
    }

    @Test
    void whatWasStoredAfterTheLastNoteComesBackAndWhatWasBeforeIsNotRead() throws InterruptedException {
        Endpoint pad = device(phone, "pad");
        long before = client.store(phone, "m1").getSeq();
        Thread.sleep(5);
        client.store(pad, "m2");
        loseInbox(phone, "m1");
        loseInbox(pad, "m2");

        restartedAfter(before);

        assertThat(client.ids(pad)).containsExactly("m2");
        assertThat(client.ids(phone)).isEmpty();
    }

    @Test
    void whereNothingIsNotedAllComesBack() {
        client.store(phone, "m1");
        loseInbox(phone, "m1");

        delete(InboxKeys.whole(ours(phone).shard()), InboxKeys.mark(ours(phone).shard()));

        assertThat(client.ids(phone)).containsExactly("m1");
    }

    @Test
    void promise09ARecallThatRedisLostIsDoneAgainHoweverOldTheMessageIs() {
        long seq = client.store(phone, "m1").getSeq();
        assertThat(client.settle(phone, seq, "m1", State.RECALLED, "")).isEqualTo(State.RECALLED);
        // As if only the recall had been lost.
        String inbox = InboxKeys.inbox(ours(phone));
        RedisStore.await(
                cluster.redis.command(
                        inbox,
                        it -> it.eval(
                                "redis.call('XADD', KEYS[1], ARGV[1], 'e', '99999999999999', 'i', 'm1', 'm', '')"
                                        + " return redis.call('HSET', KEYS[2], 'state', 'STORED')",
                                io.lettuce.core.ScriptOutputType.INTEGER,
                                new String[] {inbox, InboxKeys.copies(ours(phone)) + "m1"},
                                (seq + "-0").getBytes(StandardCharsets.US_ASCII))),
                Deadline.afterMillis(10_000));

        restartedAfter(seq);

        assertThat(client.ids(phone)).isEmpty();
        assertThat(client.store(phone, "m1").getState()).isEqualTo(State.RECALLED);
    }

    @Test
    void promise03AnAckThatRedisLostIsDoneAgainHoweverOldTheMessageIs() {
        long seq = client.store(phone, "m1").getSeq();
        client.store(phone, "m2");
        client.ack(phone, seq);
        journal.awaitAcked(phone, seq);
        String box = InboxKeys.box(ours(phone));
        RedisStore.await(cluster.redis.command(box, it -> it.hdel(box, "acked")), Deadline.afterMillis(10_000));

        restartedAfter(seq);

        assertThat(client.open(phone, 0, 10).getAcked()).isEqualTo(seq);
        assertThat(client.ids(phone)).containsExactly("m2");
    }
}
