package io.longline.center.kit;

import static org.awaitility.Awaitility.await;

import io.longline.center.CenterConfig;
import io.longline.center.CenterServer;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.Announcement;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.live.ZkConfigNode;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ProductSecrets;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.keeper.rpc.RpcServer;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.Endpoint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A cluster of one center and small servers in place of the others, with the products {@code shop} and {@code news}. */
public final class CenterKit implements AutoCloseable {
    public static final String OPERATOR_SECRET = "operators only";
    private static final AtomicInteger clusters = new AtomicInteger();

    private final LifeCycle life = new LifeCycle();
    private final ZkConfig zookeeper;
    private final ZkDiscovery discovery;
    private final ZkProducts products;
    private final FakeSaver saver = new FakeSaver();
    private final FakeQuotas quotas = new FakeQuotas();
    private final FakeStats stats = new FakeStats();
    private final FakeDeadLetters deadLetters = new FakeDeadLetters();
    private final FakeRegister register = new FakeRegister();
    private final FakePresence presence = new FakePresence();
    private final FakeRoom room = new FakeRoom("room-1");
    private final Announcement saverNode;
    private final Announcement registerNode;
    /** Of each server, by its instance. */
    private final Map<String, Announcement> nodes = new ConcurrentHashMap<>();

    /** Before each server, by its instance. */
    private final Map<String, Pipe> pipes = new ConcurrentHashMap<>();

    private final Map<String, String> settings;
    private final InstantSource clock;
    private final CenterServer center;

    /** @param settings of center's configuration, beside what it needs to start */
    public CenterKit(String zookeeperHosts, Map<String, String> settings) {
        this(zookeeperHosts, settings, InstantSource.system());
    }

    /** @param clock of center's process */
    public CenterKit(String zookeeperHosts, Map<String, String> settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        zookeeper = new ZkConfig(zookeeperHosts, "kit-" + clusters.incrementAndGet(), Duration.ofSeconds(6));
        ZkSession session = life.add(new ZkSession(zookeeper));
        session.start();
        discovery = life.add(new ZkDiscovery(session));
        products = life.add(new ZkProducts(session));
        products.start();
        for (String product : List.of("shop", "news", "bank")) {
            Durability durability = product.equals("bank") ? Durability.MYSQL : Durability.REDIS;
            products.create(Product.create(product, durability)
                    .withSecrets(
                            new ProductSecrets(product + "-secret", product + "-client-secret-of-32-bytes-or-more")));
        }
        new ZkConfigNode(session, "center").write(Map.of("operator.secret", OPERATOR_SECRET));
        saverNode = serveSaver("saver-1");
        registerNode = serve("register", "register-1", register.services());
        serve("room", room.instance(), room.services());
        serve("coordinator", "coordinator-1", List.of(presence.service(), deadLetters.outbox()));
        life.add((AutoCloseable) room::goOn);
        center = addCenter("center-1");
    }

    /** One more center; the first is {@link #center}. */
    public CenterServer addCenter(String instance) {
        return life.add(startCenter(instance));
    }

    private CenterServer startCenter(String instance) {
        // What is under test is not how fast this machine is: whoever tests the waits sets them.
        Map<String, String> flags = new LinkedHashMap<>(
                Map.of("center.patience", "15s", "center.hand-over-wait", "15s", "center.settle-wait", "10s"));
        flags.putAll(settings);
        flags.put("instance", instance);
        flags.put("cluster", zookeeper.cluster());
        flags.put("zookeeper.hosts", zookeeper.hosts());
        flags.put("center.port", "0");
        CenterServer server = new CenterServer(
                CenterConfig.read(
                        new ConfigReader(ConfigSource.builder().flags(flags).build())),
                clock);
        server.start();
        return server;
    }

    private Announcement serve(String service, String instance, List<RpcService> services) {
        RpcServer server = life.add(new RpcServer(RpcConfig.defaults(), new SimpleMeterRegistry(), services));
        server.start();
        Pipe pipe = life.add(new Pipe(server.port()));
        pipes.put(instance, pipe);
        Announcement announced = life.add(discovery.announce(new Node(
                service,
                instance,
                FakeRoom.INCARNATION,
                "127.0.0.1:" + pipe.port(),
                "",
                "",
                List.of(),
                NodeState.READY,
                "",
                100,
                0,
                System.currentTimeMillis())));
        nodes.put(instance, announced);
        return announced;
    }

