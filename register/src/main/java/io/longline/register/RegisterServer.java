package io.longline.register;

import io.longline.keeper.admin.AdminServer;
import io.longline.keeper.admin.Health;
import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.lease.ZkLeases;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.metrics.Metrics;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.rpc.RpcServer;
import io.longline.keeper.rpc.RpcService;
import io.longline.register.deadrooms.DeadRooms;
import io.longline.register.deadrooms.RedisDeadRoomStore;
import io.longline.register.rebuild.JournalClient;
import io.longline.register.rebuild.RebuildFlow;
import io.longline.register.rebuild.RedisRebuildStore;
import io.longline.register.rebuild.RoomClient;
import io.longline.register.route.BindFlow;
import io.longline.register.route.BindGrpcService;
import io.longline.register.route.LocateGrpcService;
import io.longline.register.route.LostShardPolicy;
import io.longline.register.route.RedisRouteIndex;
import io.longline.register.route.RouteIndex;
import io.longline.register.route.SaverClient;
import io.longline.rpc.v1.RoutesGrpc;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One register. {@link #open} from top to bottom is the start order; closing goes the other way. */
public final class RegisterServer implements AutoCloseable {
    private final RegisterConfig config;
    private final MeterRegistry registry;
    private final LifeCycle parts = new LifeCycle();
    private @Nullable RpcServer rpc;
    private @Nullable AdminServer admin;

    public RegisterServer(RegisterConfig config) {
        this.config = config;
        this.registry = Metrics.registry("register", config.instance());
    }

    /** Opens all of it, or nothing. */
    public RegisterServer start() {
        try {
            open();
            return this;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Orderly: withdrawn first, then the calls under way are finished. */
    @Override
    public void close() {
        parts.close();
    }

    public int rpcPort() {
        return started(rpc).port();
    }

    public int adminPort() {
        return started(admin).port();
    }

    private void open() {
        RegisterMetrics metrics = new RegisterMetrics(registry);

        ZkSession zookeeper = parts.add(new ZkSession(config.zookeeper()));
        zookeeper.start();
        ZkDiscovery discovery = parts.add(new ZkDiscovery(zookeeper));
        ZkLeases leases = new ZkLeases(zookeeper, config.instance());
        RedisStore redis = parts.add(new RedisStore(config.redis(), registry));
        redis.start();
        Peers savers = peers("saver", discovery);
        Peers rooms = peers("room", discovery);

        LeasedLoop rebuild = rebuild(redis, savers, new RoomClient(discovery, rooms), leases, metrics);
        watchRooms(redis, discovery, leases, metrics);
        rpc = parts.add(new RpcServer(config.rpc(), registry, List.of(routes(redis, savers, rebuild, metrics))));
        rpc.start();
        admin = parts.add(new AdminServer(config.admin(), registry, health(redis, metrics)));
        admin.start();
        parts.add(discovery.announce(node()));
    }

    private Peers peers(String service, Discovery discovery) {
        Peers peers = parts.add(new Peers(service, discovery, config.rpc(), registry));
        peers.start();
        return peers;
    }

    private LeasedLoop rebuild(
            RedisStore redis, Peers savers, RoomClient rooms, ZkLeases leases, RegisterMetrics metrics) {
        RebuildFlow flow = new RebuildFlow(
                new RedisRebuildStore(redis, config.route().mostEvents(), metrics),
                new JournalClient(savers),
                rooms,
                config.rebuild(),
                metrics);
        LeasedLoop loop = parts.add(
                new LeasedLoop("register/rebuild", leases, config.rebuild().period(), flow));
        redis.onConnect(runId -> loop.wake());
        return loop.start();
    }

    private void watchRooms(RedisStore redis, Discovery discovery, ZkLeases leases, RegisterMetrics metrics) {
        DeadRooms deadRooms = new DeadRooms(
                discovery,
                new RedisDeadRoomStore(redis, config.deadRooms().remember()),
                config.deadRooms(),
                InstantSource.system(),
                metrics);
        LeasedLoop loop = parts.add(
                new LeasedLoop("register/dead-rooms", leases, config.deadRooms().period(), deadRooms));
        loop.start();
        parts.add(discovery.watch("room", nodes -> loop.wake()));
    }

    private RpcService routes(RedisStore redis, Peers savers, LeasedLoop rebuild, RegisterMetrics metrics) {
        RouteIndex index = new RedisRouteIndex(redis, config.route().mostEvents(), () -> {
            metrics.shardLost();
            rebuild.wake();
        });
        LostShardPolicy lostShards = new LostShardPolicy(config.route().lostShardPatience());
        BindFlow binds = new BindFlow(index, lostShards, new SaverClient(savers), metrics);
        RpcService routes = RpcService.of(RoutesGrpc.getServiceDescriptor());
        new BindGrpcService(binds).addTo(routes);
        new LocateGrpcService(index, lostShards, metrics).addTo(routes);
        return routes;
    }

    private static Health health(RedisStore redis, RegisterMetrics metrics) {
        return new Health()
                .require("redis", () -> redis.connected() ? Optional.empty() : Optional.of("not connected"))
                .require(
                        "routes",
                        () -> metrics.lostShards() == 0
                                ? Optional.empty()
                                : Optional.of(metrics.lostShards() + " shards are lost"));
    }

    private Node node() {
        long now = InstantSource.system().millis();
        String rpcAddress = config.advertiseHost() + ":" + started(rpc).advertisedPort();
        String adminAddress = config.advertiseHost() + ":" + adminPort();
        return new Node(
                "register",
                config.instance(),
                now * 1024,
                rpcAddress,
                "",
                adminAddress,
                List.of(),
                NodeState.READY,
                "",
                100,
                0,
                now);
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("register is not started");
        }
        return part;
    }
}
