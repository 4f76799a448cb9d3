package io.longline.deploy.cluster;

import io.longline.deploy.service.LeftServices;
import io.longline.deploy.service.RunningService;
import io.longline.deploy.service.ServiceHost;
import io.longline.deploy.service.ServiceKind;
import io.longline.deploy.service.ServicePlan;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.life.LifeCycle;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A whole cluster on this machine. {@link #start} reads as the order in which it comes up; {@link #close} is the reverse,
 * leaves no process behind, and gives no part more than 15 s.
 */
public final class LocalCluster implements AutoCloseable {
    /** A part starts in seconds; on a machine with much else to do it takes far longer, and nobody gains by giving it up. */
    private static final Duration READY_WITHIN = Duration.ofMinutes(3);

    private static final List<Set<ServiceKind>> CLOSING_ORDER = List.of(
            Set.of(ServiceKind.DISPATCHER, ServiceKind.CENTER, ServiceKind.COORDINATOR),
            Set.of(ServiceKind.ROOM),
            Set.of(ServiceKind.REGISTER),
            Set.of(ServiceKind.SAVER));

    private final ClusterOptions options;
    private final ServiceHost host;
    private final Consumer<String> progress;
    private final ClusterStores stores;
    private final DataFolder folder;
    private final LifeCycle life = new LifeCycle();
    private final Map<String, RunningService> running = new LinkedHashMap<>();
    private volatile boolean closing;

    /**
     * Takes the data folder: throws {@link ClusterException} if another cluster has it.
     *
     * @param host where the services run
     * @param progress told in a sentence what is being done when it takes long
     */
    public LocalCluster(ClusterOptions options, ServiceHost host, Consumer<String> progress) {
        this.options = options;
        this.host = host;
        this.progress = progress;
        this.folder = life.add(DataFolder.take(options.data()));
        this.stores = new ClusterStores(folder.path(), options.stores(), progress);
    }

    /** Returns when a push would be answered; throws {@link ClusterException} if it does not come to that. */
    public synchronized void start() {
        ClusterPlan plan = new ClusterPlan(options);
        new LeftServices(folder.path(), progress).awaitEnd();
        plan.requireFreePorts();
        life.add(stores).start(options.fresh());
        proceed();
        writeDemoProduct();
        life.add(this::closeServices);
        for (ServicePlan service : plan.inStartOrder(stores)) {
            proceed();
            start(service);
        }
        try (Readiness readiness = new Readiness(READY_WITHIN, this::proceed)) {
            running.values().forEach(readiness::await);
            readiness.awaitDispatch(dispatcher(), options.rooms());
        }
        RunningCluster found = RunningCluster.ofThisProcess(options.name(), stores.zookeeperHosts());
        found.write();
        life.add(found::remove);
    }

    private void writeDemoProduct() {
        Map<String, String> keys = Map.of("cluster", options.name(), "zookeeper.hosts", stores.zookeeperHosts());
        ConfigReader reader =
                new ConfigReader(ConfigSource.builder().flags(keys).build());
        try (ZkSession session = new ZkSession(ZkConfig.read(reader))) {
            session.start();
            DemoProduct.writeTo(session);
        }
    }

    private void start(ServicePlan plan) {
        RunningService service = host.start(plan);
        running.put(service.instance(), service);
    }

    /** Whoever brings clients first; those who stop together wait for nobody but for who comes after them. */
    private void closeServices() {
        for (Set<ServiceKind> together : CLOSING_ORDER) {
            List<Thread> closing = running.values().stream()
                    .filter(service -> together.contains(service.plan().kind()))
                    .map(service -> new BoundedClose(service.instance(), service.handle(), progress))
                    .map(close -> Thread.ofVirtual().start(close::close))
                    .toList();
            closing.forEach(LocalCluster::join);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the start when the cluster is being closed meanwhile. */
    private void proceed() {
        if (closing) {
            throw new ClusterException("stopped while it was starting");
        }
    }

    /** Waits for a {@link #start} that is under way to notice. */
    @Override
    public void close() {
        closing = true;
        synchronized (this) {
            life.close();
        }
    }

    /** Stops one instance in an orderly way; the others stay. */
    public synchronized void stop(String instance) {
        new BoundedClose(instance, service(instance).handle(), progress).close();
    }

    /** Starts an instance that was stopped, on the ports it had, and returns when it is ready. */
    public synchronized void restart(String instance) {
        RunningService before = service(instance);
        ServicePlan plan = before.plan();
        start(new ServicePlan(plan.kind(), plan.instance(), before.port(), before.admin(), plan.settings()));
        try (Readiness readiness = new Readiness(READY_WITHIN, this::proceed)) {
            readiness.await(service(instance));
        }
    }

    /** An instance by its name: {@code room-1}. */
    public RunningService service(String instance) {
        RunningService service = running.get(instance);
        if (service == null) {
            throw new ClusterException("there is no instance " + instance + "; there are " + running.keySet());
        }
        return service;
    }

    /** In the order of their admin ports. */
    public List<RunningService> services() {
        return running.values().stream()
                .sorted(Comparator.comparing(
                                (RunningService service) -> service.plan().kind())
                        .thenComparing(RunningService::instance))
                .toList();
    }

    public List<RunningService> services(ServiceKind kind) {
        return services().stream()
                .filter(service -> service.plan().kind() == kind)
                .toList();
    }

    public ClusterStores stores() {
        return stores;
    }

    /** {@code http://127.0.0.1:7000}. */
    public URI dispatcher() {
        return http(services(ServiceKind.DISPATCHER).getFirst().port());
    }

    /**
     * {@code http://127.0.0.1:7200}.
     *
     * @param index from 0
     */
    public URI center(int index) {
        return http(services(ServiceKind.CENTER).get(index).port());
    }

    /**
     * The port of a room, for clients.
     *
     * @param index from 0
     */
    public int room(int index) {
        return services(ServiceKind.ROOM).get(index).port();
    }

    public ClusterOptions options() {
        return options;
    }

    private static URI http(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }
}
