package io.longline.deploy.faults;

import io.longline.deploy.cluster.DataFolder;
import io.longline.deploy.cluster.DemoProduct;
import io.longline.deploy.cluster.Readiness;
import io.longline.deploy.proxy.Network;
import io.longline.deploy.proxy.Rule;
import io.longline.deploy.service.Child;
import io.longline.deploy.service.ChildOutput;
import io.longline.deploy.service.Guard;
import io.longline.deploy.service.LeftServices;
import io.longline.deploy.service.OwnProcesses;
import io.longline.deploy.service.ServiceKind;
import io.longline.deploy.service.ServicePlan;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.life.LifeCycle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster whose every service and store is a process of its own, to be killed, stopped, cut off and brought back. {@link
 * #start} returns when a push would be answered. All processes end with it, also if this one is killed. Safe for use by
 * many threads.
 */
public final class FaultCluster implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(1);

    /** Its name in ZooKeeper. */
    public static final String NAME = "faults";

    private final FaultPlan plan;
    private final LifeCycle life = new LifeCycle();
    private final Path data;
    private final Path logs;
    private final Guard guard;
    private final Prometheus prometheus;
    private final Network network;
    private final Entrances entrances;
    private final FaultStores stores;
    private final Map<String, Part> parts = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final List<Child> children = new ArrayList<>();

    /**
     * A service.
     *
     * @param port for clients and back ends, behind its proxy
     */
    private record Service(ServicePlan plan, int port) {}

    private FaultCluster(FaultPlan plan) {
        this.plan = plan;
        this.data = life.add(DataFolder.take(plan.data())).path();
        this.logs = data.resolve("logs");
        this.guard = life.add(Guard.start());
        this.prometheus = life.add(new Prometheus());
        this.network = life.add(new Network(this::pids));
        this.entrances = new Entrances(network, plan.proxies());
        this.stores = new FaultStores(plan, guard, network);
        life.add(stores::close);
    }

    /** Throws, and leaves no process, if it does not come to that. */
    public static FaultCluster start(FaultPlan plan) {
        FaultCluster cluster = new FaultCluster(plan);
        try {
            cluster.start();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void start() {
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder " + logs, e);
        }
        new LeftServices(data, line -> {}).awaitEnd();
        stores.start();
        stores.parts().forEach(part -> parts.put(part.name(), part));
        writeDemoProduct();
        life.add(this::closeServices);
        OwnProcesses host =
                new OwnProcesses(data, new ChildOutput.Folder(logs), plan.revive(), guard, plan.javaFlags());
        Map<String, String> addresses = stores.settings(entrances::of);
        for (ServiceKind kind : ServiceKind.values()) {
            for (int index = 1; index <= plan.count(kind); index++) {
                start(host, kind, kind.word() + "-" + index, addresses);
            }
        }
        awaitReady();
    }

    private void start(OwnProcesses host, ServiceKind kind, String name, Map<String, String> addresses) {
        Map<String, String> settings = new LinkedHashMap<>(addresses);
        settings.put("cluster", NAME);
        settings.put("advertise.host", "127.0.0.1");
        ServicePlan wished = OwnProcesses.fixed(new ServicePlan(kind, name, 0, 0, settings));
        int port = entrances.advertise(wished, settings);
        settings.putAll(plan.settings(kind));
        ServicePlan service = new ServicePlan(kind, name, wished.port(), wished.admin(), settings);
        Child child = host.startChild(service);
        children.add(child);
        services.put(name, new Service(service, port));
        parts.put(
                name,
                new ProcessPart(
                        name,
                        PartKind.of(kind),
                        child,
                        () -> prometheus.isReady(service.admin()),
                        () -> prometheus.metrics(service.admin()),
                        logs.resolve(name + ".log")));
    }

    private Map<String, Long> pids() {
        Map<String, Long> pids = new HashMap<>();
        parts().forEach(part -> pids.put(part.name(), part.pid()));
        return pids;
    }

    private void writeDemoProduct() {
        Map<String, String> keys = Map.of("cluster", NAME, "zookeeper.hosts", stores.zookeeperHosts());
        ConfigReader reader =
                new ConfigReader(ConfigSource.builder().flags(keys).build());
        try (ZkSession session = new ZkSession(ZkConfig.read(reader))) {
            session.start();
            DemoProduct.writeTo(session);
        }
    }

    /** Returns when every service says that it is ready; throws a ClusterException if one does not within a minute. */
    public void awaitReady() {
        try (Readiness readiness = new Readiness(READY_WITHIN, () -> {})) {
            services.values().forEach(service -> readiness.await(service.plan.instance(), service.plan.admin()));
            if (plan.count(ServiceKind.DISPATCHER) > 0) {
                readiness.awaitDispatch(dispatcher(), plan.count(ServiceKind.ROOM));
            }
        }
    }

    public FaultPlan plan() {
        return plan;
    }

    /** Stores first, then services in the order of {@link ServiceKind}. */
    public List<Part> parts() {
        synchronized (parts) {
            return List.copyOf(parts.values());
        }
    }

    public List<Part> parts(PartKind kind) {
        return parts().stream().filter(part -> part.kind() == kind).toList();
    }

    /** By its name: {@code room-1}, {@code redis}. */
    public Part part(String name) {
        Part part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException("there is no part " + name + "; there are " + parts.keySet());
        }
        return part;
    }

    /**
     * A fault to be set between two parts, for both directions. Cuts that are asked for twice are two.
     *
     * @param from a part's name, {@link Cut#OUTSIDE} or {@link Cut#ALL}; likewise the other
     */
    public Cut cut(String from, String to) {
        return cut(new Rule(named(from), named(to), true));
    }

    /** Likewise for what the first says to the second alone. A new connection needs both directions. */
    public Cut cutOneWay(String from, String to) {
        return cut(new Rule(named(from), named(to), false));
    }

    private Cut cut(Rule rule) {
        if (!plan.proxies()) {
            throw new IllegalStateException("this cluster was started without proxies: nothing can be cut");
        }
        return new NetworkCut(network, rule);
    }

    private String named(String name) {
        return name.equals(Cut.ALL) || name.equals(Cut.OUTSIDE)
                ? name
                : part(name).name();
    }

    /** Ends every cut, and what slows MySQL. */
    public void healAll() {
        network.healAll();
    }

    public FaultStores stores() {
        return stores;
    }

    /** {@code http://127.0.0.1:PORT} of each center, for back ends. */
    public List<URI> centers() {
        return ports(ServiceKind.CENTER).stream().map(FaultCluster::http).toList();
    }

    /** {@code http://127.0.0.1:PORT} of the first dispatcher. */
    public URI dispatcher() {
        return http(ports(ServiceKind.DISPATCHER).getFirst());
    }

    /** Where clients reach each room. */
    public List<InetSocketAddress> rooms() {
        return ports(ServiceKind.ROOM).stream()
                .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .toList();
    }

    private List<Integer> ports(ServiceKind kind) {
        return services.values().stream()
                .filter(service -> service.plan.kind() == kind)
                .map(Service::port)
                .toList();
    }

    private static URI http(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private void closeServices() {
        children.forEach(Child::closeForcibly);
    }

    /** Kills every process; what the stores had flushed and the logs stay in the data folder. */
    @Override
    public void close() {
        life.close();
    }
}
