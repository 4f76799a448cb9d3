package io.longline.keeper.life;

import io.longline.keeper.admin.AdminServer;
import io.longline.keeper.admin.Health;
import io.longline.keeper.discovery.Announcement;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.metrics.Metrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands around the parts of every service: its metrics, its connection to ZooKeeper, the members it knows there, the admin port,
 * and the announcement of itself. {@link #start} is the order that all services have in common: ZooKeeper first, then the service's own
 * parts, the admin port, and last the announcement. What is open is closed in reverse, also where something fails to open.
 */
public final class ServiceFrame implements AutoCloseable {
    private static final int WEIGHT = 100;
    /** An incarnation is the time of its start, with room for a thousand that one process takes within a millisecond. */
    private static final int INCARNATIONS_A_MS = 1024;

    private final String service;
    private final ServiceConfig config;
    private final InstantSource clock;
    private final PrometheusMeterRegistry registry;
    private final Health health = new Health();
    private final LifeCycle life = new LifeCycle();
    private final ZkSession zookeeper;
    private final ZkDiscovery discovery;
    private final AdminServer admin;
    private @Nullable Announcement announcement;
    private @Nullable Node announced;
    private List<String> warnings = List.of();

    public ServiceFrame(String service, ServiceConfig config, InstantSource clock) {
        this.service = service;
        this.config = config;
        this.clock = clock;
        this.registry = Metrics.registry(service, config.instance());
        this.zookeeper = new ZkSession(config.zookeeper());
        this.discovery = new ZkDiscovery(zookeeper);
        this.admin = new AdminServer(config.admin(), registry, health);
    }

    /**
     * Opens everything, or nothing.
     *
     * @param open opens the service's own parts, each handed to {@link #add}
     * @param node what is announced when all of them are open
     */
    public void start(Runnable open, Supplier<Node> node) {
        try {
            life.add(zookeeper).start();
            life.add(discovery);
            open.run();
            life.add(admin).start();
            announce(node.get());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Nobody who warns waits for ZooKeeper. */
    private void announce(Node node) {
        Node first = warned(node);
        Announcement made = life.add(discovery.announce(first));
        synchronized (this) {
            announcement = made;
            announced = first;
            warn(warnings);
        }
    }

    private synchronized Node warned(Node node) {
        return node.withWarnings(warnings);
    }

    /** What operators see beside this process in {@code status} from now on. Does not wait. */
    public synchronized void warn(List<String> told) {
        warnings = List.copyOf(told);
        Announcement present = announcement;
        Node node = announced;
        if (present != null && node != null && !node.warnings().equals(warnings)) {
            announced = node.withWarnings(warnings);
            present.update(announced);
        }
    }

    /** The part itself, which is from now on closed with the others, before those that were added earlier. */
    public <T extends AutoCloseable> T add(T part) {
        return life.add(part);
    }

    /** This start of this process, ready. The admin port is open by the time it is announced. */
    public Node node(String rpc, String http) {
        return new Node(
                service,
                config.instance(),
                clock.millis() * INCARNATIONS_A_MS,
                rpc,
                http,
                config.address(admin.port()),
                List.of(),
                NodeState.READY,
                "",
                WEIGHT,
                0,
                clock.millis());
    }

    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** What the admin port calls ready; the service adds its own. */
    public Health health() {
        return health;
    }

    public ZkSession zookeeper() {
        return zookeeper;
    }

    public ZkDiscovery discovery() {
        return discovery;
    }

    public int adminPort() {
        return admin.port();
    }

    @Override
    public void close() {
        life.close();
    }
}
