package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.testing.ToldProducts;
import io.longline.stores.junit.RedisExtension;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** tell.lua, in each script that ends copies: each copy is told of once, to products that want to know, as far as there is room. */
final class TellScriptsIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private final Endpoint phone = Shard.someoneTold("phone");

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
        shard.told.takeUnheard();
    }

    private static long longAgo() {
        return System.currentTimeMillis() - 60_000;
    }

    @Test
    void anAckTellsOfEachMessageOnceWithWhatItIs() {
        long first = shard.store(phone, "m1").seq();
        long second = shard.store(phone, "m2").seq();

        assertThat(Shard.await(shard.inbox.ack(phone, new Ack(second, Shard.ROOM, 77))))
                .isPresent();
        shard.ack(phone, second);

        assertThat(shard.toldBriefly(phone)).containsExactly("message.acked m1", "message.acked m2");
        assertThat(shard.toldOf(phone).getFirst())
                .containsEntry("u", phone.user())
                .containsEntry("d", "phone")
                .containsEntry("g", "77")
                .containsEntry("s", Long.toString(first))
                .containsKey("t")
                .doesNotContainKey("r");
        assertThat(shard.toldOf(phone).getLast()).containsEntry("s", Long.toString(second));
    }

    @Test
    void whereNoSessionIsNamedTheGenerationIsThatOfTheLastThatReadTheInbox() {
        shard.bindAny(phone);
        long seq = shard.store(phone, "m1").seq();
        assertThat(shard.open(phone, 0, 91)).isPresent();

        shard.settleAny(phone, seq, "m1", CopyState.DROPPED, "no_answer");

        assertThat(shard.toldOf(phone)).hasSize(1);
        assertThat(shard.toldOf(phone).getFirst()).containsEntry("g", "91").containsEntry("r", "no_answer");
    }

    @Test
    void whatExpiresIsToldByWhoeverMeetsItFirst() {
        shard.bindAny(phone);
        shard.store(phone, "m1", longAgo());
        shard.pending(phone);
        shard.load(phone);
        assertThat(shard.toldBriefly(phone)).containsExactly("message.expired m1");
        assertThat(shard.toldOf(phone).getFirst()).containsEntry("g", "0");

        Endpoint pad = phone.withDevice("pad");
        shard.store(pad, "m2", longAgo());
        shard.load(pad);
        shard.pending(pad);
        assertThat(shard.toldBriefly(phone)).endsWith("message.expired m2");

        Endpoint full = phone.withDevice("full");
        shard.store(full, "m3", longAgo());
        shard.append(Shard.copy(full, "m4"), 1);
        assertThat(shard.toldBriefly(phone)).hasSize(3).endsWith("message.expired m3");
    }

    @Test
    void aSettlementTellsOfWhatWasDroppedAndExpiredAndOfNothingElse() {
        long dropped = shard.store(phone, "m1").seq();
        shard.settleAny(phone, dropped, "m1", CopyState.WRITTEN, "");
        shard.settleAny(phone, dropped, "m1", CopyState.DROPPED, "offline");
        shard.settleAny(phone, dropped, "m1", CopyState.EXPIRED, "");
        long expired = shard.store(phone, "m2").seq();
        shard.settleAny(phone, expired, "m2", CopyState.EXPIRED, "");
        for (CopyState silent : new CopyState[] {CopyState.COLLAPSED, CopyState.RECALLED}) {
            long seq = shard.store(phone, silent.name()).seq();
            shard.settleAny(phone, seq, silent.name(), silent, "");
        }
        shard.storeKeyed(phone, "old", "key");
        shard.storeKeyed(phone, "new", "key");

        assertThat(shard.toldBriefly(phone)).containsExactly("message.dropped m1", "message.expired m2");
        assertThat(shard.toldOf(phone).getFirst()).containsEntry("r", "offline");
        assertThat(shard.toldOf(phone).getLast()).doesNotContainKey("r");
    }

    @Test
    void whatIsForgottenOrEmptiedIsToldWithThatReason() {
        shard.store(phone, "m1");
        shard.empty(phone);
        shard.store(phone, "m2");
        shard.forget(phone, 0);
        shard.forget(phone, 0);

        assertThat(shard.toldOf(phone)).extracting(event -> event.get("r")).containsExactly("emptied", "forgotten");
    }

    @Test
    void aMessageThatOutlivedWhatIsKnownOfItsCopyIsToldAllTheSame() {
        long seq = shard.store(phone, "m1").seq();
        String copy = InboxKeys.copies(phone) + "m1";
        Shard.await(shard.redis.command(copy, it -> it.del(copy)));

        shard.ack(phone, seq);

        assertThat(shard.toldBriefly(phone)).containsExactly("message.acked m1");
    }

    @Test
    void whoIsNotToldCostsNothing() {
        Endpoint silent = Shard.someone("phone");
        long seq = shard.store(silent, "m1").seq();
        shard.ack(silent, seq);

        assertThat(shard.toldOf(silent)).isEmpty();
        assertThat(shard.expiring(silent)).isZero();
    }

    @Test
    void whatFindsNoRoomIsCountedAndEndsAllTheSame() {
        long last = 0;
        for (int i : IntStream.rangeClosed(1, ToldProducts.MOST + 2).toArray()) {
            last = shard.store(phone, "m" + i).seq();
        }

        assertThat(shard.ack(phone, last)).isEqualTo(last);

        assertThat(shard.toldOf(phone)).hasSize(ToldProducts.MOST);
        assertThat(shard.told.takeUnheard()).isEqualTo(2);
        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.stateOf(phone, "m5")).isEqualTo("ACKED");

        shard.store(phone, "m6", longAgo());
        shard.load(phone);
        shard.store(phone, "m7", longAgo());
        shard.pending(phone);
        long seq = shard.store(phone, "m8").seq();
        shard.settleAny(phone, seq, "m8", CopyState.DROPPED, "offline");
        shard.store(phone, "m9");
        shard.empty(phone);
        assertThat(shard.told.takeUnheard()).isEqualTo(4);
    }

    @Test
    void anAckIsTakenAndToldWhereNoMemoryIsLeft() {
        long seq = shard.store(phone, "m1").seq();

        shard.whileFull(() -> assertThat(shard.ack(phone, seq)).isEqualTo(seq));

        assertThat(shard.toldBriefly(phone)).containsExactly("message.acked m1");
    }

    @Test
    void theSoonestEndIsNotedAndGoesToTheHeir() {
        Endpoint nobody = phone.withDevice("default");
        long now = System.currentTimeMillis();
        shard.store(nobody, "later", now + 90_000);
        shard.store(nobody, "sooner", now + 60_000);
        shard.store(nobody, "last", now + 120_000);
        assertThat(shard.expiring(nobody)).isEqualTo(now + 60_000);

        shard.bindAny(phone);

        assertThat(shard.expiring(nobody)).isZero();
        assertThat(shard.expiring(phone)).isEqualTo(now + 60_000);
    }

    /** untaken.lua. */
    @Test
    void aMessageThatNeverCameIntoAnInboxIsToldOfWithoutASeqByDeviceOrUserToWhoWantsToKnow() {
        RedisUntaken store = new RedisUntaken(shard.redis, shard.told.events());
        Shard.await(store.tell(new Untaken(phone, "m1", CopyState.DROPPED, "offline")));
        Shard.await(store.tell(new Untaken(phone.withDevice(""), "m2", CopyState.EXPIRED, "")));
        Endpoint untold = Shard.someone("phone");
        Shard.await(store.tell(new Untaken(untold, "m3", CopyState.DROPPED, "offline")));

        assertThat(shard.toldBriefly(phone)).containsExactly("message.dropped m1", "message.expired m2");
        assertThat(shard.toldOf(phone).getFirst())
                .containsEntry("d", "phone")
                .containsEntry("s", "0")
                .containsEntry("g", "0")
                .containsEntry("r", "offline");
        assertThat(shard.toldOf(phone).getLast()).containsEntry("d", "").doesNotContainKey("r");
        assertThat(shard.toldOf(untold)).isEmpty();
        assertThat(shard.told.takeUnheard()).isZero();
    }

    @Test
    void norDoesItWaitForRoom() {
        RedisUntaken store = new RedisUntaken(shard.redis, shard.told.events());
        IntStream.range(0, ToldProducts.MOST + 2)
                .forEach(i -> Shard.await(store.tell(new Untaken(phone, "m" + i, CopyState.DROPPED, "offline"))));

        assertThat(shard.toldOf(phone)).hasSize(ToldProducts.MOST);
        assertThat(shard.told.takeUnheard()).isEqualTo(2);
    }
}
