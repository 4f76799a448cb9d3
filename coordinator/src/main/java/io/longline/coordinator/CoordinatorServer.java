package io.longline.coordinator;

import io.longline.coordinator.audit.AuditFlow;
import io.longline.coordinator.backlog.BacklogFlow;
import io.longline.coordinator.callback.Places;
import io.longline.coordinator.events.EventFlow;
import io.longline.coordinator.events.SessionClient;
import io.longline.coordinator.group.GroupFlow;
import io.longline.coordinator.group.GroupGrpcService;
import io.longline.coordinator.group.GroupRegistry;
import io.longline.coordinator.group.RedisGroupRegistry;
import io.longline.coordinator.outbox.DeadLetterClient;
import io.longline.coordinator.outbox.OutboxFlow;
import io.longline.coordinator.outbox.PutBackGrpcService;
import io.longline.coordinator.outbox.Stream;
import io.longline.coordinator.presence.PresenceFlow;
import io.longline.coordinator.presence.PresenceGrpcService;
import io.longline.coordinator.uplink.InboxClient;
import io.longline.coordinator.uplink.UplinkGrpcService;
import io.longline.coordinator.uplink.UplinkIntake;
import io.longline.coordinator.uplink.UplinkReplies;
import io.longline.keeper.lease.ZkLeases;
import io.longline.keeper.life.ServiceFrame;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.rpc.RpcServer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** One coordinator. Its start order is {@link #open}. */
public final class CoordinatorServer implements AutoCloseable {
    private final CoordinatorConfig config;
    private final ServiceFrame frame;
    private final RedisStore redis;
    private final Peers rooms;
    private final EventFlow events;
    private final Peers savers;
    private final ZkProducts products;
    private final UplinkReplies replies;
    private final BacklogFlow backlog;
    private final OutboxFlow outbox;
    private final PresenceFlow presence;
    private final GroupFlow groups;
    private final Peers registers;
    private final AuditFlow audit;
    private final RpcServer rpc;

    public CoordinatorServer(CoordinatorConfig config) {
        this.config = config;
        this.frame = new ServiceFrame("coordinator", config.service(), InstantSource.system());
        this.redis = new RedisStore(config.redis(), frame.registry());
        this.rooms = new Peers("room", frame.discovery(), config.rpc(), frame.registry());
        this.events = EventFlow.onRedis(
                redis,
                new SessionClient(rooms, frame.discovery()),
                config.events(),
                new CoordinatorMetrics(frame.registry()));
        this.savers = new Peers("saver", frame.discovery(), config.rpc(), frame.registry());
        this.products = new ZkProducts(frame.zookeeper());
        UplinkMetrics metrics = new UplinkMetrics(frame.registry());
        this.replies = UplinkReplies.onRedis(
                redis,
                products,
                new UplinkReplies.Wiring(config.uplinks(), new InboxClient(savers, rooms), this::fence, metrics));
        this.backlog = backlog();
        this.outbox = outbox();
        this.presence = presence();
        GroupRegistry registry = new RedisGroupRegistry(redis, config.groups());
        this.groups = GroupFlow.onRedis(
                redis, products, new GroupFlow.Wiring(config.groups(), registry, new GroupMetrics(frame.registry())));
        UplinkIntake intake = UplinkIntake.onRedis(
                redis,
                products,
                new UplinkIntake.Wiring(config.uplinks(), config.outbox().limits(), registry, this::cameIn, metrics));
        this.registers = new Peers("register", frame.discovery(), config.rpc(), frame.registry());
        this.audit = new AuditFlow(
                frame.discovery(),
                new AuditFlow.Asked(registers, rooms, savers),
                new ZkLeases(frame.zookeeper(), config.service().instance()),
                config.audit(),
                new AuditMetrics(frame.registry(), AuditFlow.MOST_SUSPECTS));
        this.rpc = new RpcServer(
                config.rpc(),
                frame.registry(),
                List.of(
                        new UplinkGrpcService(intake).service(),
                        new GroupGrpcService(groups, InstantSource.system()).service(),
                        PresenceGrpcService.onRedis(redis).service(),
                        putBack().service(),
                        audit.service()));
        frame.health().require("redis", this::redisProblem);
    }

    private long fence(int shard) {
        return outbox.fence(shard);
    }

    private void cameIn(Stream stream) {
        outbox.wake(stream.shard());
        groups.wake(stream);
    }

    private PutBackGrpcService putBack() {
        return new PutBackGrpcService(redis, config.outbox().limits(), products, this::cameIn);
    }

    private BacklogFlow backlog() {
        return BacklogFlow.onRedis(
                redis,
                savers,
                new BacklogFlow.Wiring(
                        config.outbox().limits(),
                        config.backlog(),
                        this::cameIn,
                        new BacklogMetrics(frame.registry())));
    }

    private OutboxFlow outbox() {
        return OutboxFlow.onRedis(
                redis,
                config.service().instance(),
                frame.discovery(),
                products,
                new OutboxFlow.Wiring(
                        config.outbox(),
                        new Places(config.callbacks().inFlight()),
                        config.callbacks().references(),
                        replies,
                        new DeadLetterClient(savers),
                        backlog,
                        new OutboxMetrics(frame.registry())));
    }

    private PresenceFlow presence() {
        return PresenceFlow.onRedis(
                redis,
                products,
                new PresenceFlow.Leases(outbox::fence, outbox::wake),
                new PresenceFlow.Wiring(
                        config.presence(), config.outbox().limits(), new PresenceMetrics(frame.registry())));
    }

    /** Opens everything, announces itself last; what is open is closed again if something fails. */
    public void start() {
        frame.start(this::open, () -> frame.node(config.service().address(rpc.advertisedPort()), ""));
    }

    private void open() {
        frame.add(redis).start();
        frame.add(rooms).start();
        frame.add(events).start();
        frame.add(savers).start();
        frame.add(products).start();
        frame.add(replies).start();
        frame.add(backlog);
        frame.add(outbox).start();
        frame.add(registers).start();
        frame.add(presence).start();
        frame.add(rpc).start();
        frame.add(groups).start(); // so that pulls which wait are answered before the calls end
        frame.add(audit).start();
    }

    private Optional<String> redisProblem() {
        return redis.connected() ? Optional.empty() : Optional.of("not connected");
    }

    public int adminPort() {
        return frame.adminPort();
    }

    @Override
    public void close() {
        frame.close();
    }
}
