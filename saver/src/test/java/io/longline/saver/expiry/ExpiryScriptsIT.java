package io.longline.saver.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.inbox.Shard;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** due.lua and next.lua. */
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
        return due(Duration.ZERO);
    }

    private List<Endpoint> due(Duration late) {
        return Shard.await(expiry.due(phone.shard(), new RedisExpiry.Wanted(100, late, LONG))).stream()
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
    void whoTakesWhatIsLateLeavesTheRest() {
        shard.storeAny(phone, "m1", System.currentTimeMillis() - 60_000);
        assertThat(due(Duration.ofMinutes(3))).isEmpty();
        assertThat(due(Duration.ofSeconds(30))).containsExactly(phone);
        assertThat(due()).isEmpty();
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
}
