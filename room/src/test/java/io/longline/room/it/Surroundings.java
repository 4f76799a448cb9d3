package io.longline.room.it;

import static java.util.Objects.requireNonNull;

import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Heartbeats;
import io.longline.keeper.product.MergeWindows;
import io.longline.keeper.product.PresenceRules;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ProductSecrets;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.keeper.rpc.RpcServer;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.keeper.token.ClientTokens;
import io.longline.keeper.token.TokenRequest;
import io.longline.rpc.v1.BroadcastReply;
import io.longline.rpc.v1.BroadcastRequest;
import io.longline.rpc.v1.DeliveryGrpc;
import io.longline.rpc.v1.EndReply;
import io.longline.rpc.v1.EndRequest;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.FanoutGrpc;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.HandOverResult;
import io.longline.rpc.v1.InspectReply;
import io.longline.rpc.v1.InspectRequest;
import io.longline.rpc.v1.MendReply;
import io.longline.rpc.v1.MendRequest;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.Place;
import io.longline.rpc.v1.ReachReply;
import io.longline.rpc.v1.ReachRequest;
import io.longline.rpc.v1.RefillRequest;
import io.longline.rpc.v1.RefillRow;
import io.longline.rpc.v1.RefollowReply;
import io.longline.rpc.v1.RefollowRequest;
import io.longline.rpc.v1.Route;
import io.longline.rpc.v1.SessionAuditGrpc;
import io.longline.rpc.v1.SessionsGrpc;
import io.longline.rpc.v1.SurveyReply;
import io.longline.rpc.v1.SurveyRequest;
import io.longline.stores.EmbeddedZooKeeper;
import io.longline.v1.Bind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * All that a room needs and whom it speaks with. Product {@code demo} has a window of 4, heartbeats from 1 s, and topics {@code open-*} that are
 * open to its clients; those with {@code m20} or {@code m1000} in their name have merge windows; its clients may ask who is online. {@code other} has
 * the defaults.
 */
abstract class Surroundings implements AutoCloseable {
    static final BatchMethod<HandOverRequest, HandOverReply> HAND_OVER =
            BatchMethod.of(DeliveryGrpc.getHandOverMethod(), HandOverRequest.class, HandOverReply.class);
    static final BatchMethod<EndRequest, EndReply> END =
            BatchMethod.of(SessionsGrpc.getEndMethod(), EndRequest.class, EndReply.class);
    static final BatchMethod<ReachRequest, ReachReply> REACH =
            BatchMethod.of(FanoutGrpc.getReachMethod(), ReachRequest.class, ReachReply.class);
    static final BatchMethod<BroadcastRequest, BroadcastReply> BROADCAST =
            BatchMethod.of(FanoutGrpc.getBroadcastMethod(), BroadcastRequest.class, BroadcastReply.class);
    static final BatchMethod<RefollowRequest, RefollowReply> REFOLLOW =
            BatchMethod.of(SessionsGrpc.getRefollowMethod(), RefollowRequest.class, RefollowReply.class);

    private static final BatchMethod<SurveyRequest, SurveyReply> SURVEY =
            BatchMethod.of(SessionAuditGrpc.getSurveyMethod(), SurveyRequest.class, SurveyReply.class);
    private static final BatchMethod<InspectRequest, InspectReply> INSPECT =
            BatchMethod.of(SessionAuditGrpc.getInspectMethod(), InspectRequest.class, InspectReply.class);
    private static final BatchMethod<MendRequest, MendReply> MEND =
            BatchMethod.of(SessionAuditGrpc.getMendMethod(), MendRequest.class, MendReply.class);

    /** Of calls to the room: a test that wants it shorter says so. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final MapRegister register = new MapRegister();
    final MapSaver saver = new MapSaver();
    final MapTopics topics = new MapTopics();
    final String cluster = "t" + UUID.randomUUID().toString().substring(0, 8);
    final ZkSession zookeeper;
    final LifeCycle parts = new LifeCycle();
    private final Map<String, LifeCycle> services = new HashMap<>();
    private final ZkDiscovery discovery;
    private final Peers rooms;
    private final Product demo = product("demo", 4, new Heartbeats(240, 1, 600))
            .with("open_topics", List.of("open-*"))
            .with("presence", new PresenceRules(true, false, 0))
            .with("merge", new MergeWindows(0, Map.of("*m20*", 20, "*m1000*", 1_000)));
    private final ZkProducts products;
    private final Product other = product("other", 64, Heartbeats.DEFAULT);
    private int messages;

    Surroundings(EmbeddedZooKeeper store) {
        zookeeper = parts.add(new ZkSession(new ZkConfig(store.uri(), cluster, Duration.ofSeconds(6))));
        zookeeper.start();
        discovery = parts.add(new ZkDiscovery(zookeeper));
        products = parts.add(new ZkProducts(zookeeper));
        products.start();
        products.create(demo);
        products.create(other);
        serve("register", register.service());
        serve("saver", saver.service(), topics.service());
        rooms = parts.add(new Peers("room", discovery, RpcConfig.defaults(), new SimpleMeterRegistry()));
        rooms.start();
    }

    /** The room's name. */
    abstract String instance();

