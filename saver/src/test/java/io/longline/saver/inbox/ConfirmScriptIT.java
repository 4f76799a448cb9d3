package io.longline.saver.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.Endpoint;
import io.longline.stores.junit.RedisExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ConfirmScriptIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @Test
    void aCopyIsHeldUntilRedisLosesIt() {
        try (Shard shard = new Shard(redis.uri())) {
            Endpoint phone = Shard.someone("phone");
            assertThat(Shard.await(shard.inbox.holds(phone, "m1", 1))).isFalse();
            long seq = shard.store(phone, "m1").seq();
            assertThat(Shard.await(shard.inbox.holds(phone, "m1", seq))).isTrue();
            shard.ack(phone, seq);
            assertThat(Shard.await(shard.inbox.holds(phone, "m1", seq))).isTrue();

            shard.loseEverything();
            shard.mark();
            assertThat(Shard.await(shard.inbox.holds(phone, "m1", seq))).isFalse();
            long anew = shard.store(phone, "m1").seq();
            assertThat(anew).isGreaterThan(seq);
            assertThat(Shard.await(shard.inbox.holds(phone, "m1", seq))).isFalse();
        }
    }
}
