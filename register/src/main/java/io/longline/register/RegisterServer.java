package io.longline.register;

import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.lease.ZkLeases;
import io.longline.keeper.life.ServiceFrame;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.rpc.RpcServer;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.time.MonotonicClock;
import io.longline.register.audit.RouteAuditGrpcService;
import io.longline.register.deadrooms.DeadRooms;
import io.longline.register.deadrooms.RedisDeadRoomStore;
import io.longline.register.follow.FollowFlow;
import io.longline.register.follow.FollowGrpcService;
import io.longline.register.follow.RedisFollowIndex;
import io.longline.register.kick.KickFlow;
import io.longline.register.kick.KickGrpcService;
import io.longline.register.kick.KickIndex;
import io.longline.register.kick.RedisKickIndex;
import io.longline.register.rebuild.JournalClient;
import io.longline.register.rebuild.RebuildFlow;
import io.longline.register.rebuild.RedisRebuildStore;
import io.longline.register.rebuild.RoomClient;
import io.longline.register.route.BindFlow;
import io.longline.register.route.BindGrpcService;
import io.longline.register.route.ForgetFlow;
import io.longline.register.route.ForgetGrpcService;
import io.longline.register.route.LocateGrpcService;
import io.longline.register.route.LostShardPolicy;
import io.longline.register.route.RedisRouteIndex;
import io.longline.register.route.RouteIndex;
import io.longline.register.route.SaverClient;
import io.longline.register.unseen.UnseenDevices;
import io.longline.rpc.v1.RoutesGrpc;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** One register. Its start order is {@link #open}. */
public final class RegisterServer implements AutoCloseable {
    private final RegisterConfig config;
    private final ServiceFrame frame;
    private final RegisterMetrics metrics;
    private final RedisStore redis;
    private final Peers savers;
    private final Peers rooms;
    private final LeasedLoop rebuild;
    private final LeasedLoop deadRooms;
    private final ZkProducts products;
    private final LeasedLoop unseen;
    private final RouteAuditGrpcService routeAudit;
    private final RpcServer rpc;

    public RegisterServer(RegisterConfig config) {
        this.config = config;
        this.frame = new ServiceFrame("register", config.service(), InstantSource.system());
        this.metrics = new RegisterMetrics(frame.registry());
        this.redis = new RedisStore(config.redis(), frame.registry());
        this.savers = new Peers("saver", frame.discovery(), config.rpc(), frame.registry());
        this.rooms = new Peers("room", frame.discovery(), config.rpc(), frame.registry());
        ZkLeases leases = new ZkLeases(frame.zookeeper(), config.service().instance());
        this.rebuild =
                new LeasedLoop("register/rebuild", leases, config.rebuild().period(), rebuildFlow());
        this.deadRooms =
                new LeasedLoop("register/dead-rooms", leases, config.deadRooms().period(), deadRooms());
        this.products = new ZkProducts(frame.zookeeper());
        RouteIndex index = routeIndex();
        LostShardPolicy lostShards = new LostShardPolicy(config.route().lostShardPatience());
        ForgetFlow forgets = new ForgetFlow(index, lostShards, new SaverClient(savers), metrics);
        this.unseen = new LeasedLoop(
                "register/unseen",
                leases,
                config.unseen().period(),
                new UnseenDevices(redis, products, forgets, config.unseen(), metrics));
        this.routeAudit = new RouteAuditGrpcService(redis);
        this.rpc = new RpcServer(
                config.rpc(), frame.registry(), List.of(routes(index, lostShards, forgets), routeAudit.service()));
        frame.health().require("redis", this::redisProblem).require("routes", this::routesProblem);
    }

    /** Opens all of it, or nothing. */
    public RegisterServer start() {
        frame.start(this::open, () -> frame.node(config.service().address(rpc.advertisedPort()), ""));
        return this;
    }

    private void open() {
        frame.add(redis).start();
        frame.add(savers).start();
        frame.add(rooms).start();
        frame.add(rebuild);
        redis.onConnect(runId -> rebuild.wake());
        rebuild.start();
        frame.add(deadRooms).start();
        frame.add(frame.discovery().watch("room", nodes -> deadRooms.wake()));
        frame.add(products).start();
        frame.add(unseen).start();
        frame.add(rpc).start();
        frame.add(routeAudit);
    }

    private RebuildFlow rebuildFlow() {
        return new RebuildFlow(
                new RedisRebuildStore(redis, config.route().mostEvents(), metrics),
                new JournalClient(savers),
                new RoomClient(frame.discovery(), rooms),
                config.rebuild(),
                metrics);
    }

    private DeadRooms deadRooms() {
        return new DeadRooms(
                frame.discovery(),
                new RedisDeadRoomStore(redis, config.deadRooms().remember()),
                config.deadRooms(),
                MonotonicClock.INSTANCE,
                metrics);
    }

    private RouteIndex routeIndex() {
        return new RedisRouteIndex(redis, config.route().mostEvents(), this::shardLost);
    }

    private FollowFlow follows(LostShardPolicy lostShards) {
        RedisFollowIndex index =
                new RedisFollowIndex(redis, config.follow(), config.route().mostEvents(), this::shardLost);
        return new FollowFlow(index, lostShards, new SaverClient(savers), metrics);
    }

    private void shardLost() {
        metrics.shardLost();
        rebuild.wake();
    }

    private RpcService routes(RouteIndex index, LostShardPolicy lostShards, ForgetFlow forgets) {
        FollowFlow follows = follows(lostShards);
        BindFlow binds = new BindFlow(index, lostShards, new SaverClient(savers), follows, metrics);
        RpcService routes = RpcService.of(RoutesGrpc.getServiceDescriptor());
        new BindGrpcService(binds, products).addTo(routes);
        new LocateGrpcService(index, lostShards, metrics).addTo(routes);
        new ForgetGrpcService(forgets).addTo(routes);
        new FollowGrpcService(follows).addTo(routes);
        KickIndex kicks = new RedisKickIndex(redis, config.route().mostEvents(), this::shardLost);
        new KickGrpcService(new KickFlow(kicks, lostShards, metrics)).addTo(routes);
        return routes;
    }

    private Optional<String> redisProblem() {
        return redis.connected() ? Optional.empty() : Optional.of("not connected");
    }

    private Optional<String> routesProblem() {
        return metrics.lostShards() == 0 ? Optional.empty() : Optional.of(metrics.lostShards() + " shards are lost");
    }

    public int rpcPort() {
        return rpc.port();
    }

    public int adminPort() {
        return frame.adminPort();
    }

    /** Orderly: withdrawn first, then the calls under way are finished. */
    @Override
    public void close() {
        frame.close();
    }
}
