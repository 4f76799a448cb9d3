package io.longline.center;

import io.longline.center.admin.NodeHttp;
import io.longline.center.admin.ProductHttp;
import io.longline.center.http.Api;
import io.longline.center.http.OpenApiHttp;
import io.longline.center.http.OperatorAuthentication;
import io.longline.center.http.ProductAuthentication;
import io.longline.center.http.ProductLimits;
import io.longline.center.message.AckWait;
import io.longline.center.message.MessageClient;
import io.longline.center.message.MessageHttp;
import io.longline.center.sweep.SweepRound;
import io.longline.center.sweep.UnsentClient;
import io.longline.center.sweep.UnsentSweep;
import io.longline.center.token.TokenHttp;
import io.longline.center.unicast.HandOverFlow;
import io.longline.center.unicast.Idempotency;
import io.longline.center.unicast.RegisterClient;
import io.longline.center.unicast.RoomClient;
import io.longline.center.unicast.SaverClient;
import io.longline.center.unicast.UnicastFlow;
import io.longline.center.unicast.UnicastHttp;
import io.longline.center.user.PendingClient;
import io.longline.center.user.UserHttp;
import io.longline.keeper.admin.AdminServer;
import io.longline.keeper.admin.Health;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.http.HttpLayer;
import io.longline.keeper.http.HttpRoutes;
import io.longline.keeper.http.HttpServer;
import io.longline.keeper.lease.ZkLeases;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.live.LiveConfig;
import io.longline.keeper.metrics.Metrics;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.rpc.Peers;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** One center. Its start order is {@link #open}, what it answers is {@link #answer}. */
public final class CenterServer implements AutoCloseable {
    private static final int WEIGHT = 100;

    private final CenterConfig config;
    private final InstantSource clock = InstantSource.system();
    private final LifeCycle life = new LifeCycle();
    private final ZkSession zookeeper;
    private final ZkDiscovery discovery;
    private final ZkProducts products;
    private final LiveConfig<Optional<String>> operatorSecret;
    private final Peers registers;
    private final Peers savers;
    private final Peers rooms;
    private final HttpRoutes routes;
    private final HttpServer http;
    private final AdminServer admin;
    private final CenterMetrics metrics;

    public CenterServer(CenterConfig config) {
        this.config = config;
        PrometheusMeterRegistry registry = Metrics.registry("center", config.instance());
        this.zookeeper = new ZkSession(config.zookeeper());
        this.discovery = new ZkDiscovery(zookeeper);
        this.products = new ZkProducts(zookeeper);
        this.operatorSecret =
                new LiveConfig<>("center", ConfigSource.builder().build(), CenterServer::readOperatorSecret);
        this.registers = new Peers("register", discovery, config.rpc(), registry);
        this.savers = new Peers("saver", discovery, config.rpc(), registry);
        this.rooms = new Peers("room", discovery, config.rpc(), registry);
        Health health = health();
        this.metrics = new CenterMetrics(registry);
        this.routes = AdminServer.addTo(new HttpRoutes(), registry, health);
        answer();
        this.http = new HttpServer(config.http(), registry, routes);
        this.admin = new AdminServer(config.admin(), registry, health);
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
        life.add(products).start();
        life.add(operatorSecret).start(zookeeper);
        life.add(registers).start();
        life.add(savers).start();
        life.add(rooms).start();
        life.add(sweep()).start();
        life.add(admin).start();
        life.add(http).start();
        life.add(discovery.announce(node()));
    }

    /** What is answered, and by whom; beside it {@code /healthz}, {@code /readyz} and {@code /metrics}. */
    private void answer() {
        UnicastHttp unicast = unicast();
        MessageHttp messages = new MessageHttp(new MessageClient(savers), config.patience());
        UserHttp users = new UserHttp(new RegisterClient(registers), new PendingClient(savers), config.patience());
        TokenHttp tokens = new TokenHttp(clock);
        ProductHttp productHttp = new ProductHttp(products);
        NodeHttp nodes = new NodeHttp(discovery);
        new Api(routes, productLayers(), operatorLayers())
                .open("GET", "/openapi.json", new OpenApiHttp()::get)
                .product("POST", "/v1/messages:send", unicast::send)
                .product("GET", "/v1/messages/{id}", messages::get)
                .product("GET", "/v1/users/{user}", users::get)
                .product("POST", "/v1/tokens", tokens::issue)
                .operator("POST", "/admin/v1/products", productHttp::create)
                .operator("GET", "/admin/v1/products", productHttp::list)
                .operator("GET", "/admin/v1/products/{id}", productHttp::get)
                .operator("GET", "/admin/v1/nodes", nodes::list);
    }

    /** Behind the HTTP server's own: request id, the bound on all requests, metrics. Idempotency is the first thing of a push. */
    private List<HttpLayer> productLayers() {
        return List.of(new ProductAuthentication(products), new ProductLimits(config.maxRequestsPerProduct(), metrics));
    }

    private List<HttpLayer> operatorLayers() {
        return List.of(new OperatorAuthentication(operatorSecret::current));
    }

    private UnicastHttp unicast() {
        RegisterClient register = new RegisterClient(registers);
        SaverClient saver = new SaverClient(savers);
        MessageClient messages = new MessageClient(savers);
        HandOverFlow handOver = new HandOverFlow(register, new RoomClient(rooms), metrics);
        UnicastFlow flow = new UnicastFlow(register, saver, handOver, metrics);
        Idempotency idempotency = new Idempotency(saver, messages, flow, clock);
        return new UnicastHttp(idempotency, new AckWait(messages), config.patience(), metrics);
    }

    private UnsentSweep sweep() {
        SweepRound round = new SweepRound(
                new UnsentClient(savers),
                new RegisterClient(registers),
                new RoomClient(rooms),
                new SaverClient(savers),
                config.sweep().olderThan(),
                metrics);
        ZkLeases leases = new ZkLeases(zookeeper, config.instance());
        return new UnsentSweep(leases, round, config.sweep().interval(), metrics);
    }

    private Health health() {
        return new Health().require("register", () -> missing(registers)).require("saver", () -> missing(savers));
    }

    private static Optional<String> missing(Peers peers) {
        return peers.all().isEmpty() ? Optional.of("none is known") : Optional.empty();
    }

    private static Optional<String> readOperatorSecret(ConfigReader reader) {
        return reader.optionalText("operator.secret");
    }

    private Node node() {
        return new Node(
                "center",
                config.instance(),
                clock.millis(),
                "",
                config.advertiseHost() + ":" + http.advertisedPort(),
                config.advertiseHost() + ":" + admin.port(),
                List.of(),
                NodeState.READY,
                "",
                WEIGHT,
                0,
                clock.millis());
    }

    public int httpPort() {
        return http.port();
    }

    public int adminPort() {
        return admin.port();
    }

    /** Every route, as {@code METHOD /template}. */
    public List<String> routes() {
        return routes.templates();
    }

    @Override
    public void close() {
        life.close();
    }
}
