package io.longline.saver;

import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.lease.ZkLeases;
import io.longline.keeper.life.ServiceFrame;
import io.longline.keeper.pool.QueuedPool;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcServer;
import io.longline.saver.away.Absentees;
import io.longline.saver.away.LeaveFlow;
import io.longline.saver.away.MysqlInboxes;
import io.longline.saver.away.RedisAway;
import io.longline.saver.away.ReturnFlow;
import io.longline.saver.backlog.BacklogGrpcService;
import io.longline.saver.budget.BudgetWatch;
import io.longline.saver.budget.Budgets;
import io.longline.saver.budget.ExplainRound;
import io.longline.saver.budget.RedisBudget;
import io.longline.saver.deadletter.DeadLetterGrpcService;
import io.longline.saver.deadletter.MysqlDeadLetterPurge;
import io.longline.saver.device.DeviceJournalGrpcService;
import io.longline.saver.endpoint.MessageEvents;
import io.longline.saver.endpoint.ProductPolicy;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.expiry.Expiry;
import io.longline.saver.expiry.RedisExpiry;
import io.longline.saver.inbox.Inbox;
import io.longline.saver.inbox.InboxGrpcService;
import io.longline.saver.inbox.RecentAcks;
import io.longline.saver.inbox.RedisInbox;
import io.longline.saver.inbox.RedisRecentAcks;
import io.longline.saver.inbox.RedisUntaken;
import io.longline.saver.inbox.UnheardAcks;
import io.longline.saver.inbox.UntakenGrpcService;
import io.longline.saver.job.JobGrpcService;
import io.longline.saver.job.MysqlJobPurge;
import io.longline.saver.job.RedisJobAcks;
import io.longline.saver.journal.MysqlDatabase;
import io.longline.saver.journal.MysqlJournal;
import io.longline.saver.journal.MysqlPurge;
import io.longline.saver.journal.MysqlReader;
import io.longline.saver.journal.MysqlSettings;
import io.longline.saver.journal.MysqlTopicReader;
import io.longline.saver.message.MessageRecords;
import io.longline.saver.message.MessagesGrpcService;
import io.longline.saver.message.RedisRecords;
import io.longline.saver.quota.QuotaGrpcService;
import io.longline.saver.quota.RedisQuota;
import io.longline.saver.rebuild.Rebuild;
import io.longline.saver.rebuild.RedisRestore;
import io.longline.saver.rebuild.ShardRestore;
import io.longline.saver.rebuild.TopicRestore;
import io.longline.saver.rebuild.WholeNotes;
import io.longline.saver.schedule.RedisSchedule;
import io.longline.saver.schedule.Schedule;
import io.longline.saver.schedule.ScheduleGrpcService;
import io.longline.saver.stats.RedisStats;
import io.longline.saver.stats.StatsGrpcService;
import io.longline.saver.stats.Tally;
import io.longline.saver.stats.TallyLoop;
import io.longline.saver.time.RedisTime;
import io.longline.saver.time.StoreTimeGrpcService;
import io.longline.saver.topic.Broadcasts;
import io.longline.saver.topic.LogReads;
import io.longline.saver.topic.Positions;
import io.longline.saver.topic.Reached;
import io.longline.saver.topic.RedisTopics;
import io.longline.saver.topic.TopicGrpcService;
import io.longline.saver.topic.TopicLimits;
import io.longline.saver.topic.TopicLogs;
import io.longline.saver.topic.TopicRecall;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One saver. {@link #open} from top to bottom is the start order; closing goes the other way. */
public final class SaverServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SaverServer.class);

    /** Of what expired in MySQL alone: reads that clients wait for come by the same connections. */
    private static final int RETURNS_AT_ONCE = 4;

    private static final int RETURNS_WAITING = 1_000;
    private static final Duration RETURNS_WAIT = Duration.ofSeconds(30);

    private final SaverConfig config;
    private final Clock clock = Clock.systemUTC();
    private final ServiceFrame frame;
    private @Nullable RpcServer rpc;

    public SaverServer(SaverConfig config) {
        this.config = config;
        this.frame = new ServiceFrame("saver", config.service(), clock);
    }

    /** Opens all of it, or nothing. Stores that are away do not stop it; it waits a while for them and says so. */
    public SaverServer start() {
        frame.start(
                this::open, () -> frame.node(config.service().address(started().advertisedPort()), ""));
        return this;
    }

    private void open() {
        SaverMetrics metrics = new SaverMetrics(frame.registry());
        ZkProducts zkProducts = frame.add(new ZkProducts(frame.zookeeper()));
        zkProducts.start();
        ProductPolicy products = new ProductPolicy(zkProducts);
        TopicLimits logLimits = new TopicLimits(config.topic(), products);
        MessageEvents events = new MessageEvents(zkProducts, config.messageEvents(), metrics::eventsUnheard);
        ZkLeases leases = new ZkLeases(frame.zookeeper(), config.service().instance());

        MysqlDatabase database = frame.add(new MysqlDatabase(config.journal()));
        database.start();
        MysqlReader reader = new MysqlReader(database);
        MysqlTopicReader topicReader = new MysqlTopicReader(database);
        MysqlJournal journal = frame.add(new MysqlJournal(database, config.journal(), metrics));
        journal.start();
        MysqlPurge purge = frame.add(
                new MysqlPurge(database, () -> leases.tryAcquire("saver/purge"), journal::isBehind, metrics, clock));
        purge.start();
        frame.add(new LeasedLoop("saver/jobs", leases, MysqlJobPurge.PERIOD, new MysqlJobPurge(database)))
                .start();
        MysqlDeadLetterPurge letters = new MysqlDeadLetterPurge(database, config.deadLetters(), metrics);
        frame.add(new LeasedLoop("saver/dead-letters", leases, MysqlDeadLetterPurge.PERIOD, letters))
                .start();

        RedisStore redis = frame.add(new RedisStore(config.redis(), frame.registry()));
        redis.start();
        RedisRestore restore = new RedisRestore(redis, config.away().after());
        Rebuild rebuild = frame.add(new Rebuild(
                new ShardRestore(restore, reader, new TopicRestore(restore, topicReader, logLimits), journal),
                journal,
                () -> leases.tryAcquire("saver/rebuild"),
                metrics,
                database.restoreConnections()));
        rebuild.suspectAll();
        StoreChecks checks = frame.add(new StoreChecks(redis, new MysqlSettings(database)));
        checks.start();
        rebuild.start();
        redis.onConnect(runId -> {
            journal.hurry();
            rebuild.suspectAll();
            checks.lookNow();
        });

        frame.add(LeasedLoop.keeping("saver/whole", leases, WholeNotes.PERIOD, new WholeNotes(redis, restore)))
                .start();

        Budgets budgets = new Budgets(metrics::memoryRefused);
        metrics.watchMemory(budgets);
        RedisBudget budget = new RedisBudget(redis);
        BudgetWatch watch = frame.add(new BudgetWatch(budget, config.budget(), budgets));
        watch.start();
        ExplainRound explains = new ExplainRound(budget, budgets, metrics::explainGivenUp);
        frame.add(LeasedLoop.keeping("saver/explain", leases, ExplainRound.PERIOD, explains))
                .start();
        ShardCalls shards =
                new ShardCalls(config.lostShardPatience(), rebuild::suspect, rebuild::suspects, checks::requireFit);
        RedisAway away = new RedisAway(redis, events);
        MysqlInboxes rows = new MysqlInboxes(database);
        Absentees absentees = frame.add(new Absentees(
                away,
                new LeaveFlow(away, rows, journal),
                journal,
                budgets,
                () -> leases.tryAcquire("saver/away"),
                config.away(),
                metrics));
        absentees.start();
        ReturnFlow returns = new ReturnFlow(away, rows, journal, shards, metrics);
        Tally tally = new Tally();
        RedisStats stats = new RedisStats(redis);
        frame.add(new TallyLoop(tally, stats)).start();
        RedisInbox inboxes = new RedisInbox(redis, config.service().instance(), tally, events);
        UnheardAcks unheard = frame.add(new UnheardAcks(inboxes, journal, metrics));
        RecentAcks recentAcks = new RecentAcks(new RedisRecentAcks(redis), journal);
        LeasedLoop acks = frame.add(new LeasedLoop("saver/acks", leases, RecentAcks.PERIOD, recentAcks));
        frame.add(frame.discovery().watch("saver", savers -> {
            recentAcks.members(savers);
            acks.wake();
        }));
        acks.start();
        Inbox inbox = new Inbox(inboxes, unheard, journal, products, shards, returns, budgets, metrics);
        startExpiry(new RedisExpiry(redis), events, new Expiry.Look(inbox::dropExpiredHere, inbox::dropExpired));
        MessageRecords records = new MessageRecords(new RedisRecords(redis, tally, events), shards, budgets);
        Schedule schedule = new Schedule(new RedisSchedule(redis), journal, products, shards, budgets);
        RedisTopics topics = new RedisTopics(redis, logLimits);
        LogReads logReads = new LogReads(topics, shards, config.topic(), metrics);
        redis.onConnect(runIds -> logReads.forget());
        TopicGrpcService topicService = new TopicGrpcService(
                new TopicLogs(topics, journal, products, shards, budgets),
                new TopicRecall(topics, journal, shards),
                logReads,
                new Positions(topics, journal, shards),
                new Reached(topics, shards),
                new Broadcasts(topics, journal, shards));
        RpcServer server = frame.add(new RpcServer(
                config.rpc(),
                frame.registry(),
                List.of(
                        new UntakenGrpcService(new RedisUntaken(redis, events), shards)
                                .addTo(new InboxGrpcService(inbox).service()),
                        new MessagesGrpcService(records).service(),
                        new ScheduleGrpcService(schedule).service(),
                        topicService.service(),
                        new JobGrpcService(database, new RedisJobAcks(redis)).service(),
                        new DeadLetterGrpcService(database, config.deadLetters(), metrics).service(),
                        new BacklogGrpcService(database, config.backlog(), metrics).service(),
                        new StoreTimeGrpcService(new RedisTime(redis)).service(),
                        new QuotaGrpcService(new RedisQuota(redis)).service(),
                        new StatsGrpcService(tally, stats, shards).service(),
                        new DeviceJournalGrpcService(journal, reader, topicReader, products, clock).service())));
        server.start();
        rpc = server;
        requireHealth(redis, checks, database, journal, rebuild);
        checks.onWarnings(frame::warn);
        awaitStores(database, rebuild);
    }

    private void startExpiry(RedisExpiry store, MessageEvents events, Expiry.Look look) {
        QueuedPool slow =
                frame.add(new QueuedPool("expiry", RETURNS_AT_ONCE, RETURNS_WAITING, RETURNS_WAIT, frame.registry()));
        Expiry expiry =
                frame.add(new Expiry(store, events, look, slow, config.service().instance()));
        frame.add(frame.discovery().watch("saver", expiry::members));
        expiry.start();
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

    private void requireHealth(
            RedisStore redis, StoreChecks checks, MysqlDatabase database, MysqlJournal journal, Rebuild rebuild) {
        frame.health()
                .require(
                        "redis",
                        () -> problem(!redis.connected(), "not connected").or(checks::problem))
                .require("mysql", () -> problem(!database.isReady() || journal.isAway(), "away"))
                .require("inboxes", () -> problem(rebuild.suspected() > 0, "shards are being looked at or rebuilt"));
    }

    private static Optional<String> problem(boolean there, String text) {
        return there ? Optional.of(text) : Optional.empty();
    }

    public int rpcPort() {
        return started().port();
    }

    public int adminPort() {
        return frame.adminPort();
    }

    private RpcServer started() {
        RpcServer running = rpc;
        if (running == null) {
            throw new IllegalStateException("the saver is not started");
        }
        return running;
    }

    @Override
    public void close() {
        frame.close();
    }
}
