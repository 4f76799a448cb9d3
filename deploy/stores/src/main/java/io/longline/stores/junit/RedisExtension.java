package io.longline.stores.junit;

import io.longline.stores.EmbeddedRedis;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Redis of its own for a test class; starts in about 0.1 s. Register it in a static field. Where {@link
 * RedisClusterExtension} runs the class it stands for that cluster.
 */
public final class RedisExtension implements BeforeAllCallback, AfterAllCallback {
    private final EmbeddedRedis redis = EmbeddedRedis.temporary();
    private @Nullable URI cluster;

    @Override
    public void beforeAll(ExtensionContext context) {
        cluster = RedisClusterExtension.given(context).orElse(null);
        if (cluster == null) {
            EndOfJvm.close(redis);
            redis.start();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        redis.close(); // also where it was never started: it has a folder
        cluster = null;
    }

    /** To stop, kill, pause, empty and restart it. */
    public EmbeddedRedis store() {
        return redis;
    }

    public URI uri() {
        return cluster == null ? redis.uri() : cluster;
    }
}
