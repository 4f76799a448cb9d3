package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.stores.junit.RedisExtension;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every script that ends copies says how many: each copy once, however often it is asked for. */
final class EndsScriptsIT {
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
    void begin() {
        shard.takeEnds();
    }

    private void assertEnded(CopyState state, long copies) {
        assertThat(shard.takeEnds()).isEqualTo(Map.of(state, copies));
    }

    private static long longAgo() {
        return System.currentTimeMillis() - 60_000;
    }

    @Test
    void anAckTellsOfWhatItEndsOnce() {
        shard.store(phone, "expired", longAgo());
        shard.load(phone);
        assertEnded(CopyState.EXPIRED, 1);
        shard.store(phone, "m1");
        long last = shard.store(phone, "m2").seq();

        shard.ack(phone, last);
        assertEnded(CopyState.ACKED, 2);

        shard.ack(phone, last);
        shard.load(phone);
        assertThat(shard.takeEnds()).isEmpty();
    }

    @Test
    void whatGivesWayIsToldWhenItDoesAndNotWhenTheOtherIsRepeated() {
        shard.storeKeyed(phone, "m1", "key");
        assertThat(shard.takeEnds()).isEmpty();

        shard.storeKeyed(phone, "m2", "key");
        assertEnded(CopyState.COLLAPSED, 1);

        assertThat(shard.storeKeyed(phone, "m2", "key").older()).isPositive();
        assertThat(shard.takeEnds()).isEmpty();
    }

    @Test
    void whatExpiresIsToldByWhoeverMeetsIt() {
        shard.bindAny(phone);
        shard.store(phone, "m1", longAgo());
        assertThat(shard.pending(phone)).isZero();
        assertEnded(CopyState.EXPIRED, 1);

        shard.store(phone, "m2", longAgo());
        shard.open(phone, 0, 7);
        assertEnded(CopyState.EXPIRED, 1);

        shard.store(phone, "m3", longAgo());
        shard.append(Shard.copy(phone, "m4"), 1);
        assertEnded(CopyState.EXPIRED, 1);
    }

    @Test
    void aSettlementTellsOfItsEndOnce() {
        long seq = shard.store(phone, "m1").seq();
        shard.settleAny(phone, seq, "m1", CopyState.WRITTEN, "");
        assertThat(shard.takeEnds()).isEmpty();

        shard.settleAny(phone, seq, "m1", CopyState.DROPPED, "no_answer");
        assertEnded(CopyState.DROPPED, 1);

        shard.settleAny(phone, seq, "m1", CopyState.RECALLED, "");
        assertThat(shard.takeEnds()).isEmpty();
    }

    @Test
    void whatIsForgottenIsDropped() {
        shard.store(phone, "m1");
        shard.store(phone, "m2");
        long seq = shard.store(phone, "expired", longAgo()).seq();
        shard.settleAny(phone, seq, "expired", CopyState.EXPIRED, "");
        assertEnded(CopyState.EXPIRED, 1);

        shard.forget(phone, 0);
        assertEnded(CopyState.DROPPED, 2);
    }

    @Test
    void theEndOfAnOlderMessageIsNotThatOfANewerOneWithItsId() {
        shard.store(phone, "m1", longAgo());
        shard.reuse(phone, "m1");
        shard.load(phone);
        assertUntouched(phone);

        Endpoint pad = phone.withDevice("pad");
        shard.store(pad, "m1", longAgo());
        shard.reuse(pad, "m1");
        assertThat(shard.pending(pad)).isEqualTo(1);
        assertUntouched(pad);

        Endpoint full = phone.withDevice("full");
        shard.store(full, "m1", longAgo());
        shard.reuse(full, "m1");
        shard.append(Shard.copy(full, "m2"), 2);
        assertUntouched(full);

        Endpoint old = phone.withDevice("old");
        long seq = shard.store(old, "m1").seq();
        shard.reuse(old, "m1");
        assertThat(shard.forget(old, seq).dropped()).hasSize(1);
        assertUntouched(old);

        Endpoint keyed = phone.withDevice("keyed");
        shard.storeKeyed(keyed, "m1", "key");
        shard.reuse(keyed, "m1");
        assertThat(shard.storeKeyed(keyed, "m2", "key").older()).isZero();
        assertUntouched(keyed);
    }

    private void assertUntouched(Endpoint endpoint) {
        assertThat(shard.takeEnds()).isEmpty();
        assertThat(shard.stateOf(endpoint, "m1")).isEqualTo("STORED");
    }

    @Test
    void whatExpiredMakesRoomWhereNoMemoryIsLeft() {
        shard.store(phone, "m1", longAgo());

        shard.whileFull(() -> assertThat(shard.pending(phone)).isZero());
        assertEnded(CopyState.EXPIRED, 1);
        assertThat(shard.exists(InboxKeys.inbox(phone))).isZero();
    }
}
