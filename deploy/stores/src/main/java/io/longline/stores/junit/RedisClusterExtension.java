package io.longline.stores.junit;

import io.longline.stores.EmbeddedRedisCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * One Redis Cluster of three masters for all test classes of this JVM that register it in a static field; none of them may
 * stop a node. On it, test classes that were written for one Redis can be run once more.
 */
public final class RedisClusterExtension implements BeforeAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(RedisClusterExtension.class);
    private static final String URI_PARAMETER = "longline.redis.cluster";
    private static final int MOST_FAILURES = 20;

    private @Nullable EmbeddedRedisCluster cluster;

    /** The address of the cluster that this test class is run on. */
    static Optional<URI> given(ExtensionContext context) {
        return context.getConfigurationParameter(URI_PARAMETER).map(URI::create);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        cluster = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent("cluster", key -> started(), EmbeddedRedisCluster.class);
    }

    private static EmbeddedRedisCluster started() {
        EmbeddedRedisCluster cluster = EmbeddedRedisCluster.withoutReplicas();
        EndOfJvm.close(cluster);
        return cluster.start();
    }

    public EmbeddedRedisCluster store() {
        return Objects.requireNonNull(cluster, "register RedisClusterExtension in a static field");
    }

    /**
     * What came of test classes.
     *
     * @param tests how many tests passed
     * @param failures what failed, and how; empty when nothing did
     */
    public record Outcome(long tests, String failures) {}

    /**
     * Runs test classes with this cluster in the place of the Redis that each starts by a {@link RedisExtension}.
     *
     * @param packageName theirs, and of packages below
     * @param classNames a pattern of their full names
     */
    public Outcome run(String packageName, String classNames) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectPackage(packageName))
                .filters(ClassNameFilter.includeClassNamePatterns(classNames))
                .configurationParameter(
                        URI_PARAMETER, store().masters().getFirst().uri().toString())
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        StringWriter failures = new StringWriter();
        if (summary.getTotalFailureCount() > 0) {
            summary.printFailuresTo(new PrintWriter(failures), MOST_FAILURES);
        }
        return new Outcome(summary.getTestsSucceededCount(), failures.toString());
    }

    /** Those of the scripts that no node has ever run, by their SHA-1. */
    public List<String> neverRun(List<String> sha1s) {
        return sha1s.stream()
                .filter(sha1 -> store().masters().stream()
                        .noneMatch(node ->
                                node.tell("SCRIPT", "EXISTS", sha1).strip().equals("1")))
                .toList();
    }
}
