package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.Batch;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.AppendOutcome.Appended;
import io.longline.saver.inbox.AppendOutcome.Full;
import io.longline.stores.junit.RedisExtension;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class StoreScriptIT {
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

    @Test
    void aSeqBeginsWithTheTimeAndGrows() {
        long before = System.currentTimeMillis();
        Appended first = shard.store(phone, "m1");
        Appended second = shard.store(phone, "m2");

        assertThat(first.seq() / 1024).isBetween(before - 1000, System.currentTimeMillis() + 1000);
        assertThat(second.seq()).isGreaterThan(first.seq()).isLessThan(1L << 53);
        assertThat(first.state()).isEqualTo(CopyState.STORED);
        assertThat(first.repeated()).isFalse();
        assertThat(shard.copyOf(phone, "m1")).containsEntry("n", "saver-1");
    }

    @Test
    void devicesOfAUserDrawFromOneCounter() {
        long onPhone = shard.store(phone, "m1").seq();
        long onPad = shard.store(phone.withDevice("pad"), "m1").seq();

        assertThat(onPad).isGreaterThan(onPhone);
    }

    @Test
    void aSeqGrowsByOneWhereTheCounterIsAheadOfTheClock() {
        long ahead = (System.currentTimeMillis() + 3_600_000) * 1024;
        byte[] value = Long.toString(ahead).getBytes(StandardCharsets.UTF_8);
        Shard.await(shard.redis.command(InboxKeys.user(phone), it -> it.hset(InboxKeys.user(phone), "seq", value)));

        assertThat(shard.store(phone, "m1").seq()).isEqualTo(ahead + 1);
        assertThat(shard.store(phone, "m2").seq()).isEqualTo(ahead + 2);
    }

    @Test
    void aSeqIsNotGivenTwiceWhenRedisLostEverything() {
        long last = IntStream.range(0, 2000)
                .mapToLong(i -> shard.store(phone, "m" + i).seq())
                .max()
                .orElseThrow();
        shard.loseEverything();
        shard.mark();

        assertThat(shard.store(phone, "again").seq()).isGreaterThan(last);
    }

    @Test
    void itNamesTheMessageThatWaitsNextBelow() {
        Appended first = shard.store(phone, "m1");
        Appended second = shard.store(phone, "m2");
        shard.ack(phone, second.seq());
        Appended third = shard.store(phone, "m3");

        assertThat(first.before()).isZero();
        assertThat(second.before()).isEqualTo(first.seq());
        assertThat(third.before()).isZero();
    }

    @Test
    void aSecondCopyIsRefusedAndTheFirstAnswered() {
        Appended other = shard.store(phone, "other");
        Appended first = shard.store(phone, "m1");
        shard.store(phone, "later");
        Appended again = shard.store(phone, "m1");

        assertThat(again).isEqualTo(new Appended("phone", first.seq(), other.seq(), CopyState.STORED, true, "", 0, ""));
        assertThat(shard.waiting(phone)).hasSize(3);
    }

    @Test
    void aSecondCopyOfADroppedOneSaysWhyThatWas() {
        long seq = shard.store(phone, "m1").seq();
        shard.settleAny(phone, seq, "m1", CopyState.DROPPED, "offline");

        assertThat(shard.store(phone, "m1"))
                .isEqualTo(new Appended("phone", seq, 0, CopyState.DROPPED, true, "offline", 0, ""));
    }

    @Test
    void aSecondCopyIsRefusedAlsoWhenTheFirstWasAcknowledged() {
        Appended first = shard.store(phone, "m1");
        shard.ack(phone, first.seq());
        Appended again = shard.store(phone, "m1");

        assertThat(again).isEqualTo(new Appended("phone", first.seq(), 0, CopyState.ACKED, true, "", 0, ""));
        assertThat(shard.waiting(phone)).isEmpty();
    }

    @Test
    void ofManyAtTheSameMomentOneIsTaken() {
        List<Integer> callers = IntStream.range(0, 50).boxed().toList();
        List<Appended> answers = Batch.together(callers, caller -> shard.store(phone, "m1"));

        assertThat(answers)
                .extracting(Appended::seq)
                .containsOnly(answers.getFirst().seq());
        assertThat(answers).extracting(Appended::repeated).containsOnlyOnce(false);
        assertThat(shard.waiting(phone)).hasSize(1);
    }

    @Test
    void aFullInboxSaysSoUntilSomethingIsAcknowledged() {
        long first = shard.store(phone, "m1").seq();
        shard.store(phone, "m2");

        assertThat(shard.append(Shard.copy(phone, "m3"), 2)).isInstanceOf(Full.class);
        assertThat(shard.stateOf(phone, "m3")).isEqualTo("none");
        assertThat(shard.append(Shard.copy(phone, "m2"), 2))
                .isInstanceOfSatisfying(
                        Appended.class, again -> assertThat(again.repeated()).isTrue());

        shard.ack(phone, first);
        assertThat(shard.append(Shard.copy(phone, "m3"), 2)).isInstanceOf(Appended.class);
    }

    @Test
    void aFullInboxMakesRoomOutOfWhatHasExpired() {
        long longAgo = System.currentTimeMillis() - 60_000;
        shard.store(phone, "stays");
        shard.store(phone, "old1", longAgo);
        shard.store(phone, "old2", longAgo);

        assertThat(shard.append(Shard.copy(phone, "m3"), 3)).isInstanceOf(Appended.class);
        assertThat(shard.bodies(phone)).containsExactly("body of stays", "body of m3");
        assertThat(shard.stateOf(phone, "old1")).isEqualTo("EXPIRED");
        assertThat(shard.stateOf(phone, "old2")).isEqualTo("EXPIRED");
    }

    @Test
    void aMessageIsAnyBytes() {
        byte[] all = new byte[70_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        ByteString message = ByteString.copyFrom(all);
        shard.store(new NewCopy(phone, "bytes", Long.MAX_VALUE >> 12, "", Urgency.NORMAL, message));
        shard.store(new NewCopy(phone, "none", Long.MAX_VALUE >> 12, "", Urgency.NORMAL, ByteString.EMPTY));

        assertThat(shard.load(phone).messages())
                .extracting(Page.Stored::message)
                .containsExactly(message, ByteString.EMPTY);
    }

    @Test
    void anInboxGoesAwayByItselfAMinuteAfterItsLastMessageExpired() {
        long now = System.currentTimeMillis();
        shard.store(phone, "long", now + 3_600_000);
        shard.store(phone, "short", now + 1000);

        assertThat(shard.left(InboxKeys.inbox(phone))).isBetween(3_600_000L, 3_670_000L);
    }

    @Test
    void aShardThatWasLostTakesNothing() {
        byte[] other = "another".getBytes(StandardCharsets.UTF_8);
        String mark = InboxKeys.mark(phone.shard());
        Shard.await(shard.redis.command(mark, it -> it.set(mark, other)));
        try {
            assertThatThrownBy(() -> shard.store(phone, "m1"))
                    .isInstanceOfSatisfying(
                            LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHARD_LOST));
        } finally {
            shard.mark();
        }
        assertThat(shard.waiting(phone)).isEmpty();
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("none");
    }
}
