package io.longline.saver.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RedisTimeIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @Test
    void itIsTheTimeOfRedisWhetherTheShardIsServedOrLost() {
        RedisConfig config = new RedisConfig(redis.uri().toString(), Duration.ofSeconds(10));
        try (RedisStore store = new RedisStore(config, new SimpleMeterRegistry())) {
            store.start();
            RedisTime time = new RedisTime(store);
            long before = System.currentTimeMillis();
            long told = RedisStore.await(time.ofShard(17), Deadline.after(Duration.ofSeconds(30)));

            assertThat(told).isBetween(before - 1, System.currentTimeMillis() + 1);
        }
    }
}