    /** Where clients connect. */
    abstract int linkPort();

    final void awaitRoom() {
        Awaitility.await().until(() -> rooms.byInstance(instance()).isPresent());
    }

    private static Product product(String id, int window, Heartbeats heartbeats) {
        return Product.create(id, Durability.MYSQL)
                .withSecrets(ProductSecrets.fresh())
                .withHeartbeat(heartbeats)
                .with("window", window);
    }

    /** Changes the merge windows of product {@code demo}, of which the room hears within a moment; answers those before. */
    MergeWindows merge(UnaryOperator<MergeWindows> change) {
        AtomicReference<MergeWindows> before = new AtomicReference<>(MergeWindows.NONE);
        Product _ = products.change("demo", product -> {
            before.set(product.merge());
            return product.with("merge", change.apply(product.merge()));
        });
        return requireNonNull(before.get());
    }

    /** Makes a service reachable. */
    void serve(String service, RpcService... rpc) {
        LifeCycle server = parts.add(new LifeCycle());
        RpcServer rpcServer = server.add(new RpcServer(RpcConfig.defaults(), new SimpleMeterRegistry(), List.of(rpc)));
        rpcServer.start();
        server.add(discovery.announce(new Node(
                service,
                service + "-1",
                System.currentTimeMillis(),
                "127.0.0.1:" + rpcServer.port(),
                "",
                "",
                List.of(),
                NodeState.READY,
                "",
                100,
                0,
                0)));
        services.put(service, server);
    }

    /** Stops a service. */
    void withdraw(String service) {
        requireNonNull(services.remove(service)).close();
    }

    NativeClient connect() throws Exception {
        return NativeClient.connect(linkPort());
    }

    static Endpoint endpoint(String user) {
        return endpoint("demo", user, "default");
    }

    static Endpoint endpoint(String product, String user, String device) {
        return Endpoint.newBuilder()
                .setProduct(product)
                .setUser(user)
                .setDevice(device)
                .build();
    }

    String token(String product, String user, @Nullable String device) {
        return ClientTokens.issue(
                product.equals("demo") ? demo : other,
                new TokenRequest(user, device, List.of(), Duration.ofHours(1)),
                Instant.now());
    }

    /** A bind whose token lets the client follow what these patterns say. */
    Bind following(int ref, String user, String... patterns) {
        String token = ClientTokens.issue(
                demo, new TokenRequest(user, null, List.of(patterns), Duration.ofHours(1)), Instant.now());
        return bind(ref, user).toBuilder().setToken(token).build();
    }

    String tokenIssued(String user, Instant when, Duration ttl) {
        return ClientTokens.issue(demo, new TokenRequest(user, null, List.of(), ttl), when);
    }

    Bind bind(int ref, String user) {
        return bind(ref, "demo", user, 0);
    }

    Bind bind(int ref, String product, String user, long seq) {
        return Bind.newBuilder()
                .setRef(ref)
                .setProduct(product)
                .setUser(user)
                .setToken(token(product, user, null))
                .setSeq(seq)
                .build();
    }

    Message message() {
        long now = System.currentTimeMillis();
        return Message.newBuilder()
                .setMessageId("m" + messages++)
                .setText("text")
                .setSentAtMs(now)
                .setExpiresAtMs(now + 60_000)
                .setQos(1)
                .build();
    }

    /** Stores a message and gives the room the hint, as center does. */
    HandOverReply push(Endpoint endpoint) {
        return hint(endpoint, saver.store(endpoint, message()));
    }

    /** {@link #push} of this message to an endpoint that may be bound soon; whether it was written. */
    boolean isWritten(Endpoint endpoint, Message message) {
        MapSaver.Stored stored = saver.store(endpoint, message);
        return register.route(endpoint) != null
                && hint(endpoint, stored).getResult() == HandOverResult.HAND_OVER_WRITTEN;
    }

    HandOverReply hint(Endpoint endpoint, MapSaver.Stored stored) {
        return hand(endpoint, hintOf(stored).setMessage(stored.message()));
    }

