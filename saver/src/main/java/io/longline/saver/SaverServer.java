package io.longline.saver;

import io.longline.keeper.admin.AdminServer;
import io.longline.keeper.admin.Health;
import io.longline.keeper.discovery.Announcement;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.lease.ZkLeases;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.metrics.Metrics;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcServer;
import io.longline.saver.away.Absentees;
import io.longline.saver.away.LeaveFlow;
import io.longline.saver.away.MysqlInboxes;
import io.longline.saver.away.RedisAway;
import io.longline.saver.away.ReturnFlow;
import io.longline.saver.budget.BudgetWatch;
import io.longline.saver.budget.Budgets;
import io.longline.saver.budget.RedisBudget;
import io.longline.saver.device.DeviceJournalGrpcService;
import io.longline.saver.endpoint.ProductPolicy;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.inbox.Inbox;
import io.longline.saver.inbox.InboxGrpcService;
import io.longline.saver.inbox.RedisInbox;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlJournal;
import io.longline.saver.journal.MysqlPurge;
import io.longline.saver.journal.MysqlReader;
import io.longline.saver.journal.MysqlSettings;
import io.longline.saver.message.MessageRecords;
import io.longline.saver.message.MessagesGrpcService;
import io.longline.saver.message.RedisRecords;
import io.longline.saver.rebuild.Rebuild;
import io.longline.saver.rebuild.RedisRestore;
import io.longline.saver.rebuild.ShardRestore;
import io.longline.saver.time.RedisTime;
import io.longline.saver.time.StoreTimeGrpcService;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One saver. {@link #open} from top to bottom is the start order; closing goes the other way. */
public final class SaverServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SaverServer.class);

    private final SaverConfig config;
    private final Clock clock = Clock.systemUTC();
    private final MeterRegistry registry;
    private final LifeCycle parts = new LifeCycle();
    private @Nullable RpcServer rpc;
    private @Nullable AdminServer admin;

    public SaverServer(SaverConfig config) {
        this.config = config;
        this.registry = Metrics.registry("saver", config.instance());
    }

    /** Opens all of it, or nothing. Stores that are away do not stop it; it waits a while for them and says so. */
    public SaverServer start() {
        try {
            open();
            return this;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open() {
        SaverMetrics metrics = new SaverMetrics(registry);
        ZkSession zookeeper = parts.add(new ZkSession(config.zookeeper()));
        zookeeper.start();
        ZkProducts zkProducts = parts.add(new ZkProducts(zookeeper));
        zkProducts.start();
        ProductPolicy products = new ProductPolicy(zkProducts);
        ZkLeases leases = new ZkLeases(zookeeper, config.instance());

        MysqlDatabase database = parts.add(new MysqlDatabase(config.journal()));
        database.start();
        MysqlReader reader = new MysqlReader(database);
        MysqlJournal journal = parts.add(new MysqlJournal(database, config.journal(), metrics));
        journal.start();
        MysqlPurge purge = parts.add(
                new MysqlPurge(database, () -> leases.tryAcquire("saver/purge"), journal::isBehind, metrics, clock));
        purge.start();

        RedisStore redis = parts.add(new RedisStore(config.redis(), registry));
        redis.start();
        Rebuild rebuild = parts.add(new Rebuild(
                new ShardRestore(new RedisRestore(redis, config.away().after()), reader, journal),
                journal,
                () -> leases.tryAcquire("saver/rebuild"),
                metrics,
                database.restoreConnections()));
        rebuild.suspectAll();
        StoreChecks checks = parts.add(new StoreChecks(redis, new MysqlSettings(database)));
        checks.start();
        rebuild.start();
        redis.onConnect(runId -> {
            journal.hurry();
            rebuild.suspectAll();
            checks.lookNow();
        });

        Budgets budgets = new Budgets(metrics::memoryRefused);
        metrics.watchMemory(budgets);
        BudgetWatch watch = parts.add(new BudgetWatch(new RedisBudget(redis), config.budget(), budgets));
        watch.start();
        ShardCalls shards = new ShardCalls(rebuild::suspect, rebuild::suspects, checks::requireFit);
        RedisAway away = new RedisAway(redis);
        MysqlInboxes rows = new MysqlInboxes(database);
        Absentees absentees = parts.add(new Absentees(
                away,
                new LeaveFlow(away, rows, journal),
                journal,
                budgets,
                () -> leases.tryAcquire("saver/away"),
                config.away(),
                clock,
                metrics));
        absentees.start();
        ReturnFlow returns = new ReturnFlow(away, rows, journal, shards, metrics);
        Inbox inbox = new Inbox(new RedisInbox(redis), journal, products, shards, returns, budgets, metrics);
        MessageRecords records = new MessageRecords(new RedisRecords(redis), shards, budgets);
        rpc = parts.add(new RpcServer(
                config.rpc(),
                registry,
                List.of(
                        new InboxGrpcService(inbox).service(),
                        new MessagesGrpcService(records).service(),
                        new StoreTimeGrpcService(new RedisTime(redis)).service(),
                        new DeviceJournalGrpcService(journal, reader, products, clock).service())));
        rpc.start();
        admin = parts.add(new AdminServer(config.admin(), registry, health(redis, checks, database, journal, rebuild)));
        admin.start();
        awaitStores(database, rebuild);
        ZkDiscovery discovery = parts.add(new ZkDiscovery(zookeeper));
        Node node = node();
        Announcement announcement = parts.add(discovery.announce(node));
        checks.onWarnings(warnings -> announcement.update(node.withWarnings(warnings)));
    }

    private void awaitStores(MysqlDatabase database, Rebuild rebuild) {
        Deadline deadline = Deadline.after(config.startWait());
        if (!database.awaitReady(deadline) || !rebuild.awaitDone(deadline)) {
            log.warn(
                    "starting although stores are not ready: mysql={} shards not served={}",
                    database.isReady() ? "ready" : "away",
                    rebuild.suspected());
        }
    }

    private static Health health(
            RedisStore redis, StoreChecks checks, MysqlDatabase database, MysqlJournal journal, Rebuild rebuild) {
        return new Health()
                .require(
                        "redis",
                        () -> problem(!redis.connected(), "not connected").or(checks::problem))
                .require("mysql", () -> problem(!database.isReady() || journal.isAway(), "away"))
                .require("inboxes", () -> problem(rebuild.suspected() > 0, "shards are being looked at or rebuilt"));
    }

    private static Optional<String> problem(boolean there, String text) {
        return there ? Optional.of(text) : Optional.empty();
    }

    private Node node() {
        long now = clock.millis();
        return new Node(
                "saver",
                config.instance(),
                now * 1024,
                config.advertiseHost() + ":" + started(rpc).advertisedPort(),
                "",
                config.advertiseHost() + ":" + adminPort(),
                List.of(),
                NodeState.READY,
                "",
                100,
                0,
                now);
    }

    public int rpcPort() {
        return started(rpc).port();
    }

    public int adminPort() {
        return started(admin).port();
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the saver is not started");
        }
        return part;
    }

    @Override
    public void close() {
        parts.close();
    }
}
