package io.longline.keeper.redis;

import io.lettuce.core.RedisURI;
import io.longline.keeper.config.ConfigReader;
import java.time.Duration;

/**
 * Where Redis is.
 *
 * @param uri {@code redis://[user:password@]host:port[/database]}, {@code rediss} with TLS
 * @param timeout what a command may take, and what callers wait for Redis to come back
 */
public record RedisConfig(String uri, Duration timeout) {

    /** Reads {@code redis.uri} and {@code redis.timeout}. */
    public static RedisConfig read(ConfigReader reader) {
        RedisConfig config = new RedisConfig(
                reader.text("redis.uri", "redis://127.0.0.1:6379"), reader.duration("redis.timeout", "2s"));
        try {
            RedisURI.create(config.uri);
        } catch (RuntimeException e) {
            reader.problem("redis.uri", "redis://[user:password@]host:port[/database]");
        }
        if (config.timeout.isZero()) {
            reader.problem("redis.timeout", "more than 0");
        }
        return config;
    }
}