    static HandOverRequest.Builder hintOf(MapSaver.Stored stored) {
        return HandOverRequest.newBuilder().setSeq(stored.seq()).setBefore(stored.before());
    }

    /** To where the register says the endpoint is. */
    HandOverReply hand(Endpoint endpoint, HandOverRequest.Builder hint) {
        Route route = register.route(endpoint);
        if (route == null) {
            throw new AssertionError("no route of " + endpoint);
        }
        hint.setPlace(route.getPlace()).setGeneration(route.getGeneration());
        return peer().await(HAND_OVER, hint.build(), Deadline.after(PATIENCE));
    }

    /** Publishes a message of product {@code demo} and tells the room, as center does. */
    ReachReply publish(String topic) {
        return reach(topic, topics.publish("demo", topic, message()));
    }

    /** With its message. */
    ReachReply reach(String topic, MapTopics.Published published) {
        return reach(ReachRequest.newBuilder()
                .setTopic(topic)
                .setOffset(published.offset())
                .setBefore(published.before())
                .setMessage(published.message()));
    }

    ReachReply reach(ReachRequest.Builder request) {
        return peer().await(REACH, request.setProduct("demo").build(), Deadline.after(PATIENCE));
    }

    /** What a job of product {@code demo} wants of a broadcast. */
    BroadcastReply broadcast(BroadcastRequest.Builder request) {
        return peer().await(BROADCAST, request.setProduct("demo").build(), Deadline.after(PATIENCE));
    }

    /** Whether there was a session that what it follows has changed. */
    boolean refollow(Route route) {
        RefollowRequest request = RefollowRequest.newBuilder()
                .setPlace(route.getPlace())
                .setGeneration(route.getGeneration())
                .build();
        return peer().await(REFOLLOW, request, Deadline.after(PATIENCE)).getFound();
    }

    boolean end(Route route, int code) {
        EndRequest request = EndRequest.newBuilder()
                .setPlace(route.getPlace())
                .setGeneration(route.getGeneration())
                .setCode(code)
                .setReason("test")
                .build();
        return peer().await(END, request, Deadline.after(PATIENCE)).getEnded();
    }

    /** The page of a loop that an auditor is shown. */
    SurveyReply survey(long incarnation, int loop) {
        SurveyRequest request = SurveyRequest.newBuilder()
                .setIncarnation(incarnation)
                .setLoop(loop)
                .build();
        return peer().await(SURVEY, request, Deadline.after(PATIENCE));
    }

    InspectReply inspect(Place place) {
        InspectRequest request = InspectRequest.newBuilder().setPlace(place).build();
        return peer().await(INSPECT, request, Deadline.after(PATIENCE));
    }

    /** Whether what an auditor wants was begun. */
    boolean mend(Place place, long generation, boolean bind) {
        MendRequest request = MendRequest.newBuilder()
                .setPlace(place)
                .setGeneration(generation)
                .setBind(bind)
                .build();
        return peer().await(MEND, request, Deadline.after(PATIENCE)).getBegun();
    }

    /** A register that has lost everything asks for the room's sessions; answers whom it named as being there. */
    List<Endpoint> refill() {
        return refillRows().stream()
                .filter(row -> row.getEndedGeneration() == 0)
                .map(RefillRow::getEndpoint)
                .toList();
    }

    List<RefillRow> refillRows() {
        RefillRequest request = RefillRequest.newBuilder()
                .addAllShards(IntStream.range(0, Shards.COUNT).boxed().toList())
                .build();
        awaitRoom();
        List<RefillRow> rows = new ArrayList<>();
        peer().stream(SessionsGrpc.getRefillMethod(), request, Deadline.after(PATIENCE), rows::add);
        return rows;
    }

    Peer peer() {
        return rooms.byInstance(instance()).orElseThrow();
    }

    List<Node> announcedRooms() {
        return discovery.nodes("room");
    }

    /** What the room says at this path of its admin port. */
    String get(String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://" + announced().admin() + path);
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** The sum of a metric over its tags. */
    double metric(String name) throws Exception {
        return metric(name, "");
    }

    /** Likewise, over those that have this tag, as {@code name="value"}. */
    double metric(String name, String tag) throws Exception {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(tag))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** One that takes another incarnation is absent for a moment. */
    Node announced() {
        return Awaitility.await()
                .until(this::announcedRooms, rooms -> !rooms.isEmpty())
                .getFirst();
    }

    /** Which of ZooKeeper's sessions announces the room. */
    long zooKeeperSession() throws Exception {
        return requireNonNull(zookeeper.curator().checkExists().forPath("/nodes/room/" + instance()))
                .getEphemeralOwner();
    }

    @Override
    public void close() {
        parts.close();
    }
}
