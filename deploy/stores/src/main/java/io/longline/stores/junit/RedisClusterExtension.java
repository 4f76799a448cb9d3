package io.longline.stores.junit;

import io.longline.stores.EmbeddedRedisCluster;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One Redis Cluster of three masters for all test classes of this JVM that register it in a static field; none of them may
 * stop a node. Nested in such a class, each {@link RedisExtension} gives the address of this cluster and starts no Redis of
 * its own: so a test class that was written for one Redis runs on a cluster when a nested class extends it.
 */
public final class RedisClusterExtension implements BeforeAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(RedisClusterExtension.class);
    private static final String URI_KEY = "uri";

    private @Nullable EmbeddedRedisCluster cluster;

    /** The address that an enclosing test class wants to be used. */
    static @Nullable URI given(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(URI_KEY, URI.class);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        EmbeddedRedisCluster shared = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent("cluster", key -> started(), EmbeddedRedisCluster.class);
        cluster = shared;
        context.getStore(NAMESPACE).put(URI_KEY, shared.masters().getFirst().uri());
    }

    private static EmbeddedRedisCluster started() {
        EmbeddedRedisCluster cluster = EmbeddedRedisCluster.withoutReplicas();
        EndOfJvm.close(cluster);
        return cluster.start();
    }

    public EmbeddedRedisCluster store() {
        return Objects.requireNonNull(cluster, "register RedisClusterExtension in a static field");
    }
}
