package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.Settlement.By;
import io.longline.stores.junit.RedisExtension;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** load.lua and open.lua: what a session reads is written. */
final class WrittenByLoadScriptIT {
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

    private Page session(long after, int limit, String room) {
        return Shard.await(shard.inbox.load(phone, Reading.further(after, limit, 1, room)))
                .orElseThrow();
    }

    private CopyState recalled(long seq, String id) {
        return Shard.await(shard.inbox.settle(
                        new Settlement(phone, seq, id, CopyState.RECALLED, "", new By("center-1", 0))))
                .state()
                .orElseThrow();
    }

    @Test
    void whatASessionReadsIsWrittenByItsRoomAndTheRestIsNot() {
        long first = shard.store(phone, "m1").seq();
        shard.store(phone, "m2");

        assertThat(session(0, 1, "room-1").upto()).isEqualTo(first);

        assertThat(shard.copyOf(phone, "m1").get("w")).matches("\\d+/room-1");
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("WRITTEN");
        assertThat(shard.stateOf(phone, "m2")).isEqualTo("STORED");
        assertThat(shard.waiting(phone)).hasSize(2);
        assertThat(shard.unsent(phone)).isGreaterThan(first);
    }

    @Test
    void aSessionThatBeginsInOneStepIsWrittenTo() {
        shard.bindAny(phone);
        shard.store(phone, "m1");

        assertThat(shard.open(phone, 0, 1)).isPresent();

        assertThat(shard.stateOf(phone, "m1")).isEqualTo("WRITTEN");
    }

    @Test
    void whoeverOnlyLooksWritesNothing() {
        shard.store(phone, "m1");

        assertThat(shard.load(phone).messages()).hasSize(1);

        assertThat(shard.stateOf(phone, "m1")).isEqualTo("STORED");
    }

    @Test
    void theFirstRoomStandsAndASecondReadingStillGetsIt() {
        shard.store(phone, "m1");
        session(0, 10, "room-1");

        assertThat(session(0, 10, "room-2").messages()).hasSize(1);

        assertThat(shard.copyOf(phone, "m1").get("w")).endsWith("/room-1");
    }

    @Test
    void whatWasReadIsNotRecalledAndGivesNoWay() {
        long seq = shard.storeKeyed(phone, "m1", "k").seq();
        session(0, 10, "room-1");

        assertThat(recalled(seq, "m1")).isEqualTo(CopyState.WRITTEN);
        assertThat(shard.storeKeyed(phone, "m2", "k").older()).isZero();
        assertThat(shard.bodies(phone)).containsExactly("body of m1", "body of m2");
    }

    @Test
    void whatWasReadBeforeItExpiredCanStillBeAcknowledged() {
        long seq = shard.store(phone, "m1", System.currentTimeMillis() + 2000).seq();
        session(0, 10, "room-1");
        Shard.await(shard.inbox.settle(new Settlement(phone, seq, "", CopyState.STORED, "", By.NOBODY)));

        Awaitility.await().until(() -> session(0, 10, "room-1").messages().isEmpty());
        shard.ack(phone, seq);

        assertThat(shard.stateOf(phone, "m1")).isEqualTo("ACKED");
    }

    @Test
    void whatHasExpiredIsReadForItsHintAndNotWritten() {
        shard.store(phone, "m1", System.currentTimeMillis());

        assertThat(session(0, 10, "room-1").messages()).hasSize(1);

        assertThat(shard.stateOf(phone, "m1")).isEqualTo("STORED");
    }

    @Test
    void aMessageWhoseCopyIsForgottenIsReadAllTheSame() {
        shard.store(phone, "m1");
        String copy = InboxKeys.copies(phone) + "m1";
        Shard.await(shard.redis.command(copy, it -> it.del(copy)));

        assertThat(session(0, 10, "room-1").messages()).hasSize(1);

        assertThat(shard.exists(copy)).isZero();
    }

    @Test
    void aHintThatIsSettledLaterSaysWhenTheRoomGotIt() {
        long seq = shard.store(phone, "m1").seq();
        session(0, 10, "room-1");

        assertThat(Shard.await(shard.inbox.settle(
                        new Settlement(phone, seq, "m1", CopyState.WRITTEN, "", new By("room-1", 0)))))
                .isEqualTo(new Settlement.Settled(Optional.of(CopyState.WRITTEN), "phone", seq, false));

        assertThat(shard.copyOf(phone, "m1").get("r")).matches("\\d+/room-1");
        assertThat(shard.unsent(phone)).isZero();
    }

    @Test
    void whatIsReadOfAnOlderMessageIsNotNotedOfANewerOneWithItsId() {
        long older = shard.store(phone, "m1").seq();
        shard.reuse(phone, "m1");

        assertThat(session(0, 1, Shard.ROOM).messages())
                .extracting(Page.Stored::seq)
                .containsExactly(older);
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("STORED");
    }
}
