package io.longline.saver.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.inbox.Shard;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** due.lua and next.lua, and the round that uses them. */
final class ExpiryScriptsIT {
    private static final Duration LONG = Duration.ofMinutes(10);

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private static RedisExpiry expiry;
    private final Endpoint phone = Shard.someoneTold("phone");

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        expiry = new RedisExpiry(shard.redis);
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    private List<Endpoint> due() {
        return Shard.await(expiry.due(phone.shard(), 100, LONG)).stream()
                .filter(phone::equals)
                .toList();
    }

    private boolean next(boolean isTold) {
        return Shard.await(expiry.next(phone, isTold, Duration.ofSeconds(30)));
    }

    @Test
    void whatHasExpiredIsDueOnceForAWhile() {
        long now = System.currentTimeMillis();
        shard.storeAny(phone, "m1", now + 600_000);
        assertThat(due()).isEmpty();

        shard.storeAny(phone, "m2", now - 60_000);
        assertThat(due()).containsExactly(phone);
        assertThat(due()).isEmpty();
        assertThat(shard.expiring(phone)).isBetween(now + 300_000, now + 900_000);
    }

    @Test
    void whatExpiresNextIsNotedAndNothingWhereNothingDoesOrNobodyIsTold() {
        long now = System.currentTimeMillis();
        shard.storeAny(phone, "m1", now - 60_000);
        shard.storeAny(phone, "m2", now + 600_000);
        shard.pendingAny(phone);
        assertThat(next(true)).isTrue();
        assertThat(shard.expiring(phone)).isEqualTo(now + 600_000);

        assertThat(next(false)).isFalse();
        assertThat(shard.expiring(phone)).isZero();

        shard.forgetAny(phone);
        shard.storeAny(phone, "m3", now - 60_000);
        assertThat(next(true)).isTrue();
        assertThat(shard.expiring(phone)).isGreaterThanOrEqualTo(now + 30_000);
        shard.pendingAny(phone);
        assertThat(next(true)).isFalse();
        assertThat(shard.expiring(phone)).isZero();
    }

    @Test
    void aRoundLooksThroughWhatIsDueAndLeavesWhatFailsForLater() {
        Endpoint pad = Shard.someoneTold("pad");
        shard.storeAny(phone, "m1", System.currentTimeMillis() - 60_000);
        shard.storeAny(pad, "m2", System.currentTimeMillis() - 60_000);
        List<Endpoint> looked = new ArrayList<>();
        Expiry round = new Expiry(expiry, shard.told.events(), (endpoint, deadline) -> {
            looked.add(endpoint);
            if (endpoint.equals(pad)) {
                throw io.longline.keeper.error.LonglineException.dependencyDown("mysql", "away", null);
            }
            shard.pendingAny(endpoint);
        });
        assertThat(round.due()).isTrue();

        round.run(new Kept());

        assertThat(looked).contains(phone, pad);
        assertThat(shard.toldBriefly(phone)).containsExactly("message.expired m1");
        assertThat(shard.expiring(phone)).isZero();
        assertThat(shard.expiring(pad)).isPositive();
        assertThat(shard.toldBriefly(pad)).isEmpty();
    }

    private static final class Kept implements io.longline.keeper.lease.Lease {
        @Override
        public long fencing() {
            return 1;
        }

        @Override
        public boolean valid() {
            return true;
        }

        @Override
        public void close() {
            // Nobody else wants it.
        }
    }
}
