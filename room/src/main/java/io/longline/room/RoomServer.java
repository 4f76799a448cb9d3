package io.longline.room;

import io.longline.keeper.admin.AdminServer;
import io.longline.keeper.admin.Health;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.PublicAddress;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.live.LiveConfig;
import io.longline.keeper.metrics.Metrics;
import io.longline.keeper.net.OpenFiles;
import io.longline.keeper.pool.BoundedPool;
import io.longline.keeper.pool.FullPolicy;
import io.longline.keeper.pool.QueuedPool;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.rpc.RpcServer;
import io.longline.room.audit.SessionAudit;
import io.longline.room.audit.SessionAuditGrpcService;
import io.longline.room.broadcast.BroadcastTopics;
import io.longline.room.conversation.Reception;
import io.longline.room.delivery.Delivery;
import io.longline.room.delivery.DeliveryGrpcService;
import io.longline.room.delivery.LastAcks;
import io.longline.room.delivery.LostHints;
import io.longline.room.delivery.RoomLoop;
import io.longline.room.delivery.SaverClient;
import io.longline.room.end.Ends;
import io.longline.room.end.SessionsGrpcService;
import io.longline.room.fanout.Everybody;
import io.longline.room.fanout.FanoutGrpcService;
import io.longline.room.handshake.Abusers;
import io.longline.room.handshake.Handshake;
import io.longline.room.handshake.Networks;
import io.longline.room.handshake.RegisterClient;
import io.longline.room.handshake.Unbinder;
import io.longline.room.heartbeat.Heartbeat;
import io.longline.room.presence.Asks;
import io.longline.room.presence.SeenClient;
import io.longline.room.refill.Probe;
import io.longline.room.refill.Rebind;
import io.longline.room.refill.Rebinding;
import io.longline.room.refill.Refill;
import io.longline.room.session.Departures;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Refills;
import io.longline.room.topic.Broadcasts;
import io.longline.room.topic.FollowsClient;
import io.longline.room.topic.MergePolicy;
import io.longline.room.topic.Reach;
import io.longline.room.topic.Refollow;
import io.longline.room.topic.TopicLoop;
import io.longline.room.topic.TopicPermission;
import io.longline.room.topic.TopicsClient;
import io.longline.room.transport.door.Door;
import io.longline.room.transport.door.DoorConfig;
import io.longline.room.transport.loop.EventLoops;
import io.longline.room.transport.port.LinkServer;
import io.longline.room.uplink.CoordinatorClient;
import io.longline.room.uplink.SessionRates;
import io.longline.room.uplink.Uplinks;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One room. {@link #open} from top to bottom is the start order; closing goes the other way. */
public final class RoomServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RoomServer.class);
    private static final int UNBINDS_AT_A_TIME = 256;
    private static final Duration TOKEN_SWEEP = Duration.ofMillis(100);
    private static final Duration MOST_BEFORE_STOP = Duration.ofMillis(500);
    private static final Duration LOAD_TOLD = Duration.ofSeconds(10);
    private static final Duration STATE_TOLD = Duration.ofSeconds(1);

    private final RoomConfig config;
    private final LiveConfig<DoorConfig> doorConfig;
    private final MeterRegistry registry;
    private final RoomMetrics metrics;
    private final Incarnation incarnation;
    private final RoomClocks clocks;
    private final SharedClock clock;
    private final LostHints lostHints;
    private final Fullness linksFull = new Fullness();
    private final Fullness sessionsFull = new Fullness();
    private final LifeCycle parts = new LifeCycle();
    private @Nullable LinkServer links;
    private @Nullable RpcServer rpc;
    private @Nullable AdminServer admin;

    /** Throws {@link io.longline.keeper.config.ConfigException} with everything that is wrong. */
    public RoomServer(ConfigSource source) {
        this(source, RoomClocks.SYSTEM);
    }

    /** A room with other clocks than the machine's. */
    public RoomServer(ConfigSource source, RoomClocks clocks) {
        this.config = RoomConfig.read(source);
        this.doorConfig = new LiveConfig<>(
                "room", source, reader -> RoomConfig.read(reader).door());
        this.clocks = clocks;
        this.clock = new SharedClock(clocks);
        this.registry = Metrics.registry("room", config.instance());
        this.metrics = new RoomMetrics(registry);
        this.incarnation = new Incarnation(config.instance(), clocks.wallMs());
        this.lostHints = new LostHints(config.loseHints());
    }

    /** Opens all of it, or nothing. */
    public RoomServer start() {
        try {
            open();
            return this;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Orderly: withdrawn first; then links are closed with 3000, their last acks forwarded, and their sessions unbound. */
    @Override
    public void close() {
        parts.close();
    }

    private void open() {
        ZkSession zookeeper = parts.add(new ZkSession(config.zookeeper()));
        zookeeper.start();
        ZkDiscovery discovery = parts.add(new ZkDiscovery(zookeeper));
        ZkProducts products = parts.add(new ZkProducts(zookeeper));
        products.start();
        parts.add(doorConfig).start(zookeeper);
        Peers registers = peers("register", discovery);
        Peers savers = peers("saver", discovery);
        Peers coordinators = peers("coordinator", discovery);
        Presence presence =
                new Presence(incarnation, clocks.nanos(), config.zookeeper().sessionTimeout(), metrics);
        RegisterClient register = new RegisterClient(
                registers, clock, presence::declaredGone, config.waits().answer());
        SaverClient saver = new SaverClient(savers, config.waits().answer(), config.instance());

        EventLoops eventLoops = parts.add(new EventLoops(
                config.links().loops(), new EventLoops.Stops(clocks.nanos(), longestStop(), presence::stopped)));
        eventLoops.start();
        List<RoomLoop> loops = loops(eventLoops, saver);
        TopicsClient logs = new TopicsClient(savers, config.waits().answer());
        BroadcastTopics broadcasts =
                new BroadcastTopics(logs, loops.getFirst().loop(), clocks.nanos(), config.broadcastBytesPerS());
        TopicLoop.Asked asked = new TopicLoop.Asked(
                logs, new FollowsClient(registers, config.waits().answer()), broadcasts);
        List<TopicLoop> topics =
                topics(loops, asked, new TopicLoop.Rules(new TopicPermission(products), new MergePolicy(products)));
        List<Uplinks> uplinks = uplinks(loops, products, coordinators);
        List<Asks> asks = asks(loops, products, registers);
        Refills refills = new Refills();
        BoundedPool unbinds = parts.add(new BoundedPool("unbind", UNBINDS_AT_A_TIME, FullPolicy.WAIT, registry));
        Departures departures = new Departures();
        metrics.watchDepartures(departures::size, Departures.LIMIT);
        Unbinder unbinder = parts.add(new Unbinder(register, saver, departures, unbinds, metrics));
        unbinder.start();
        parts.add(new LastAcks(loops, () -> acksOf(loops, topics)));

        Networks networks = new Networks(register, incarnation, unbinder);
        Abusers abusers = new Abusers();
        Handshake handshake = new Handshake(
                handshakes(),
                products,
                incarnation,
                new Handshake.Clients(
                        register, saver, refills, abusers, config.limits().sessionsPerLink()),
                clock::nowMs);
        Reception reception = new Reception(
                loops,
                topics,
                uplinks,
                asks,
                handshake,
                unbinder,
                networks,
                abusers,
                incarnation,
                config.limits().pingsPerMinute(),
                config.limits().requestsPerMinute(),
                clock::nowMs);
        loops.forEach(loop -> loop.loop().every(TOKEN_SWEEP, () -> reception.sweepTokens(loop, Heartbeat.SLICES)));
        Door door = new Door(doorConfig.current(), OpenFiles.forClients(DoorConfig.MOST), metrics);
        doorConfig.onChange(door::change);
        door.change(doorConfig.current()); // it may have changed in between
        links = parts.add(new LinkServer(config.links(), eventLoops, reception::receive, door, metrics));
        links.start();
        log.info("listens for clients ports={} connections={}", links.ports(), door.limit());

        Rebinding rebinding = new Rebinding(incarnation, loops, topics, register, unbinder, refills);
        rpc = parts.add(new RpcServer(
                config.rpc(),
                registry,
                List.of(
                        new DeliveryGrpcService(delivery(loops), lostHints).service(),
                        new FanoutGrpcService(
                                        new Everybody(loops, clock::nowMs, metrics),
                                        new Reach(topics, broadcasts, clock::nowMs, metrics),
                                        new Broadcasts(broadcasts, topics),
                                        incarnation)
                                .service(),
                        new SessionAuditGrpcService(new SessionAudit(incarnation, loops, rebinding)).service(),
                        new SessionsGrpcService(
                                        new Ends(incarnation, loops, departures),
                                        new Refollow(incarnation, loops, topics),
                                        new Refill(
                                                incarnation, loops, topics, refills, departures, register, rebinding))
                                .service())));
        rpc.start();
        admin = parts.add(new AdminServer(config.admin(), registry, health(zookeeper, registers, savers)));
        admin.start();
        Rebind rebind = new Rebind(incarnation, loops, rebinding);
        presence.announce(
                discovery, node(), new Presence.Clients(rebind, new Probe(loops, networks), started(links), topics));
        parts.add(presence);
        loops.getFirst().loop().every(LOAD_TOLD, () -> presence.load(metrics.links()));
        loops.getFirst().loop().every(STATE_TOLD, () -> presence.full(isFull(door, loops)));
        loops.getFirst().loop().every(STATE_TOLD, presence::look);
    }

    private boolean isFull(Door door, List<RoomLoop> loops) {
        boolean noLink = linksFull.look(door.taken(), door.limit());
        return sessionsFull.look(sessions(loops), config.limits().sessions()) || noLink;
    }

    /** As far as somebody who does not own them can see. */
    private static int sessions(List<RoomLoop> loops) {
        return loops.stream().mapToInt(loop -> loop.sessions().size()).sum();
    }

    /** What ZooKeeper heard last of us may have been said some time before a stop. */
    private Duration longestStop() {
        Duration timeout = config.zookeeper().sessionTimeout();
        Duration before = timeout.dividedBy(8);
        return timeout.minus(before.compareTo(MOST_BEFORE_STOP) < 0 ? before : MOST_BEFORE_STOP);
    }

    private Peers peers(String service, Discovery discovery) {
        Peers peers = parts.add(new Peers(service, discovery, config.rpc(), registry));
        peers.start();
        return peers;
    }

    /**
     * After the loss of another room thousands come at once. If all were worked on at a time, none would be done within its deadline.
     * Nobody waits for long: a client may have gone elsewhere meanwhile, and what comes late must not replace that session.
     */
    private QueuedPool handshakes() {
        RoomConfig.Limits limits = config.limits();
        return parts.add(new QueuedPool(
                "handshake", limits.handshakes(), limits.handshakesOrWaiting(), limits.handshakeWait(), registry));
    }

    private Delivery delivery(List<RoomLoop> loops) {
        return new Delivery(incarnation, loops, config.waits().load(), clock::nowMs, metrics);
    }

    private List<RoomLoop> loops(EventLoops eventLoops, SaverClient saver) {
        int share = Math.ceilDiv(config.limits().sessions(), eventLoops.all().size());
        List<RoomLoop> loops = eventLoops.all().stream()
                .map(loop -> RoomLoop.on(loop, share, saver, clock::nowMs, metrics))
                .toList();
        metrics.watchClock(clock::wallAheadMs);
        metrics.watchInboxes(
                () -> loops.stream().mapToInt(loop -> loop.forwarder().size()).sum(),
                RoomLoop.reports(share) * loops.size(),
                () -> loops.stream().mapToInt(loop -> loop.reader().size()).sum(),
                share * loops.size());
        metrics.watchSessions(() -> sessions(loops));
        return loops;
    }

    private List<TopicLoop> topics(List<RoomLoop> loops, TopicLoop.Asked asked, TopicLoop.Rules rules) {
        int maxAcks = RoomLoop.reports(Math.ceilDiv(config.limits().sessions(), loops.size()));
        List<TopicLoop> topics = loops.stream()
                .map(loop -> TopicLoop.on(loop, maxAcks, asked, rules, clock::nowMs, metrics))
                .toList();
        metrics.watchTopics(
                () -> topics.stream().mapToInt(TopicLoop::follows).sum(),
                () -> topics.stream().mapToInt(TopicLoop::reads).sum(),
                () -> topics.stream().mapToInt(TopicLoop::acks).sum());
        metrics.watchMerging(
                () -> topics.stream().mapToInt(TopicLoop::mergeBytes).sum());
        metrics.watchBroadcasts(() -> topics.stream().mapToInt(TopicLoop::left).sum());
        return topics;
    }

    private List<Uplinks> uplinks(List<RoomLoop> loops, ZkProducts products, Peers coordinators) {
        Uplinks.Asked asked = new Uplinks.Asked(
                products,
                new CoordinatorClient(coordinators, config.waits().answer()),
                incarnation,
                new SessionRates());
        List<Uplinks> uplinks = loops.stream()
                .map(loop -> new Uplinks(loop.loop(), asked, clock::nowMs, metrics))
                .toList();
        metrics.watchUplinks(() -> uplinks.stream().mapToInt(Uplinks::underWay).sum());
        return uplinks;
    }

    private List<Asks> asks(List<RoomLoop> loops, ZkProducts products, Peers registers) {
        SeenClient register = new SeenClient(registers, config.waits().answer());
        List<Asks> asks = loops.stream()
                .map(loop -> new Asks(loop.loop(), products, register, clocks.nanos(), metrics))
                .toList();
        metrics.watchPresence(() -> asks.stream().mapToInt(Asks::remembered).sum());
        return asks;
    }

    private static int acksOf(List<RoomLoop> loops, List<TopicLoop> topics) {
        int acks = 0;
        for (int i = 0; i < loops.size(); i++) {
            acks += loops.get(i).loop().call(topics.get(i)::acks);
        }
        return acks;
    }

    private static Health health(ZkSession zookeeper, Peers registers, Peers savers) {
        return new Health()
                .require("zookeeper", () -> zookeeper.connected() ? Optional.empty() : Optional.of("not connected"))
                .require("register", () -> registers.all().isEmpty() ? Optional.of("none is known") : Optional.empty())
                .require("saver", () -> savers.all().isEmpty() ? Optional.of("none is known") : Optional.empty());
    }

    private Node node() {
        return new Node(
                "room",
                config.instance(),
                incarnation.current(),
                config.advertiseHost() + ":" + started(rpc).advertisedPort(),
                "",
                config.advertiseHost() + ":" + adminPort(),
                addresses(),
                NodeState.READY,
                config.region(),
                config.weight(),
                0,
                clocks.wallMs().getAsLong());
    }

    private List<PublicAddress> addresses() {
        if (!config.addresses().isEmpty()) {
            return config.addresses();
        }
        return linkPorts().stream()
                .map(port -> new PublicAddress(config.advertiseHost(), port, false, "", config.region()))
                .toList();
    }

    public String instance() {
        return config.instance();
    }

    /** Where clients connect; the first, if there are several. */
    public int linkPort() {
        return linkPorts().getFirst();
    }

    /** In the order of the configuration. */
    public List<Integer> linkPorts() {
        return started(links).ports();
    }

    public int rpcPort() {
        return started(rpc).port();
    }

    public int adminPort() {
        return started(admin).port();
    }

    /** A fault switch for tests: so many of the next hints are neither handled nor answered. */
    public void loseHints(int count) {
        lostHints.set(count);
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("room is not started");
        }
        return part;
    }
}
