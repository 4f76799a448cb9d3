package io.longline.register.testing;

import static org.awaitility.Awaitility.await;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.register.RegisterConfig;
import io.longline.register.RegisterServer;
import io.longline.register.endpoint.Incarnation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A cluster of its own in ZooKeeper, with a saver, and what a test adds: registers, rooms. */
public final class TestCluster implements AutoCloseable {
    private final URI redis;
    private final String zookeeper;
    private final String name = "t-" + UUID.randomUUID().toString().substring(0, 8);
    private final LifeCycle parts = new LifeCycle();
    private final ZkSession session;
    private final ZkDiscovery discovery;
    private final SaverPeer saver;
    private final Peers registers;

    public TestCluster(URI redis, String zookeeper) {
        this.redis = redis;
        this.zookeeper = zookeeper;
        session = parts.add(new ZkSession(new ZkConfig(zookeeper, name, Duration.ofSeconds(20))));
        session.start();
        discovery = parts.add(new ZkDiscovery(session));
        saver = parts.add(new SaverPeer(discovery));
        registers = parts.add(new Peers("register", discovery, RpcConfig.defaults(), new SimpleMeterRegistry()));
        registers.start();
    }

    /** A register with short periods; {@code settings} are further keys and values. Returns when the others see it. */
    public RegisterServer register(String instance, String... settings) {
        Map<String, String> flags = new HashMap<>(Map.of(
                "instance",
                instance,
                "cluster",
                name,
                "zookeeper.hosts",
                zookeeper,
                "redis.uri",
                redis.toString(),
                "register.rebuild.period",
                "1s",
                "register.dead-rooms.period",
                "1s",
                "register.dead-rooms.unseen-grace",
                "2s",
                // What is under test is not how fast this machine is: whoever tests the wait sets it.
                "register.lost-shard-patience",
                "20s"));
        for (int i = 0; i < settings.length; i += 2) {
            flags.put(settings[i], settings[i + 1]);
        }
        ConfigReader reader =
                new ConfigReader(ConfigSource.builder().flags(flags).build());
        RegisterConfig config = RegisterConfig.read(reader);
        reader.finish();
        RegisterServer server = parts.add(new RegisterServer(config).start());
        await().until(() -> sees(instance));
        return server;
    }

    public void product(Product product) {
        try (ZkProducts products = new ZkProducts(session)) {
            products.start();
            products.create(product);
        }
    }

    /** Whether the others see it. */
    public boolean sees(String register) {
        return registers.byInstance(register).isPresent();
    }

    public RegisterClient client(String register) {
        return new RegisterClient(registers, register);
    }

    public SaverPeer saver() {
        return saver;
    }

    /** A room that answers. */
    public RoomPeer room(String instance) {
        return silentRoom(instance).listen();
    }

    /** A room that answers, of this incarnation. */
    public RoomPeer room(Incarnation incarnation) {
        return announced(incarnation).listen();
    }

    /** A room that is announced and cannot be reached, until {@link RoomPeer#listen}. */
    public RoomPeer silentRoom(String instance) {
        return announced(new Incarnation(instance, System.currentTimeMillis() * 1024));
    }

    private RoomPeer announced(Incarnation incarnation) {
        return parts.add(new RoomPeer(discovery, incarnation));
    }

    @Override
    public void close() {
        parts.close();
    }
}
