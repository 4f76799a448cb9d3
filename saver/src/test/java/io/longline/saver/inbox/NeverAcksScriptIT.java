package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.stores.junit.RedisExtension;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** load.lua at the beginning of sessions: who loads and never acknowledges. */
final class NeverAcksScriptIT {
    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 3_600_000;
    private static final long BOX_KEPT_MS = 120L * 24 * HOUR_MS;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private final Endpoint phone = Shard.someone("phone");
    private long generation;

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    /** A session begins: what it is told. */
    private Page session() {
        return again(++generation);
    }

    private Page again(long of) {
        return Shard.await(shard.inbox.load(phone, Reading.first(10, of, Shard.ROOM)))
                .orElseThrow();
    }

    private void sessions(int count) {
        for (int i = 0; i < count; i++) {
            Page page = session();
            assertThat(page.neverAcksMs()).isZero();
            assertThat(page.messages()).isNotEmpty();
        }
    }

    /** What the box remembers: generation, loads, watermark, head, times turned away, until when. */
    private String[] remembered() {
        return shard.hash(InboxKeys.box(phone)).getOrDefault("loads", "").split(" ", -1);
    }

    /** The time for which the client was to stay away is over. */
    private void waited() {
        String[] loads = remembered();
        loads[5] = Long.toString(System.currentTimeMillis() - 1);
        byte[] text = String.join(" ", loads).getBytes(StandardCharsets.US_ASCII);
        String box = InboxKeys.box(phone);
        Shard.await(shard.redis.command(box, it -> it.hset(box, Map.of("loads", text))));
    }

    @Test
    void theEighthSessionWithoutAnAckIsTurnedAwayAndReadsNothing() {
        shard.store(phone, "m1");
        shard.store(phone, "m2");
        sessions(7);
        shard.store(phone, "m3");

        assertThat(session()).isEqualTo(new Page(List.of(), false, 0, 3, MINUTE_MS, false, 0));
        assertThat(shard.waiting(phone)).hasSize(3);
        assertThat(shard.pending(phone)).isEqualTo(3);
        assertThat(shard.stateOf(phone, "m1")).isEqualTo("WRITTEN");
        assertThat(shard.stateOf(phone, "m3")).isEqualTo("STORED");
    }

    @Test
    void whoComesBackTooEarlyIsToldWhatIsLeftAndNothingIsCounted() {
        shard.store(phone, "m1");
        sessions(7);
        session();
        String[] before = remembered();

        assertThat(again(generation).neverAcksMs()).isBetween(1L, MINUTE_MS);
        assertThat(session().neverAcksMs()).isBetween(1L, MINUTE_MS);
        assertThat(remembered()).isEqualTo(before);
    }

    @Test
    void eachTimeItIsForLongerUpToAnHourWithOneMoreTryBefore() {
        shard.store(phone, "m1");
        sessions(7);
        for (long minutes : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            assertThat(session().neverAcksMs()).isEqualTo(minutes * MINUTE_MS);
            waited();
            sessions(1);
        }
    }

    @Test
    void aSessionThatAsksAgainCountsOnceAndAnOlderOneNotAtAll() {
        shard.store(phone, "m1");
        generation = 100;
        for (int i = 0; i < 50; i++) {
            assertThat(again(100).messages()).hasSize(1);
            assertThat(again(99).replaced()).isTrue();
            assertThat(again(0).messages()).hasSize(1);
        }
        sessions(6);
        assertThat(session().neverAcksMs()).isPositive();
    }

    @Test
    void aClientThatAcknowledgesNowAndThenIsNeverTurnedAway() {
        for (int round = 0; round < 10; round++) {
            long first = shard.store(phone, "first" + round).seq();
            shard.store(phone, "second" + round);
            sessions(7);
            shard.ack(phone, first);
        }
    }

    @Test
    void anAckEndsTheTimeAway() {
        long first = shard.store(phone, "m1").seq();
        shard.store(phone, "m2");
        sessions(7);
        assertThat(session().neverAcksMs()).isPositive();

        shard.ack(phone, first);
        sessions(7);
        assertThat(session().neverAcksMs()).isEqualTo(MINUTE_MS);
    }

    @Test
    void loadsAreThoseOfOneMessageAtTheHead() {
        long first = shard.store(phone, "m1").seq();
        sessions(7);
        shard.settleAny(phone, first, "m1", CopyState.DROPPED, "");
        shard.store(phone, "m2");

        sessions(7);
        assertThat(session().neverAcksMs()).isPositive();
    }

    @Test
    void whoHasNothingToAcknowledgeIsNotCounted() {
        for (int i = 0; i < 20; i++) {
            assertThat(session().neverAcksMs()).isZero();
        }
        shard.store(phone, "m1");
        sessions(7);
    }

    @Test
    void otherThingsGoOnForAClientThatIsTurnedAway() {
        shard.store(phone, "m1");
        sessions(7);
        assertThat(session().neverAcksMs()).isPositive();

        long second = shard.store(phone, "m2").seq();
        assertThat(shard.waiting(phone)).hasSize(2);
        assertThat(shard.ack(phone, second)).isEqualTo(second);
        assertThat(shard.load(phone).messages()).isEmpty();
        assertThat(session().neverAcksMs()).isZero();
    }

    @Test
    void nothingIsReadForASessionOnceALaterOneHasBegun() {
        shard.store(phone, "m1");
        sessions(2);
        long older = generation - 1;
        shard.store(phone, "m2");

        Page further = Shard.await(shard.inbox.load(phone, Reading.further(0, 10, older, Shard.ROOM)))
                .orElseThrow();
        assertThat(further.replaced()).isTrue();
        assertThat(further.messages()).isEmpty();
        assertThat(further.pending()).isEqualTo(2);
        assertThat(again(older).replaced()).isTrue();

        Page later = Shard.await(shard.inbox.load(phone, Reading.further(0, 10, generation, Shard.ROOM)))
                .orElseThrow();
        assertThat(later.replaced()).isFalse();
        assertThat(later.messages()).hasSize(2);
        assertThat(shard.waiting(phone)).hasSize(2); // who is no session reads on
    }

    @Test
    void aLaterSessionIsRememberedAlsoIfNothingWaitedForIt() {
        long first = shard.store(phone, "m1").seq();
        assertThat(session().messages()).hasSize(1);
        long older = generation;
        shard.ack(phone, first);
        assertThat(session().messages()).isEmpty();
        shard.store(phone, "m2");

        assertThat(Shard.await(shard.inbox.load(phone, Reading.further(first, 10, older, Shard.ROOM)))
                        .orElseThrow()
                        .replaced())
                .isTrue();
        assertThat(again(generation).messages()).hasSize(1);
    }

    @Test
    void whatIsRememberedGoesWithTheBox() {
        shard.store(phone, "m1");
        sessions(1);

        assertThat(shard.left(InboxKeys.box(phone))).isBetween(BOX_KEPT_MS - HOUR_MS, BOX_KEPT_MS);
    }
}
