package io.longline.bench.rig;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bench.crowd.CrowdSetup;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.crowd.Wire;
import io.longline.bench.measure.Stops;
import io.longline.bench.report.Table;
import io.longline.deploy.check.client.Operator;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.check.run.Target;
import io.longline.deploy.cluster.DemoProduct;
import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.faults.FaultPlan;
import io.longline.deploy.faults.Part;
import io.longline.deploy.faults.PartKind;
import io.longline.deploy.service.ServiceKind;
import io.longline.keeper.http.Json;
import io.longline.keeper.life.LifeCycle;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A cluster to be measured, each service and store a process of its own, and what crowds and senders need of it. */
public final class Rig implements AutoCloseable {
    public static final List<String> USUAL_JAVA = List.of("-Xmx2g");

    private static final int WINDOW = 64;
    private static final int NO_LIMIT = 0;

    private final LifeCycle life = new LifeCycle();
    private final FaultCluster cluster;
    private final Path folder;
    private final RoomsClient rooms;
    private int products;

    /**
     * Starts one; stores and logs are in the folder.
     *
     * @param java flags of all services
     */
    public Rig(Path folder, int rooms, int coordinators, List<String> java) {
        this(
                FaultCluster.start(FaultPlan.in(folder.resolve("cluster"))
                        .withoutProxies()
                        .withJavaFlags(joined(java, Stops.flag(folder)))
                        .with(ServiceKind.ROOM, rooms)
                        .with(ServiceKind.COORDINATOR, coordinators)),
                folder);
    }

    /** One to be broken: two of each service that holds sessions or tells of them, and what dies is started again. */
    public static Rig inPairs(Path folder, List<String> java) {
        return new Rig(
                FaultCluster.start(FaultPlan.in(folder.resolve("cluster"))
                        .withoutProxies()
                        .withRevival()
                        .withJavaFlags(joined(java, Stops.flag(folder)))
                        .with(ServiceKind.REGISTER, 2)
                        .with(ServiceKind.COORDINATOR, 2)
                        .with(ServiceKind.ROOM, 2)),
                folder);
    }

    private static List<String> joined(List<String> flags, String more) {
        List<String> all = new ArrayList<>(flags);
        all.add(more);
        return all;
    }

    private Rig(FaultCluster cluster, Path folder) {
        this.cluster = life.add(cluster);
        this.folder = folder;
        this.rooms = life.add(new RoomsClient(cluster));
    }

    public FaultCluster cluster() {
        return cluster;
    }

    /** Where back ends send to. */
    public URI center() {
        return cluster.centers().getFirst();
    }

    public Path folder() {
        return folder;
    }

    public RoomsClient rooms() {
        return rooms;
    }

    /** A fresh product. */
    public Tenant product(boolean journaled) {
        try (Operator operator = operator()) {
            return operator.create("bench-" + ++products, journaled, WINDOW);
        }
    }

    /** Likewise, with durability {@code redis}, that may send so many messages a second. */
    public Tenant limitedProduct(int perSecond) {
        try (Operator operator = operator()) {
            return operator.createLimited("bench-" + ++products, false, perSecond, NO_LIMIT);
        }
    }

    private Operator operator() {
        Target target = Target.of(cluster);
        return new Operator(target.centers(), target.rooms(), DemoProduct.OPERATOR_SECRET);
    }

    /** For how long rooms gather what goes to a client of a product into one frame, from a moment later on; 0: not at all. */
    public void merge(Tenant tenant, int windowMs) {
        ObjectNode settings = Json.object();
        settings.putObject("merge").put("window_ms", windowMs);
        change(tenant, settings);
    }

    /** Settings of a product, as {@code PATCH} takes them; services take them within a moment. */
    public void change(Tenant tenant, ObjectNode settings) {
        try (Operator operator = operator()) {
            operator.change(tenant, settings);
        }
    }

    /** A product whose back end on this machine is told of these kinds of events; its clients may send as much as they like. */
    public Tenant productWithCallbacks(boolean journaled, String url, List<String> kinds) {
        Tenant tenant = product(journaled);
        ObjectNode settings = Json.object();
        settings.putObject("uplinks").put("session_per_minute", 0).put("rate_per_s", 0);
        settings.putObject("callbacks").putArray("networks").add("127.0.0.0/8");
        ObjectNode callbacks = Json.object();
        ArrayNode list = callbacks.putArray("callbacks");
        kinds.forEach(kind -> list.addObject().put("kind", kind).put("url", url).put("secret", "of-the-bench-alone"));
        try (Operator operator = operator();
                ApiClient api = new ApiClient(center(), tenant)) {
            operator.change(tenant, settings);
            var _ = api.put("/v1/callbacks", Json.bytes(callbacks));
        }
        return tenant;
    }

    /** Clients of a product, not connected yet, that know all rooms. */
    public Crowds crowd(Wire wire, Tenant tenant, int most) {
        return crowd(wire, tenant, most, cluster.rooms());
    }

    /** Likewise, that know these. */
    public Crowds crowd(Wire wire, Tenant tenant, int most, List<InetSocketAddress> known) {
        return Crowds.start(new CrowdSetup(wire, known, tenant.product(), tenant.clientSecret(), ""), most, folder);
    }

    /** Likewise, that know all rooms and follow a topic, which begins with {@code open-}, from when they are bound. */
    public Crowds followers(Tenant tenant, String topic, int most) {
        return Crowds.start(
                new CrowdSetup(Wire.NATIVE, cluster.rooms(), tenant.product(), tenant.clientSecret(), topic),
                most,
                folder);
    }

    /** Of services and stores, by name. */
    public Map<String, Long> pids() {
        Map<String, Long> pids = new LinkedHashMap<>();
        cluster.parts().forEach(part -> pids.put(part.name(), part.pid()));
        return pids;
    }

    /** All of it, with clients and this process, which sends. */
    public Map<String, Long> pids(Crowds crowd) {
        Map<String, Long> pids = pids();
        pids.putAll(crowd.pids());
        pids.put("sender", ProcessHandle.current().pid());
        return pids;
    }

    /** Whether a process belongs to the cluster, and not to the crowd or the sender. */
    public boolean isServer(String name) {
        return cluster.parts().stream().anyMatch(part -> part.name().equals(name));
    }

    /** For how long the rooms that are alive stood still for their JVM. */
    public Table stops() {
        Table table = Table.of("Stops of the JVM", "room", "stops", "longest ms", "sum ms", "longest for");
        cluster.parts(PartKind.ROOM).stream().filter(Part::isRunning).forEach(room -> {
            Stops stops = Stops.of(folder, room.pid());
            table.add(room.name(), stops.count(), stops.longestMs(), stops.sumMs(), stops.longestFor());
        });
        return table;
    }

    public long roomPid(int index) {
        return cluster.parts(PartKind.ROOM).get(index).pid();
    }

    @Override
    public void close() {
        life.close();
    }
}
