package io.longline.coordinator.uplink;

import io.longline.coordinator.CoordinatorConfig;
import io.longline.coordinator.CoordinatorServer;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Callbacks;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.UplinkLimits;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.keeper.rpc.RpcServer;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.BringReply;
import io.longline.rpc.v1.BringRequest;
import io.longline.rpc.v1.DeadLetter;
import io.longline.rpc.v1.DropGroupReply;
import io.longline.rpc.v1.DropGroupRequest;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.ListUplinksReply;
import io.longline.rpc.v1.ListUplinksRequest;
import io.longline.rpc.v1.OutboxGrpc;
import io.longline.rpc.v1.Place;
import io.longline.rpc.v1.PullUplinksReply;
import io.longline.rpc.v1.PullUplinksRequest;
import io.longline.rpc.v1.PulledUplink;
import io.longline.rpc.v1.PutBackReply;
import io.longline.rpc.v1.PutBackRequest;
import io.longline.rpc.v1.SettleUplinksReply;
import io.longline.rpc.v1.SettleUplinksRequest;
import io.longline.rpc.v1.UplinkGroup;
import io.longline.rpc.v1.UplinkGroupsGrpc;
import io.longline.rpc.v1.UplinkType;
import io.longline.rpc.v1.UplinksGrpc;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** Coordinators of a cluster, a product with callbacks, and what a room asks of them. */
final class UplinkWorld implements AutoCloseable {
    static final String SECRET = "0123456789abcdef";
    private static final BatchMethod<BringRequest, BringReply> BRING =
            BatchMethod.of(UplinksGrpc.getBringMethod(), BringRequest.class, BringReply.class);
    private static final BatchMethod<PullUplinksRequest, PullUplinksReply> PULL =
            BatchMethod.of(UplinkGroupsGrpc.getPullUplinksMethod(), PullUplinksRequest.class, PullUplinksReply.class);
    private static final BatchMethod<SettleUplinksRequest, SettleUplinksReply> SETTLE = BatchMethod.of(
            UplinkGroupsGrpc.getSettleUplinksMethod(), SettleUplinksRequest.class, SettleUplinksReply.class);
    private static final BatchMethod<DropGroupRequest, DropGroupReply> DROP =
            BatchMethod.of(UplinkGroupsGrpc.getDropGroupMethod(), DropGroupRequest.class, DropGroupReply.class);
    private static final BatchMethod<ListUplinksRequest, ListUplinksReply> LIST =
            BatchMethod.of(UplinkGroupsGrpc.getListUplinksMethod(), ListUplinksRequest.class, ListUplinksReply.class);
    private static final BatchMethod<PutBackRequest, PutBackReply> PUT_BACK =
            BatchMethod.of(OutboxGrpc.getPutBackMethod(), PutBackRequest.class, PutBackReply.class);

    final String product = "shop-" + UUID.randomUUID().toString().substring(0, 8);
    final LifeCycle life = new LifeCycle();
    private final URI redis;
    private final ZkConfig zookeeper;
    private final ZkSession session;
    private final ZkDiscovery discovery;
    private final ZkProducts products;
    private final Peers coordinators;

    UplinkWorld(URI redis, String zookeeperHosts) {
        this.redis = redis;
        this.zookeeper = new ZkConfig(
                zookeeperHosts, "it-" + UUID.randomUUID().toString().substring(0, 8), Duration.ofSeconds(6));
        this.session = life.add(new ZkSession(zookeeper));
        session.start();
        this.discovery = life.add(new ZkDiscovery(session));
        this.products = life.add(new ZkProducts(session));
        products.start();
        this.coordinators =
                life.add(new Peers("coordinator", discovery, RpcConfig.defaults(), new SimpleMeterRegistry()));
        coordinators.start();
    }

    /** The product, with these callbacks on loopback. */
    void callbacks(UplinkLimits limits, Callback... targets) {
        products.put(Product.create(product, Durability.REDIS)
                .with("uplinks", limits)
                .with("callbacks", new Callbacks(Arrays.asList(targets), List.of("127.0.0.0/8"))));
    }

    static Callback callback(String type, String url, int timeoutMs) {
        return new Callback("uplink." + type, url, SECRET, 4, timeoutMs);
    }

