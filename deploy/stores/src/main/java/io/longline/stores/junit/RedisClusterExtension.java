package io.longline.stores.junit;

import io.longline.stores.EmbeddedRedisCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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

    /** Whether some node has ever run the script with this SHA-1. */
    public boolean hasRun(String sha1) {
        return store().masters().stream()
                .anyMatch(node -> node.tell("SCRIPT", "EXISTS", sha1).strip().equals("1"));
    }

    /** The names of all Lua scripts in the resources of the module whose tests run; what others include is no script itself. */
    public static List<String> scripts() throws IOException {
        Path resources = Path.of("src/main/resources");
        try (Stream<Path> files = Files.walk(resources)) {
            List<Path> all =
                    files.filter(file -> file.toString().endsWith(".lua")).toList();
            StringBuilder text = new StringBuilder();
            for (Path file : all) {
                text.append(Files.readString(file)).append('\n');
            }
            return all.stream()
                    .map(file -> "/" + resources.relativize(file))
                    .filter(name -> text.indexOf("-- include " + name) < 0)
                    .toList();
        }
    }
}
