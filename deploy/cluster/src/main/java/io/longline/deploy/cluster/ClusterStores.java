package io.longline.deploy.cluster;

import io.longline.deploy.service.Guard;
import io.longline.deploy.service.StoreChild;
import io.longline.keeper.life.LifeCycle;
import io.longline.stores.EmbeddedMariaDb;
import io.longline.stores.EmbeddedRedis;
import io.longline.stores.EmbeddedZooKeeper;
import io.longline.stores.StoreServer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The three stores of a cluster: embedded in a data folder, or given ones, which it neither empties nor stops. An embedded one
 * that dies is started again, on the same port and data; one that is told to stop stays down, and one that is stopped by
 * SIGSTOP is left alone.
 */
public final class ClusterStores implements AutoCloseable {
    private final GivenStores given;
    private final EmbeddedRedis redis;
    private final EmbeddedMariaDb mariaDb;
    private final EmbeddedZooKeeper zooKeeper;
    private final Consumer<String> progress;
    private final LifeCycle life = new LifeCycle();

    ClusterStores(Path data, GivenStores given, Consumer<String> progress) {
        this.given = given;
        this.redis = EmbeddedRedis.in(data.resolve("redis"), 0);
        this.mariaDb = EmbeddedMariaDb.in(data.resolve("mariadb"), 0, progress);
        this.progress = progress;
        this.zooKeeper = EmbeddedZooKeeper.in(data.resolve("zookeeper"), 0);
    }

    /**
     * Starts those that are not given; ends processes which an earlier owner of the folder left.
     *
     * @param fresh the data of the embedded ones is deleted first
     */
    void start(boolean fresh) {
        if (fresh) {
            redis.empty();
            mariaDb.empty();
            zooKeeper.empty();
        }
        if (given.zookeeper().isEmpty()) {
            life.add(zooKeeper).start();
        }
        if (given.redis().isEmpty()) {
            revived("Redis", redis).start();
        }
        if (given.mysql().isEmpty()) {
            revived("MariaDB", mariaDb).start();
        }
    }

    private StoreChild revived(String name, StoreServer store) {
        return life.add(new StoreChild(name, store, true, Guard.NONE, progress));
    }

    public String redisUri() {
        return given.redis().orElseGet(() -> redis.uri().toString());
    }

    /** User and password included. */
    public String mysqlUrl() {
        return given.mysql().orElseGet(mariaDb::jdbcUrl);
    }

    public String zookeeperHosts() {
        return given.zookeeper().orElseGet(zooKeeper::uri);
    }

    /** To stop, kill or pause it; empty where one was given. */
    public Optional<EmbeddedRedis> redis() {
        return given.redis().isPresent() ? Optional.empty() : Optional.of(redis);
    }

    /** To stop, kill or pause it; empty where one was given. */
    public Optional<EmbeddedMariaDb> mariaDb() {
        return given.mysql().isPresent() ? Optional.empty() : Optional.of(mariaDb);
    }

    /** To stop it and to end sessions; empty where one was given. */
    public Optional<EmbeddedZooKeeper> zooKeeper() {
        return given.zookeeper().isPresent() ? Optional.empty() : Optional.of(zooKeeper);
    }

    @Override
    public void close() {
        life.close();
    }
}
