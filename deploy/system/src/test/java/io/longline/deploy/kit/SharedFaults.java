package io.longline.deploy.kit;

import static org.awaitility.Awaitility.await;

import io.longline.deploy.check.client.Operator;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.check.run.Target;
import io.longline.deploy.cluster.DemoProduct;
import io.longline.deploy.cluster.Folders;
import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.faults.FaultPlan;
import io.longline.deploy.faults.Part;
import io.longline.deploy.service.ServiceKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One cluster of processes to break, for all test classes of this JVM: two registers, savers, centers and rooms, and whatever was done to
 * it is healed after each test. Register it in a static field.
 */
public final class SharedFaults implements BeforeAllCallback, AfterEachCallback {
    private static final Duration HEALED_WITHIN = Duration.ofMinutes(1);
    /** A machine that stands still for a second or two is no room that does not answer. */
    private static final String HANDED_OVER_WITHIN = "2500ms";

    private @Nullable Started started;

    @Override
    public void beforeAll(ExtensionContext context) {
        started = context.getRoot()
                .getStore(Namespace.create(SharedFaults.class))
                .computeIfAbsent("faults", key -> Started.now(), Started.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        cluster().healAll();
        for (Part part : cluster().parts()) {
            if (part.isRunning()) {
                part.resume();
            } else {
                part.restart();
            }
        }
        awaitReady();
    }

    /** Until every part is well. */
    public void awaitReady() {
        await().atMost(HEALED_WITHIN)
                .until(
                        () -> cluster().parts().stream()
                                .filter(part -> !part.isReady())
                                .toList(),
                        List::isEmpty);
    }

    public FaultCluster cluster() {
        return started().cluster;
    }

    /** Where it is, with a product of each durability and one with limits. */
    public Target target() {
        return started().target;
    }

    private Started started() {
        return Objects.requireNonNull(started, "register SharedFaults in a static field");
    }

    /** A product of durability {@code mysql}. */
    public TestProduct journaled() {
        Tenant tenant = target().tenants().getFirst();
        return new TestProduct(tenant.product(), tenant.apiSecret(), tenant.clientSecret());
    }

    /** Another one of durability {@code mysql}, whose sessions are all of the test that asks for it. */
    public TestProduct product() {
        Tenant tenant;
        try (Operator operator = new Operator(target().centers(), target().rooms(), DemoProduct.OPERATOR_SECRET)) {
            tenant = operator.create(SharedCluster.fresh("faults-own"), true, 64);
        }
        TestProduct product = new TestProduct(tenant.product(), tenant.apiSecret(), tenant.clientSecret());
        await().atMost(HEALED_WITHIN)
                .until(() ->
                        !api(product, 0).user("probe").body().path("online").asBoolean(true));
        return product;
    }

    /** A center as the back end of a product. */
    public CenterApi api(TestProduct product, int center) {
        return new CenterApi(cluster().centers().get(center), product.id(), product.apiSecret());
    }

    /** What its back end broadcasts, at both centers. */
    public Broadcasts broadcasts(TestProduct product) {
        return new Broadcasts(List.of(api(product, 0), api(product, 1)));
    }

    /** A center as the back end of {@link #journaled}. */
    public CenterApi api(int center) {
        return api(journaled(), center);
    }

    /** Pushes until it is answered with success, as a back end does. */
    public Answer push(String user, String text) {
        return push(user, text, "{}");
    }

    public Answer push(String user, String text, String options) {
        String id = SharedCluster.fresh("push");
        return await().atMost(HEALED_WITHIN)
                .ignoreExceptions()
                .until(() -> api(0).pushWithId(id, user, text, options), answer -> answer.status() / 100 == 2);
    }

    /** Sends to a topic, at whichever center, until it is taken, as a back end does. */
    public Answer sendToTopic(String topic, String text) {
        String id = SharedCluster.fresh("send");
        AtomicInteger tries = new AtomicInteger();
        return await().atMost(HEALED_WITHIN)
                .ignoreExceptions()
                .until(
                        () -> api(tries.getAndIncrement() % 2).sendToTopic(id, topic, text, "{}"),
                        answer -> answer.status() == 202);
    }

    /** A client on a room that has said hello and is bound; tried until it is. */
    public JsonLink connect(int room, String user) {
        return connect(room, user, 0);
    }

    /** The same, having finished with all up to {@code seq}. */
    public JsonLink connect(int room, String user, long seq) {
        return await().atMost(HEALED_WITHIN)
                .ignoreExceptionsMatching(e -> true)
                .until(
                        () -> {
                            JsonLink link =
                                    JsonLink.open(cluster().rooms().get(room).getPort());
                            boolean welcome = false;
                            try {
                                link.helloAfter(
                                        journaled().id(),
                                        user,
                                        "phone",
                                        journaled().token(user),
                                        seq);
                                link.frames().next("welcome");
                                welcome = true;
                                return link;
                            } finally {
                                if (!welcome) {
                                    link.close(); // else it might be bound later, and replace the next one
                                }
                            }
                        },
                        link -> true);
    }

    private record Started(FaultCluster cluster, Target target, Path data) implements AutoCloseable {

        static Started now() {
            try {
                Path data = Files.createTempDirectory("longline-faults-");
                FaultPlan plan = FaultPlan.in(data)
                        .withSettings(ServiceKind.CENTER, Map.of("center.hand-over-wait", HANDED_OVER_WITHIN))
                        .with(ServiceKind.REGISTER, 2)
                        .with(ServiceKind.SAVER, 2)
                        .with(ServiceKind.CENTER, 2)
                        .with(ServiceKind.ROOM, 2)
                        .withRevival();
                FaultCluster cluster = FaultCluster.start(plan);
                Target target = Target.of(cluster);
                try (Operator operator = new Operator(target.centers(), target.rooms(), DemoProduct.OPERATOR_SECRET)) {
                    List<Tenant> tenants = List.of(
                            operator.create("faults-mysql", true, 64),
                            operator.create("faults-redis", false, 7),
                            operator.createLimited("faults-limited", true, 5, 5));
                    return new Started(cluster, target.with(tenants), data);
                }
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
