package io.longline.deploy.faults;

import io.longline.deploy.cluster.DataFolder;
import io.longline.deploy.cluster.DemoProduct;
import io.longline.deploy.cluster.Readiness;
import io.longline.deploy.service.Child;
import io.longline.deploy.service.ChildOutput;
import io.longline.deploy.service.Guard;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster whose every service and store is a process of its own, to be killed, stopped, cut off and brought back. {@link
 * #start} returns when a push would be answered. All processes end with it, also if this one is killed. Safe for use by
 * many threads.
 */
public final class FaultCluster implements AutoCloseable {
    /** Its name in ZooKeeper. */
    public static final String NAME = "faults";

    private final FaultPlan plan;
    private final LifeCycle life = new LifeCycle();
    private final Path logs;
    private final Guard guard;
    private final Prometheus prometheus;
    private final FaultStores stores;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<String, ServicePlan> services = new LinkedHashMap<>();
    private final List<Child> children = new ArrayList<>();

    private FaultCluster(FaultPlan plan) {
        this.plan = plan;
        Path data = life.add(DataFolder.take(plan.data())).path();
        this.logs = data.resolve("logs");
        this.guard = life.add(Guard.start());
        this.prometheus = life.add(new Prometheus());
        this.stores = new FaultStores(plan, guard);
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
        stores.start();
        stores.parts().forEach(part -> parts.put(part.name(), part));
        writeDemoProduct();
        life.add(this::closeServices);
        OwnProcesses host = new OwnProcesses(new ChildOutput.Folder(logs), plan.revive(), guard, plan.javaFlags());
        for (ServiceKind kind : ServiceKind.values()) {
            for (int index = 1; index <= plan.count(kind); index++) {
                start(host, kind, kind.word() + "-" + index);
            }
        }
        awaitReady();
    }

    private void start(OwnProcesses host, ServiceKind kind, String name) {
        ServicePlan service = OwnProcesses.fixed(new ServicePlan(kind, name, 0, 0, settings(kind)));
        Child child = host.startChild(service);
        children.add(child);
        services.put(name, service);
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

    private Map<String, String> settings(ServiceKind kind) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("cluster", NAME);
        settings.put("zookeeper.hosts", stores.zookeeperHosts());
        settings.put("redis.uri", stores.redisUri());
        settings.put("mysql.url", stores.mysqlUrl());
        settings.put("advertise.host", "127.0.0.1");
        settings.putAll(plan.settings(kind));
        return settings;
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
        try (Readiness readiness = new Readiness(() -> {})) {
            services.values().forEach(service -> readiness.await(service.instance(), service.admin()));
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
        return List.copyOf(parts.values());
    }

    public List<Part> parts(PartKind kind) {
        return parts.values().stream().filter(part -> part.kind() == kind).toList();
    }

    /** By its name: {@code room-1}, {@code redis}. */
    public Part part(String name) {
        Part part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException("there is no part " + name + "; there are " + parts.keySet());
        }
        return part;
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
                .filter(service -> service.kind() == kind)
                .map(ServicePlan::port)
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
