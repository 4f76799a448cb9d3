package io.longline.keeper.redis;

import io.lettuce.core.RedisURI;
import io.longline.keeper.config.ConfigReader;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where Redis is.
 *
 * @param uri {@code redis://[user:password@]host:port[/database]}, {@code rediss} with TLS; several separated by commas:
 *     a Redis and those that may take its place, or some nodes of a Redis Cluster
 * @param timeout what a command may take, and what callers wait for Redis to come back
 */
public record RedisConfig(String uri, Duration timeout) {

    /** Reads {@code redis.uri} and {@code redis.timeout}. */
    public static RedisConfig read(ConfigReader reader) {
        RedisConfig config = new RedisConfig(
                reader.text("redis.uri", "redis://127.0.0.1:6379"), reader.duration("redis.timeout", "2s"));
        try {
            var _ = config.uris();
        } catch (RuntimeException e) {
            reader.problem("redis.uri", "redis://[user:password@]host:port[/database], several separated by commas");
        }
        if (config.timeout.isZero()) {
            reader.problem("redis.timeout", "more than 0");
        }
        return config;
    }

    /** In the order given. */
    List<RedisURI> uris() {
        return Stream.of(uri.split(",", -1))
                .map(one -> RedisURI.create(one.strip()))
                .toList();
    }
}