    /** A coordinator, which the first center reaches when this returns. */
    public FakeCoordinator addCoordinator() {
        FakeCoordinator coordinator = new FakeCoordinator();
        serve("coordinator", "coordinator-1", List.of(coordinator.service()));
        await().until(() -> api().get("/v1/uplinks").status() == 200);
        return coordinator;
    }

    /** It is a member no more. */
    public void withdraw(String instance) {
        Objects.requireNonNull(nodes.get(instance)).close();
    }

    private Announcement serveSaver(String instance) {
        return serve(
                "saver",
                instance,
                Stream.concat(
                                saver.services().stream(),
                                Stream.of(quotas.service(), stats.service(), deadLetters.service()))
                        .toList());
    }

    /** One more way to the same store, which the first center goes where the other breaks. */
    public void addSaver(String instance) {
        serveSaver(instance);
        await().until(() -> {
            saver.storeUnheard(1);
            return api().send("{\"target\":{\"user\":\"probe-of-" + instance + "\"},\"payload\":\"x\"}")
                            .status()
                    == 202;
        });
        saver.storeUnheard(0);
    }

    /** One more room, which the first center reaches; the first is {@link #room}. */
    public FakeRoom addRoom(String instance) {
        FakeRoom added = new FakeRoom(instance);
        serve("room", instance, added.services());
        life.add((AutoCloseable) added::goOn);
        register.connect(endpoint("probe-of-" + instance, "phone"), added, 1);
        String probe =
                "{\"target\":{\"user\":\"probe-of-" + instance + "\"},\"payload\":\"x\",\"options\":{\"qos\":0}}";
        await().until(() -> api().send(probe).text("/status").equals("written"));
        added.handed().clear();
        return added;
    }

    /** What stands before {@code saver-1}, {@code register-1}, {@code room-1}, ... */
    public Pipe pipe(String instance) {
        return Objects.requireNonNull(pipes.get(instance));
    }

    /** What another process of the cluster knows of the members. */
    public Peers peers(String service) {
        Peers peers = life.add(new Peers(service, discovery, RpcConfig.defaults(), new SimpleMeterRegistry()));
        peers.start();
        return peers;
    }

    /** What a center has its operators told. */
    public List<String> warnings(String instance) {
        return discovery.nodes("center").stream()
                .filter(node -> node.instance().equals(instance))
                .flatMap(node -> node.warnings().stream())
                .toList();
    }

    public void withdrawSaver() {
        saverNode.close();
    }

    public void withdrawRegister() {
        registerNode.close();
    }

    public FakeSaver saver() {
        return saver;
    }

    /** Saver's, too. */
    public FakeQuotas quotas() {
        return quotas;
    }

    /** Likewise. */
    public FakeStats stats() {
        return stats;
    }

    /** Likewise, and what the coordinator does with them. */
    public FakeDeadLetters deadLetters() {
        return deadLetters;
    }

    public FakeRegister register() {
        return register;
    }

    public FakePresence presence() {
        return presence;
    }

    public FakeRoom room() {
        return room;
    }

    public ZkProducts products() {
        return products;
    }

    public CenterServer center() {
        return center;
    }

    /** A client with the secret of {@code shop}. */
    public Api api() {
        return api("shop");
    }

    public Api api(String product) {
        return api(center, product);
    }

    /** At another center than the first. */
    public Api api(CenterServer other, String product) {
        return new Api(other.httpPort(), product, product + "-secret");
    }

    public Api operator() {
        return new Api(center.httpPort(), "admin", OPERATOR_SECRET);
    }

    public static Endpoint endpoint(String user, String device) {
        return endpoint("shop", user, device);
    }

    public static Endpoint endpoint(String product, String user, String device) {
        return Endpoint.newBuilder()
                .setProduct(product)
                .setUser(user)
                .setDevice(device)
                .build();
    }

    @Override
    public void close() {
        life.close();
    }
}
