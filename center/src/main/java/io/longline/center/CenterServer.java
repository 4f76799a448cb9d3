package io.longline.center;

import io.longline.center.admin.NodeHttp;
import io.longline.center.admin.ProductHttp;
import io.longline.center.audience.AudienceClient;
import io.longline.center.broadcast.BroadcastFlow;
import io.longline.center.broadcast.BroadcastHttp;
import io.longline.center.broadcastrun.BroadcastClient;
import io.longline.center.broadcastrun.BroadcastLogClient;
import io.longline.center.broadcastrun.BroadcastTools;
import io.longline.center.broadcastrun.LateAcks;
import io.longline.center.callback.CallbackHttp;
import io.longline.center.clock.StoreClock;
import io.longline.center.clock.TimeClient;
import io.longline.center.deadletter.DeadLetterClient;
import io.longline.center.deadletter.DeadLetterHttp;
import io.longline.center.due.DueFlow;
import io.longline.center.due.DueRound;
import io.longline.center.follow.FollowClient;
import io.longline.center.follow.FollowHttp;
import io.longline.center.http.Api;
import io.longline.center.http.OpenApiHttp;
import io.longline.center.http.OperatorAuthentication;
import io.longline.center.http.ProductAuthentication;
import io.longline.center.http.ProductLimits;
import io.longline.center.http.ProductShare;
import io.longline.center.http.RequestLimit;
import io.longline.center.job.JobClient;
import io.longline.center.job.JobHttp;
import io.longline.center.job.JobWorkClient;
import io.longline.center.jobrun.JobLoop;
import io.longline.center.jobrun.KickRun;
import io.longline.center.jobrun.RecallRun;
import io.longline.center.jobrun.SendRun;
import io.longline.center.kick.BatchKickHttp;
import io.longline.center.kick.KickClient;
import io.longline.center.kick.KickHttp;
import io.longline.center.many.BatchHttp;
import io.longline.center.many.MulticastHttp;
import io.longline.center.message.AckWait;
import io.longline.center.message.MessageClient;
import io.longline.center.message.MessageHttp;
import io.longline.center.message.MessageOfTopic;
import io.longline.center.place.PlaceCache;
import io.longline.center.presence.PresenceClient;
import io.longline.center.presence.PresenceHttp;
import io.longline.center.quota.Admission;
import io.longline.center.quota.QuotaClient;
import io.longline.center.recall.RecallHttp;
import io.longline.center.recall.Whereabouts;
import io.longline.center.sample.SampleClient;
import io.longline.center.schedule.ScheduleClient;
import io.longline.center.stats.StatsClient;
import io.longline.center.stats.StatsHttp;
import io.longline.center.stats.TrafficLoop;
import io.longline.center.sweep.RoomHints;
import io.longline.center.sweep.SweepRound;
import io.longline.center.sweep.UnsentClient;
import io.longline.center.token.TokenHttp;
import io.longline.center.topic.Gathering;
import io.longline.center.topic.LogClient;
import io.longline.center.topic.ReachClient;
import io.longline.center.topic.TopicClient;
import io.longline.center.topic.TopicFlow;
import io.longline.center.topic.TopicHttp;
import io.longline.center.topic.TopicRound;
import io.longline.center.topic.UntoldClient;
import io.longline.center.traffic.Traffic;
import io.longline.center.unicast.HandOverFlow;
import io.longline.center.unicast.Idempotency;
import io.longline.center.unicast.PushFlow;
import io.longline.center.unicast.RegisterClient;
import io.longline.center.unicast.RoomClient;
import io.longline.center.unicast.SaverClient;
import io.longline.center.unicast.Sender;
import io.longline.center.unicast.UnicastHttp;
import io.longline.center.unicast.UntakenClient;
import io.longline.center.uplink.GroupClient;
import io.longline.center.uplink.GroupHttp;
import io.longline.center.user.ForgetClient;
import io.longline.center.user.ForgetHttp;
import io.longline.center.user.InboxClient;
import io.longline.center.user.OnlineClient;
import io.longline.center.user.PendingHttp;
import io.longline.center.user.UserHttp;
import io.longline.keeper.admin.AdminServer;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.http.HttpLayer;
import io.longline.keeper.http.HttpRoutes;
import io.longline.keeper.http.HttpServer;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.lease.ZkLeases;
import io.longline.keeper.life.ServiceFrame;
import io.longline.keeper.live.LiveConfig;
import io.longline.keeper.product.ApiScope;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.rpc.Peers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** One center. Its start order is {@link #open}, what it answers is {@link #answer}. */
public final class CenterServer implements AutoCloseable {
    private static final String GROUP = "/v1/uplinks/{type}/groups/{group}";
    private static final String LETTERS = "/v1/dead-letters";
    private static final String PENDING = "/v1/users/{user}/devices/{device}/pending";
    /** Each holds its users in memory, some 20 MB where their ids are of the greatest length. */
    private static final int KICK_LISTS = 4;

    private static final String FOLLOWED = "/v1/users/{user}/topics/{topic}";
    /** Of client tokens: what rooms forgive. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

    private final CenterConfig config;
    private final InstantSource clock;
    private final ServiceFrame frame;
    private final CenterMetrics metrics;
    private final ZkProducts products;
    private final LiveConfig<Optional<String>> operatorSecret;
    private final Peers registers;
    private final Peers savers;
    private final Peers rooms;
    private final Peers coordinators;
    private final GroupHttp groups;
    private final RoomClient room;
    private final StoreClock storeClock;
    private final Admission admission;
    private final UntakenClient untaken;
    private final PushFlow flow;
    private final Idempotency idempotency;
    private final Traffic traffic = new Traffic();
    private final LateAcks lateAcks;
    private final JobLoop jobLoop;
    private final StatsClient stats;
    private final HttpRoutes routes;
    private final HttpServer http;

    public CenterServer(CenterConfig config) {
        this(config, InstantSource.system());
    }

    /** @param clock of this process, by which client tokens are issued; messages go by the store's */
    public CenterServer(CenterConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.frame = new ServiceFrame("center", config.service(), clock);
        this.metrics = new CenterMetrics(frame.registry());
        this.products = new ZkProducts(frame.zookeeper());
        this.operatorSecret =
                new LiveConfig<>("center", ConfigSource.builder().build(), CenterConfig::readOperatorSecret);
        this.registers = peers("register");
        this.savers = peers("saver");
        this.rooms = peers("room");
        this.coordinators = peers("coordinator");
        this.groups = new GroupHttp(new GroupClient(coordinators), config.patience());
        this.room = new RoomClient(rooms, config.limits().hintsPerRoom(), metrics);
        frame.health().require("register", () -> missing(registers)).require("saver", () -> missing(savers));
        this.storeClock = new StoreClock(new TimeClient(savers), clock, this::clockCompared);
        this.admission = new Admission(products, new QuotaClient(savers), this::centers, metrics);
        this.untaken = new UntakenClient(savers, products, metrics);
        this.flow = flow();
        this.idempotency = new Idempotency(
                new SaverClient(savers, instance()),
                new MessageClient(savers, instance()),
                flow,
                new ScheduleClient(savers),
                storeClock);
        this.stats = new StatsClient(savers, registers);
        this.lateAcks = new LateAcks(new JobWorkClient(savers, instance()));
        this.jobLoop = jobLoop();
        this.routes = AdminServer.addTo(new HttpRoutes(), frame.registry(), frame.health());
        answer();
        this.http = new HttpServer(config.http(), frame.registry(), routes, JobHttp.MAX_BODY);
    }

    /** Opens everything, announces itself last; what is open is closed again if something fails. */
    public void start() {
        frame.start(this::open, this::node);
    }

    private void open() {
        frame.add(products).start();
        frame.add(operatorSecret).start(frame.zookeeper());
        frame.add(registers).start();
        frame.add(savers).start();
        frame.add(rooms).start();
        frame.add(coordinators).start();
        var _ = centers(); // followed from now on, so that nobody waits for it later
        ZkLeases leases = new ZkLeases(frame.zookeeper(), config.service().instance());
        sweep(leases);
        sendWhatIsDue(leases);
        tellRooms(leases);
        frame.add(new TrafficLoop(traffic, stats)).start();
        frame.add(lateAcks);
        frame.add(jobLoop).start();
        frame.add(http).start();
        frame.add(groups); // so that pulls which wait are answered before the port closes
    }

    /** What is answered, and by whom; beside it {@code /healthz}, {@code /readyz} and {@code /metrics}. */
    private void answer() {
        Sender sender = new Sender(
                admission,
                idempotency,
                new AckWait(new MessageClient(savers, instance())),
                config.patience(),
                traffic,
                metrics);
        UnicastHttp unicast = new UnicastHttp(sender);
        int most = config.limits().lists();
        List<HttpLayer> lists =
                List.of(new RequestLimit(most, "center has " + most + " lists in work", metrics::overListLimit));
        JobClient jobClient = new JobClient(savers, instance());
        MessageClient messageClient = new MessageClient(savers, instance());
        TopicClient topicClient = new TopicClient(savers, instance());
        MessageOfTopic ofTopic = new MessageOfTopic(topicClient, storeClock);
        SampleClient samples = new SampleClient(registers, savers);
        MessageHttp messages = new MessageHttp(messageClient, jobClient, ofTopic, samples, config.patience());
        RecallHttp recalls = new RecallHttp(
                messageClient, whereabouts(), new ScheduleClient(savers), jobClient, ofTopic, config.patience());
        JobHttp jobs = new JobHttp(
                jobClient,
                topicClient,
                storeClock,
                config.jobs(),
                (int) Math.min(Integer.MAX_VALUE, config.http().maxBodyBytes()),
                config.patience(),
                metrics);
        int mostJobLists = config.jobs().lists();
        List<HttpLayer> jobLists = List.of(new RequestLimit(
                mostJobLists, "center reads " + mostJobLists + " lists of jobs", metrics::overJobListLimit));
        AudienceClient audience = new AudienceClient(registers, config.patience());
        BroadcastHttp broadcasts = new BroadcastHttp(
                new BroadcastFlow(
                        admission, jobClient, storeClock, config.patience(), traffic, jobLoop::broadcastQueued),
                audience);
        InboxClient inboxes = new InboxClient(savers, new TimeClient(savers));
        UserHttp users =
                new UserHttp(new RegisterClient(registers), new OnlineClient(registers), inboxes, config.patience());
        PendingHttp pending = new PendingHttp(inboxes, config.patience());
        ForgetHttp forgets = new ForgetHttp(new ForgetClient(registers), config.patience());
        KickHttp kicks = new KickHttp(new KickClient(registers), config.patience());
        BatchKickHttp batchKicks = new BatchKickHttp(jobClient, storeClock, config.patience(), jobLoop::kickQueued);
        List<HttpLayer> kickLists = List.of(
                new ProductShare(half(KICK_LISTS), "lists of users to kick", metrics::overKickListLimit),
                new RequestLimit(
                        KICK_LISTS,
                        "center reads " + KICK_LISTS + " lists of users to kick",
                        metrics::overKickListLimit));
        TopicFlow.Waits waits = new TopicFlow.Waits(
                config.patience(), config.unicast().handOver(), config.topics().telling());
        ReachClient reach = new ReachClient(rooms, config.limits().hintsPerRoom(), metrics);
        Gathering gathering =
                new Gathering(products, Math.ceilDiv(config.limits().hintsPerRoom(), 2));
        TopicFlow topicFlow = new TopicFlow(admission, topicClient, reach, gathering, waits, traffic, metrics);
        TopicHttp topics = new TopicHttp(topicFlow, new LogClient(savers), audience, config.patience());
        FollowHttp follows = new FollowHttp(new FollowClient(registers, savers), config.patience());
        PresenceHttp presence = new PresenceHttp(new PresenceClient(coordinators), config.patience());
        TokenHttp tokens = new TokenHttp(clock);
        CallbackHttp callbacks = new CallbackHttp(products);
        DeadLetterHttp letters = new DeadLetterHttp(new DeadLetterClient(savers, coordinators), config.patience());
        ProductHttp productHttp = new ProductHttp(products);
        NodeHttp nodes = new NodeHttp(frame.discovery());
        new Api(routes, productLayers(), operatorLayers())
                .open("GET", "/openapi.json", new OpenApiHttp()::get)
                .product(ApiScope.SEND, "POST", "/v1/messages:send", unicast::send)
                .product(
                        ApiScope.SEND,
                        "POST",
                        "/v1/messages:multicast",
                        HttpLayer.chain(lists, new MulticastHttp(sender)::send))
                .product(
                        ApiScope.SEND,
                        "POST",
                        "/v1/messages:batch",
                        HttpLayer.chain(lists, new BatchHttp(sender)::send))
                .product(ApiScope.SEND, "POST", "/v1/simple/{user}", unicast::simple)
                .product(ApiScope.READ, "GET", "/v1/messages/{id}", messages::get)
                .product(ApiScope.READ, "GET", "/v1/messages/{id}/timeline", messages::timeline)
                .product(ApiScope.SEND, "DELETE", "/v1/messages/{id}", recalls::recall)
                .product(ApiScope.SEND, "POST", "/v1/topics/{topic}:send", topics::send)
                .product(ApiScope.READ, "GET", "/v1/topics", topics::list)
                .product(ApiScope.READ, "GET", "/v1/topics/{topic}/messages", topics::messages)
                .product(ApiScope.READ, "GET", "/v1/topics/{topic}/users", follows::users)
                .product(ApiScope.FULL, "PUT", FOLLOWED, follows::follow)
                .product(ApiScope.FULL, "DELETE", FOLLOWED, follows::unfollow)
                .product(ApiScope.SEND, "POST", "/v1/broadcasts", broadcasts::submit)
                .product(ApiScope.SEND, "POST", "/v1/jobs", HttpLayer.chain(jobLists, jobs::submit))
                .product(ApiScope.READ, "GET", "/v1/jobs", jobs::list)
                .product(ApiScope.READ, "GET", "/v1/jobs/{id}", jobs::get)
                .product(ApiScope.SEND, "PATCH", "/v1/jobs/{id}", jobs::change)
                .product(ApiScope.READ, "GET", "/v1/users", users::online)
                .product(ApiScope.READ, "GET", "/v1/users/{user}", users::get)
                .product(ApiScope.READ, "POST", "/v1/users:batchGet", users::batchGet)
                .product(ApiScope.FULL, "POST", "/v1/users/{user}:kick", kicks::kick)
                .product(ApiScope.FULL, "POST", "/v1/users:batchKick", HttpLayer.chain(kickLists, batchKicks::submit))
                .product(ApiScope.FULL, "DELETE", "/v1/users/{user}", forgets::user)
                .product(ApiScope.FULL, "DELETE", "/v1/users/{user}/devices/{device}", forgets::device)
                .product(ApiScope.READ, "GET", PENDING, pending::list)
                .product(ApiScope.FULL, "DELETE", PENDING, pending::empty)
                .product(ApiScope.FULL, "POST", "/v1/tokens", tokens::issue)
                .product(ApiScope.READ, "GET", "/v1/callbacks", callbacks::get)
                .product(ApiScope.FULL, "PUT", "/v1/callbacks", callbacks::put)
                .product(ApiScope.READ, "GET", "/v1/presence", presence::events)
                .product(ApiScope.READ, "GET", "/v1/presence/snapshot", presence::snapshot)
                .product(ApiScope.READ, "GET", "/v1/uplinks", groups::list)
                .product(ApiScope.FULL, "POST", GROUP + ":pull", HttpLayer.chain(pullLimit(), groups::pull))
                .product(ApiScope.FULL, "POST", GROUP + ":finish", groups::finish)
                .product(ApiScope.FULL, "POST", GROUP + ":requeue", groups::requeue)
                .product(ApiScope.FULL, "DELETE", GROUP, groups::forget)
                .product(ApiScope.READ, "GET", LETTERS, letters::list)
                .product(ApiScope.FULL, "DELETE", LETTERS, letters::purge)
                .product(ApiScope.READ, "GET", LETTERS + "/{id}", letters::get)
                .product(ApiScope.FULL, "DELETE", LETTERS + "/{id}", letters::delete)
                .product(ApiScope.FULL, "POST", LETTERS + "/{id}:retry", letters::retry)
                .product(ApiScope.READ, "GET", "/v1/stats", new StatsHttp(stats, config.patience())::get)
                .operator("POST", "/admin/v1/products", productHttp::create)
                .operator("GET", "/admin/v1/products", productHttp::list)
                .operator("GET", "/admin/v1/products/{id}", productHttp::get)
                .operator("PATCH", "/admin/v1/products/{id}", productHttp::change)
                .operator("POST", "/admin/v1/products/{id}:rotate", productHttp::rotate)
                .operator("POST", "/admin/v1/products/{id}:retire", productHttp::retire)
                .operator("GET", "/admin/v1/nodes", nodes::list);
    }

    private List<HttpLayer> pullLimit() {
        int most = config.pulls().most();
        return List.of(
                new ProductShare(half(most), "pulls", metrics::overPullLimit),
                new RequestLimit(most, "center has " + most + " pulls in work", metrics::overPullLimit));
    }

    /** So much of it one product may have, that others find room. */
    private static int half(int most) {
        return Math.max(1, most / 2);
    }

    /** Behind the HTTP server's own: request id, the bound on all requests, metrics. Idempotency is the first thing of a push. */
    private List<HttpLayer> productLayers() {
        return List.of(
                new ProductAuthentication(products),
                new ProductLimits(
                        config.limits().requestsPerProduct(), config.limits().journaledRequests(), traffic, metrics));
    }

    private List<HttpLayer> operatorLayers() {
        return List.of(new OperatorAuthentication(operatorSecret::current));
    }

    private PushFlow flow() {
        RegisterClient register = new RegisterClient(registers);
        SaverClient saver = new SaverClient(savers, instance());
        PlaceCache places = new PlaceCache(config.places());
        metrics.watchClock(storeClock::aheadMs);
        metrics.watchPlaces(places::size, 2 * config.places().most());
        HandOverFlow handOver =
                new HandOverFlow(register, room, places, config.unicast().handOver(), metrics);
        return new PushFlow(
                register, saver, handOver, places, untaken, config.unicast().settling(), metrics);
    }

    private int centers() {
        return frame.discovery().nodes("center").size();
    }

    /** Messages do not go by this process's clock, but client tokens do. */
    private void clockCompared(long aheadMs) {
        Duration off = Duration.ofMillis(aheadMs).abs();
        boolean wrong = off.compareTo(CLOCK_TOLERANCE) > 0;
        String where = off.toSeconds() + " s " + (aheadMs > 0 ? "ahead of" : "behind");
        frame.warn(wrong ? List.of("its clock is " + where + " that of redis") : List.of());
    }

    private void sweep(ZkLeases leases) {
        SaverClient saver = new SaverClient(savers, instance());
        SweepRound round = new SweepRound(
                new UnsentClient(savers),
                new RegisterClient(registers),
                saver,
                frame.add(new RoomHints(room, saver, metrics)),
                config.sweep().olderThan(),
                metrics);
        frame.add(LeasedLoop.keeping("center/unsent", leases, config.sweep().interval(), round))
                .start();
    }

    private void sendWhatIsDue(ZkLeases leases) {
        ScheduleClient schedule = new ScheduleClient(savers);
        int atOnce = config.schedule().atOnce();
        DueFlow flow = new DueFlow(idempotency, schedule, untaken, storeClock, metrics);
        DueRound round = frame.add(new DueRound(schedule, flow, atOnce, metrics));
        metrics.watchDue(round::inWork, atOnce);
        frame.add(LeasedLoop.keeping(
                        "center/schedule", leases, config.schedule().interval(), round))
                .start();
    }

    private void tellRooms(ZkLeases leases) {
        TopicRound round = new TopicRound(
                new UntoldClient(savers),
                new TopicClient(savers, instance()),
                new ReachClient(rooms, TopicRound.AT_ONCE, metrics),
                storeClock,
                config.topics().olderThan(),
                metrics);
        frame.add(LeasedLoop.keeping("center/topics", leases, config.topics().interval(), round))
                .start();
    }

    private JobLoop jobLoop() {
        JobClient jobs = new JobClient(savers, instance());
        JobWorkClient work = new JobWorkClient(savers, instance());
        JobLoop loop = new JobLoop(
                new SendRun.Tools(jobs, work, admission, flow, untaken, storeClock, products, metrics),
                new RecallRun.Tools(work, whereabouts(), new MessageClient(savers, instance())),
                new BroadcastTools(
                        jobs,
                        work,
                        new BroadcastLogClient(savers),
                        new BroadcastClient(rooms, metrics),
                        lateAcks,
                        storeClock,
                        products,
                        metrics),
                new KickRun.Tools(work, new KickClient(registers), storeClock, metrics),
                config.jobs());
        metrics.watchJobs(loop::inWork, config.jobs().atOnce());
        metrics.watchBroadcasts(loop::broadcastsInWork, config.jobs().broadcastsAtOnce());
        return loop;
    }

    private Whereabouts whereabouts() {
        return new Whereabouts(new RegisterClient(registers));
    }

    private String instance() {
        return config.service().instance();
    }

    private Peers peers(String service) {
        return new Peers(service, frame.discovery(), config.rpc(), frame.registry());
    }

    private static Optional<String> missing(Peers peers) {
        return peers.all().isEmpty() ? Optional.of("none is known") : Optional.empty();
    }

    private Node node() {
        return frame.node("", config.service().address(http.advertisedPort()));
    }

    public int httpPort() {
        return http.port();
    }

    public int adminPort() {
        return frame.adminPort();
    }

    /** Every route, as {@code METHOD /template}. */
    public List<String> routes() {
        return routes.templates();
    }

    @Override
    public void close() {
        frame.close();
    }
}
