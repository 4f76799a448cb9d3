package io.longline.deploy.faults;

import io.longline.deploy.proxy.Network;
import io.longline.deploy.service.Guard;
import io.longline.deploy.service.StoreChild;
import io.longline.stores.EmbeddedMariaDb;
import io.longline.stores.EmbeddedRedis;
import io.longline.stores.StoreServer;
import io.longline.stores.ZooKeeperProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The stores of a {@link FaultCluster}, and what can happen to their contents. */
public final class FaultStores {
    private static final String APPEND_ONLY = "appendonly.aof";

    private final EmbeddedRedis redis;
    private final EmbeddedMariaDb mariaDb;
    private final ZooKeeperProcess zooKeeper;
    private final Map<PartKind, StoreChild> children;
    private final Path saved;
    private final Network network;

    FaultStores(FaultPlan plan, Guard guard, Network network) {
        Path data = plan.data();
        this.network = network;
        this.redis = EmbeddedRedis.in(data.resolve("redis"), 0);
        this.mariaDb = EmbeddedMariaDb.in(data.resolve("mariadb"), 0, line -> {});
        this.zooKeeper = ZooKeeperProcess.in(
                data.resolve("zookeeper"), 0, plan.javaFlags().toArray(String[]::new));
        this.saved = data.resolve("redis-saved.aof");
        this.children = Map.of(
                PartKind.REDIS, child(PartKind.REDIS, redis, plan, guard),
                PartKind.MYSQL, child(PartKind.MYSQL, mariaDb, plan, guard),
                PartKind.ZOOKEEPER, child(PartKind.ZOOKEEPER, zooKeeper, plan, guard));
    }

    private static StoreChild child(PartKind kind, StoreServer server, FaultPlan plan, Guard guard) {
        return new StoreChild(kind.word(), server, plan.revive(), guard, line -> {});
    }

    /** All at once; returns when they serve. */
    void start() {
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> starts = new ArrayList<>();
            children.values().forEach(child -> starts.add(all.submit(child::start)));
            for (Future<?> start : starts) {
                start.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a store could not be started", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the stores started", e);
        }
    }

    List<Part> parts() {
        return List.of(part(PartKind.REDIS, redis), part(PartKind.MYSQL, mariaDb), part(PartKind.ZOOKEEPER, zooKeeper));
    }

    private Part part(PartKind kind, StoreServer server) {
        return new ProcessPart(kind.word(), kind, child(kind), server::isServing, Map::of, server.log());
    }

    private StoreChild child(PartKind kind) {
        return Objects.requireNonNull(children.get(kind));
    }

    /** {@code FLUSHALL}: everything is gone, and the Redis is the same one. It must serve. */
    public void flushRedis() {
        redis.tell("FLUSHALL");
    }

    /** Killed, its files deleted, and started again: another, empty Redis at the same address. Returns when it serves. */
    public void emptyRedis() {
        child(PartKind.REDIS).restartAfter(redis::empty);
    }

    /** Keeps a copy of what Redis has now, for {@link #rollBackRedis}; a copy kept earlier is replaced. */
    public void saveRedis() {
        copy(appendOnly(), saved);
    }

    /** Killed, its append-only file replaced by the copy that was saved, and started again. Returns when it serves. */
    public void rollBackRedis() {
        if (!Files.exists(saved)) {
            throw new IllegalStateException("Redis was not saved");
        }
        child(PartKind.REDIS).restartAfter(() -> copy(saved, appendOnly()));
    }

    private Path appendOnly() {
        return redis.directory().resolve(APPEND_ONLY);
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + from + " to " + to, e);
        }
    }

    /** Each commit of MySQL reaches it so much later, and everything else as fast as ever; zero ends it. */
    public void slowMySql(Duration commitDelay) {
        network.delayCommits(commitDelay);
    }

    /** Where ZooKeeper itself listens; not through a proxy. */
    public String zookeeperHosts() {
        return zooKeeper.uri();
    }

    /** What a service is told of them. */
    Map<String, String> settings(Routes routes) {
        int redisPort = routes.to(PartKind.REDIS, redis.port());
        int mysqlPort = routes.to(PartKind.MYSQL, mariaDb.port());
        int zooKeeperPort = routes.to(PartKind.ZOOKEEPER, zooKeeper.port());
        return Map.of(
                "redis.uri", "redis://127.0.0.1:" + redisPort,
                "mysql.url", mariaDb.jdbcUrl().replace(":" + mariaDb.port() + "/", ":" + mysqlPort + "/"),
                "zookeeper.hosts", "127.0.0.1:" + zooKeeperPort);
    }

    /** Where others find a store that listens on a port. */
    @FunctionalInterface
    interface Routes {
        int to(PartKind store, int port);
    }

    void close() {
        children.values().forEach(StoreChild::closeForcibly);
    }
}
