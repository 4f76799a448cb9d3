package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.saver.endpoint.Endpoint;
import io.longline.stores.junit.RedisExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class OpenScriptIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private final Endpoint phone = Shard.someone("phone");
    private final Endpoint nobody = phone.withDevice("default");

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    @Test
    void whoHasNothingToSettleIsReadAtOnce() {
        shard.bindAny(phone);
        long acked = shard.store(phone, "m1").seq();
        shard.ack(phone, acked);
        long second = shard.store(phone, "m2").seq();

        Page page = shard.open(phone, acked, 1).orElseThrow();

        assertThat(page.messages()).extracting(Page.Stored::seq).containsExactly(second);
        assertThat(page.acked()).isEqualTo(acked);
        assertThat(page.pending()).isEqualTo(1);
        assertThat(page.upto()).isEqualTo(second);
        assertThat(page.more()).isFalse();
        assertThat(page).isEqualTo(shard.load(phone, acked, 1000));
    }

    @Test
    void aDeviceWithoutAnInboxIsToldSoAtOnce() {
        shard.bindAny(phone);

        Page page = shard.open(phone, 1L << 52, 1).orElseThrow();

        assertThat(page.messages()).isEmpty();
        assertThat(page.acked()).isZero();
    }

    @Test
    void whatTheClientHasFinishedWithIsAcknowledgedFirst() {
        shard.bindAny(phone);
        long first = shard.store(phone, "m1").seq();
        long second = shard.store(phone, "m2").seq();

        assertThat(shard.open(phone, first, 1)).isEmpty();
        assertThat(shard.waiting(phone)).containsExactly(first, second);
        shard.ack(phone, first);
        assertThat(shard.open(phone, first, 1).orElseThrow().messages()).hasSize(1);
        assertThat(shard.open(phone, second + 7, 2)).isEmpty();
        shard.ack(phone, second);
        assertThat(shard.open(phone, second + 7, 3).orElseThrow().messages()).isEmpty();
    }

    @Test
    void theHeirOfDefaultIsSettledAndInTheJournalFirst() {
        shard.store(nobody, "m1");
        assertThat(shard.open(phone, 0, 1)).isEmpty();

        long version = shard.bind(phone).version();
        assertThat(shard.open(phone, 0, 1)).isEmpty();
        shard.keep(phone, version);
        assertThat(shard.open(phone, 0, 1).orElseThrow().messages()).hasSize(1);
        assertThat(shard.open(phone.withDevice("pad"), 0, 1).orElseThrow().messages())
                .isEmpty();
    }

    @Test
    void aBindOfDefaultThatEndsAnHeirIsSettledFirst() {
        shard.bindAny(phone);
        assertThat(shard.open(nobody, 0, 1)).isEmpty();

        shard.bindAny(nobody);
        assertThat(shard.open(nobody, 0, 1)).isPresent();
        assertThat(shard.open(phone, 0, 1)).isPresent();
    }

    @Test
    void anHeirThatWasForgottenIsSettledAnew() {
        shard.bindAny(phone);
        shard.forget(phone, 0);

        assertThat(shard.open(phone, 0, 1)).isEmpty();
    }

    @Test
    void whatIsInMysqlAloneIsBroughtBackFirst() {
        shard.bindAny(phone);
        shard.pretendAway(phone, shard.store(phone, "m1").seq(), 1);

        assertThat(shard.open(phone, 0, 1)).isEmpty();
    }

    @Test
    void aSessionThatBeginsLikeThisCountsAsOne() {
        shard.bindAny(phone);
        shard.store(phone, "m1");
        for (int generation = 1; generation < 8; generation++) {
            assertThat(shard.open(phone, 0, generation).orElseThrow().messages())
                    .hasSize(1);
        }

        assertThat(shard.open(phone, 0, 8).orElseThrow().neverAcksMs()).isPositive();
        assertThat(shard.open(phone, 0, 7).orElseThrow().replaced()).isTrue();
    }

    @Test
    void aLostShardIsToldAsSuch() {
        shard.loseEverything();
        try {
            assertThatThrownBy(() -> shard.open(phone, 0, 1))
                    .isInstanceOfSatisfying(
                            LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHARD_LOST));
        } finally {
            shard.mark();
        }
    }
}
