package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.inbox.InboxStore.Unsent;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class UnsentScriptIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private final Endpoint phone = Shard.someone("phone");

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    @BeforeEach
    void withoutNeighbours() {
        shard.leaveUnsent(phone);
    }

    private List<Unsent> older(long ms, int limit) {
        return from(0, ms, limit);
    }

    private List<Unsent> from(long seq, long ms, int limit) {
        return Shard.await(shard.inbox.unsent(phone.shard(), seq, ms, limit));
    }

    @Test
    void endpointsStandThereWithTheirNewestSeqOldestFirst() {
        Endpoint pad = phone.withDevice("pad");
        shard.store(phone, "m1");
        long onPad = shard.store(pad, "m1").seq();
        long onPhone = shard.store(phone, "m2").seq();

        Awaitility.await().until(() -> older(0, 10).size() == 2);
        assertThat(older(0, 10)).containsExactly(new Unsent(pad, onPad), new Unsent(phone, onPhone));
        assertThat(older(0, 1)).containsExactly(new Unsent(pad, onPad));
    }

    @Test
    void aPageMayBeginAtASeq() {
        long first = shard.store(phone, "m1").seq();
        Endpoint pad = phone.withDevice("pad");
        long second = shard.store(pad, "m1").seq();

        Awaitility.await().until(() -> older(0, 10).size() == 2);
        assertThat(from(first, 0, 10)).hasSize(2);
        assertThat(from(first + 1, 0, 10)).containsExactly(new Unsent(pad, second));
        assertThat(from(second + 1, 0, 10)).isEmpty();
    }

    @Test
    void whatWasStoredAMomentAgoIsLeftToWhoStoredIt() {
        shard.store(phone, "m1");

        assertThat(older(60_000, 10)).isEmpty();
    }

    @Test
    void aSecondStoreOfTheSameIdDoesNotMakeItNewer() {
        long seq = shard.store(phone, "m1").seq();
        shard.store(phone, "m1");

        assertThat(shard.unsent(phone)).isEqualTo(seq);
    }
}
