package io.longline.coordinator;

import io.longline.coordinator.replaced.ReplacedFlow;
import io.longline.coordinator.replaced.SessionClient;
import io.longline.keeper.admin.AdminServer;
import io.longline.keeper.admin.Health;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.metrics.Metrics;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Peers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** One coordinator. Its start order is {@link #open}. */
public final class CoordinatorServer implements AutoCloseable {
    private static final int WEIGHT = 100;

    private final CoordinatorConfig config;
    private final InstantSource clock = InstantSource.system();
    private final LifeCycle life = new LifeCycle();
    private final ZkSession zookeeper;
    private final ZkDiscovery discovery;
    private final RedisStore redis;
    private final Peers rooms;
    private final AdminServer admin;
    private final ReplacedFlow replaced;

    public CoordinatorServer(CoordinatorConfig config) {
        this.config = config;
        MeterRegistry registry = Metrics.registry("coordinator", config.instance());
        CoordinatorMetrics metrics = new CoordinatorMetrics(registry);
        this.zookeeper = new ZkSession(config.zookeeper());
        this.discovery = new ZkDiscovery(zookeeper);
        this.redis = new RedisStore(config.redis(), registry);
        this.rooms = new Peers("room", discovery, config.rpc(), registry);
        this.admin = new AdminServer(config.admin(), registry, new Health().require("redis", this::redisProblem));
        this.replaced = ReplacedFlow.onRedis(redis, new SessionClient(rooms, discovery), config.replaced(), metrics);
    }

    /** Opens everything, announces itself last; what is open is closed again if something fails. */
    public void start() {
        try {
            open();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open() {
        life.add(zookeeper).start();
        life.add(discovery);
        life.add(redis).start();
        life.add(rooms).start();
        life.add(replaced).start();
        life.add(admin).start();
        life.add(discovery.announce(node()));
    }

    private Optional<String> redisProblem() {
        return redis.connected() ? Optional.empty() : Optional.of("not connected");
    }

    private Node node() {
        return new Node(
                "coordinator",
                config.instance(),
                clock.millis(),
                "",
                "",
                config.advertiseHost() + ":" + admin.port(),
                List.of(),
                NodeState.READY,
                "",
                WEIGHT,
                0,
                clock.millis());
    }

    public int adminPort() {
        return admin.port();
    }

    @Override
    public void close() {
        life.close();
    }
}
