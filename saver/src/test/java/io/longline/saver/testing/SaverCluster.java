package io.longline.saver.testing;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.rpc.v1.Endpoint;
import io.longline.saver.SaverConfig;
import io.longline.saver.SaverServer;
import io.longline.stores.EmbeddedZooKeeper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * Savers on real stores, and a client. Products: {@code demo} and {@code tiny} (three messages an inbox) with durability
 * {@code mysql}, {@code fast} with {@code redis}.
 */
public final class SaverCluster implements AutoCloseable {
    private static final AtomicInteger users = new AtomicInteger();

    private final EmbeddedZooKeeper zookeeper = EmbeddedZooKeeper.temporary().start();
    private final ZkSession session;
    private final List<SaverServer> savers = new ArrayList<>();
    private final Map<String, String> flags = new HashMap<>();
    public final SaverClient client;
    /** The Redis of the savers, for a look past them. */
    public final RedisStore redis;

    public SaverCluster(URI redisUri, String mysql) {
        session = new ZkSession(new ZkConfig(zookeeper.uri(), "test", Duration.ofSeconds(6)));
        session.start();
        try (ZkProducts products = new ZkProducts(session)) {
            products.start();
            products.create(Product.create("demo", Durability.MYSQL));
            products.create(Product.create("fast", Durability.REDIS));
            products.create(tiny());
        }
        flags.put("zookeeper.hosts", zookeeper.uri());
        flags.put("cluster", "test");
        flags.put("redis.uri", redisUri.toString());
        flags.put("mysql.url", mysql);
        // What is under test is not how fast this machine is: whoever tests the waits sets them.
        flags.put("saver.journal.timeout", "20s");
        flags.put("saver.lost-shard-patience", "20s");
        client = new SaverClient(session);
        redis = new RedisStore(new RedisConfig(redisUri.toString(), Duration.ofSeconds(10)), new SimpleMeterRegistry());
        redis.start();
    }

    private static Product tiny() {
        return Product.create("tiny", Durability.MYSQL).with("inbox_limit", 3);
    }

    public SaverCluster with(String key, String value) {
        flags.put(key, value);
        return this;
    }

    /** Starts one more saver and waits until the client sees it. */
    public SaverServer start() {
        int before = client.savers();
        ConfigReader reader =
                new ConfigReader(ConfigSource.builder().flags(flags).build());
        SaverConfig config = SaverConfig.read(reader);
        reader.finish();
        SaverServer saver = new SaverServer(config).start();
        savers.add(saver);
        Awaitility.await().until(() -> client.savers() == before + 1);
        return saver;
    }

    public void stop(SaverServer saver) {
        savers.remove(saver);
        saver.close();
        Awaitility.await().until(() -> client.savers() == savers.size());
    }

    /** An endpoint of a user nobody else in this run has. */
    public static Endpoint someone(String product) {
        return SaverClient.endpoint(product, "user-" + users.incrementAndGet(), "phone");
    }

    public EmbeddedZooKeeper zookeeper() {
        return zookeeper;
    }

    @Override
    public void close() {
        redis.close();
        client.close();
        savers.forEach(SaverServer::close);
        session.close();
        zookeeper.close();
    }
}