    /** @param settings beside those that make it quick */
    CoordinatorServer coordinator(String instance, Map<String, String> settings) {
        Map<String, String> flags = new HashMap<>(Map.of(
                "instance",
                instance,
                "cluster",
                zookeeper.cluster(),
                "zookeeper.hosts",
                zookeeper.hosts(),
                "redis.uri",
                redis.toString(),
                "coordinator.outbox.first-retry",
                "50ms",
                "coordinator.outbox.most-retry",
                "200ms",
                "coordinator.outbox.look-every",
                "200ms"));
        flags.putAll(settings);
        CoordinatorServer server = life.add(new CoordinatorServer(CoordinatorConfig.read(
                new ConfigReader(ConfigSource.builder().flags(flags).build()))));
        server.start();
        Awaitility.await().until(() -> coordinators.byInstance(instance).isPresent());
        return server;
    }

    /** One more member of the cluster. */
    void serve(String service, String instance, RpcService... services) {
        RpcServer server =
                life.add(new RpcServer(RpcConfig.defaults(), new SimpleMeterRegistry(), Arrays.asList(services)));
        server.start();
        life.add(discovery.announce(new Node(
                service,
                instance,
                1,
                "127.0.0.1:" + server.port(),
                "",
                "",
                List.of(),
                NodeState.READY,
                "",
                100,
                0,
                System.currentTimeMillis())));
    }

    /** As center has it sent again. */
    CompletableFuture<PutBackReply> putBack(DeadLetter letter) {
        PutBackRequest request = PutBackRequest.newBuilder().setLetter(letter).build();
        return coordinators.call(
                Shards.key(product, letter.getUser()), PUT_BACK, request, Deadline.after(Duration.ofSeconds(20)));
    }

    CompletableFuture<BringReply> send(String user, String type, String id) {
        BringRequest request = BringRequest.newBuilder()
                .setEndpoint(
                        Endpoint.newBuilder().setProduct(product).setUser(user).setDevice("phone"))
                .setGeneration(41)
                .setPlace(Place.newBuilder().setRoom("room-1").setIncarnation(7))
                .setType(type)
                .setUplinkId(id)
                .setText("says " + id)
                .build();
        return coordinators.call(Shards.key(product, user), BRING, request, Deadline.after(Duration.ofSeconds(20)));
    }

    private UplinkGroup group(String name) {
        return UplinkGroup.newBuilder()
                .setProduct(product)
                .setType("order")
                .setGroup(name)
                .build();
    }

    /** What a consumer of a group of orders is given. */
    List<PulledUplink> pull(String group, int max, int waitMs, int leaseMs) {
        PullUplinksRequest request = PullUplinksRequest.newBuilder()
                .setGroup(group(group))
                .setConsumer("consumer")
                .setMax(max)
                .setWaitMs(waitMs)
                .setLeaseMs(leaseMs)
                .build();
        return coordinators
                .await(Shards.key(product, group), PULL, request, Deadline.after(Duration.ofSeconds(20)))
                .getUplinksList();
    }

    /** Gives them back, or is done with them. */
    SettleUplinksReply settle(String group, List<PulledUplink> uplinks, boolean requeue) {
        SettleUplinksRequest request = SettleUplinksRequest.newBuilder()
                .setGroup(group(group))
                .addAllLeaseIds(uplinks.stream().map(PulledUplink::getLeaseId).toList())
                .setRequeue(requeue)
                .build();
        return coordinators.await(Shards.key(product, group), SETTLE, request, Deadline.after(Duration.ofSeconds(20)));
    }

    /** Whether the group was there. */
    boolean drop(String group) {
        DropGroupRequest request =
                DropGroupRequest.newBuilder().setGroup(group(group)).build();
        return coordinators
                .await(Shards.key(product, group), DROP, request, Deadline.after(Duration.ofSeconds(20)))
                .getWasThere();
    }

    List<UplinkType> types() {
        ListUplinksRequest request =
                ListUplinksRequest.newBuilder().setProduct(product).setMax(10).build();
        return coordinators
                .await(Shards.key(product), LIST, request, Deadline.after(Duration.ofSeconds(20)))
                .getTypesList();
    }

    /** Again and again until it is taken, as a client does. */
    void sendUntilTaken(String user, String type, String id) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            try {
                return !send(user, type, id).join().hasError();
            } catch (java.util.concurrent.CompletionException e) {
                return false;
            }
        });
    }

    @Override
    public void close() {
        life.close();
    }
}
