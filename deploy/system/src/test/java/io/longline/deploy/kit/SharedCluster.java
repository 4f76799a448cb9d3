package io.longline.deploy.kit;

import static org.awaitility.Awaitility.await;

import io.longline.deploy.cluster.ClusterOptions;
import io.longline.deploy.cluster.ClusterPorts;
import io.longline.deploy.cluster.Folders;
import io.longline.deploy.cluster.LocalCluster;
import io.longline.deploy.service.ThisProcess;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Heartbeats;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ProductSecrets;
import io.longline.keeper.product.ZkProducts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One whole cluster, two rooms and two centers, for all test classes of this JVM; it ends with the last of them. Tests keep
 * out of each other's way by users and products of their own, and leave all services running. Register it in a static field.
 */
public final class SharedCluster implements BeforeAllCallback {
    private static final AtomicInteger names = new AtomicInteger();

    /** Nothing is broken here, and how fast the machine is that runs the tests is not under test. */
    static final Map<String, String> PATIENT = Map.of(
            "center.patience", "15s",
            "center.hand-over-wait", "10s",
            "center.settle-wait", "5s",
            "register.lost-shard-patience", "10s",
            "saver.lost-shard-patience", "10s",
            "saver.journal.timeout", "10s");

    private @Nullable LocalCluster cluster;

    @Override
    public void beforeAll(ExtensionContext context) {
        cluster = context.getRoot()
                .getStore(Namespace.create(SharedCluster.class))
                .computeIfAbsent("cluster", key -> Started.now(), Started.class)
                .cluster();
    }

    public LocalCluster cluster() {
        return Objects.requireNonNull(cluster, "register SharedCluster in a static field");
    }

    /** The first center, as the back end of {@code demo}. */
    public CenterApi api() {
        return api(TestProduct.DEMO, 0);
    }

    public CenterApi api(TestProduct product, int center) {
        return new CenterApi(cluster().center(center), product.id(), product.apiSecret());
    }

    /** An id that no other test uses. */
    public static String fresh(String word) {
        return word + "-" + names.incrementAndGet();
    }

    /** A client of {@code demo} on a room, device {@code phone}, that has just said hello and read {@code welcome}. */
    public JsonLink connect(int room, String user) {
        return connect(room, TestProduct.DEMO, user, "phone");
    }

    public JsonLink connect(int room, TestProduct product, String user, String device) {
        return JsonLink.bound(cluster().room(room), product, user, device);
    }

    /** A product of its own, known to all centers and rooms. */
    public TestProduct product(Durability durability, int window) {
        TestProduct product =
                new TestProduct(fresh("shop"), fresh("api-secret"), fresh("client-secret-of-32-bytes-or-more"));
        write(Product.create(product.id(), durability)
                .withSecrets(new ProductSecrets(product.apiSecret(), product.clientSecret()))
                .withHeartbeat(new Heartbeats(240, 1, 600))
                .with("window", window));
        for (int center = 0; center < cluster().options().centers(); center++) {
            CenterApi api = api(product, center);
            await().until(() -> api.get("/v1/users/nobody").status() == 404);
        }
        for (int room = 0; room < cluster().options().rooms(); room++) {
            awaitBind(product, room);
        }
        return product;
    }

    /** A product whose sessions are all of the test that asks for it. */
    public TestProduct emptyProduct() {
        TestProduct product = product(Durability.REDIS, 64);
        await().until(() -> !api(product, 0).user("probe").body().path("online").asBoolean(true));
        return product;
    }

    /** What its back end broadcasts, at both centers. */
    public Broadcasts broadcasts(TestProduct product) {
        return new Broadcasts(List.of(api(product, 0), api(product, 1)));
    }

    /** Where clients reach each room. */
    public List<InetSocketAddress> rooms() {
        return IntStream.range(0, cluster().options().rooms())
                .mapToObj(room -> new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), cluster().room(room)))
                .toList();
    }

    private void awaitBind(TestProduct product, int room) {
        await().ignoreExceptions().until(() -> {
            try (JsonLink probe = connect(room, product, "probe", "probe")) {
                return !probe.isClosed();
            }
        });
    }

    private void write(Product product) {
        try (ZkSession session = zookeeper();
                ZkProducts products = new ZkProducts(session)) {
            products.start();
            products.create(product);
        }
    }

    /** Writes a service's configuration to ZooKeeper as it is, without any check. */
    public void writeConfig(String service, String text) {
        try (ZkSession session = zookeeper()) {
            session.write("/config/" + service, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private ZkSession zookeeper() {
        Map<String, String> keys = Map.of("zookeeper.hosts", cluster().stores().zookeeperHosts());
        ZkSession session = new ZkSession(ZkConfig.read(
                new ConfigReader(ConfigSource.builder().flags(keys).build())));
        session.start();
        return session;
    }

    /** {@code http://127.0.0.1:...} of the dispatcher. */
    public URI dispatcher() {
        return cluster().dispatcher();
    }

    /** {@code http://127.0.0.1:...} of each center. */
    public List<URI> centers() {
        return IntStream.range(0, cluster().options().centers())
                .mapToObj(cluster()::center)
                .toList();
    }

    private record Started(LocalCluster cluster, Path data) implements AutoCloseable {

        static Started now() {
            try {
                Path data = Files.createTempDirectory("longline-cluster-");
                System.setProperty("longline.home", data.resolve("home").toString());
                ClusterOptions options = ClusterOptions.in(data.resolve("data"))
                        .withRooms(2)
                        .withCenters(2)
                        .withPorts(ClusterPorts.ANY)
                        .withSettings(PATIENT);
                LocalCluster cluster = new LocalCluster(options, new ThisProcess(), line -> {});
                Started started = new Started(cluster, data);
                // A run that is interrupted must not leave stores behind.
                Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "end-of-cluster"));
                cluster.start();
                return started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            cluster.close();
            Folders.delete(data);
        }
    }
}
