package io.longline.saver;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether Redis is set up as the promises need it, and says so where it is not. */
final class RedisSettings {
    private static final Logger log = LoggerFactory.getLogger(RedisSettings.class);
    private static final Duration TIME = Duration.ofSeconds(2);
    private static final Map<String, String> NEEDED = Map.of("maxmemory-policy", "noeviction", "appendonly", "yes");

    private final RedisStore redis;

    RedisSettings(RedisStore redis) {
        this.redis = redis;
    }

    /** Called with each connection; may block. */
    void check() {
        NEEDED.forEach((name, needed) -> {
            try {
                RedisStore.await(redis.everywhere(it -> it.configGet(name)), Deadline.after(TIME))
                        .forEach(node -> compare(name, needed, node.get(name)));
            } catch (LonglineException e) {
                log.warn("redis does not tell its {}: {}", name, e.getMessage());
            }
        });
    }

    private static void compare(String name, String needed, @Nullable String value) {
        if (value != null && !value.equals(needed)) {
            log.warn("redis has {}={}, expected {}: it may lose what it took", name, value, needed);
        }
    }
}
