package io.longline.dispatcher;

import io.longline.dispatcher.dispatch.DispatchFlow;
import io.longline.dispatcher.dispatch.DispatchHttp;
import io.longline.dispatcher.dispatch.Ring;
import io.longline.keeper.admin.AdminServer;
import io.longline.keeper.admin.Health;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.discovery.ZkDiscovery;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.http.HttpRoutes;
import io.longline.keeper.http.HttpServer;
import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.metrics.Metrics;
import io.longline.keeper.product.ZkProducts;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** One dispatcher. Its start order is {@link #open}. */
public final class DispatcherServer implements AutoCloseable {
    private static final int WEIGHT = 100;

    private final DispatcherConfig config;
    private final InstantSource clock = InstantSource.system();
    private final LifeCycle life = new LifeCycle();
    private final ZkSession zookeeper;
    private final ZkDiscovery discovery;
    private final ZkProducts products;
    private final HttpServer http;
    private final AdminServer admin;

    public DispatcherServer(DispatcherConfig config) {
        this.config = config;
        MeterRegistry registry = Metrics.registry("dispatcher", config.instance());
        this.zookeeper = new ZkSession(config.zookeeper());
        this.discovery = new ZkDiscovery(zookeeper);
        this.products = new ZkProducts(zookeeper);
        DispatchFlow flow = new DispatchFlow(products, discovery, new Ring(), new DispatcherMetrics(registry));
        DispatchHttp dispatch = new DispatchHttp(flow, config.dispatch(), clock);
        HttpRoutes routes = new HttpRoutes().get("/v1/dispatch", dispatch::dispatch);
        this.http = new HttpServer(config.http(), registry, routes);
        this.admin = new AdminServer(config.admin(), registry, new Health().require("room", this::missingRoom));
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
        life.add(admin).start();
        life.add(http).start();
        life.add(discovery.announce(node()));
    }

    private Optional<String> missingRoom() {
        return discovery.nodes("room").isEmpty() ? Optional.of("none is known") : Optional.empty();
    }

    private Node node() {
        return new Node(
                "dispatcher",
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

    @Override
    public void close() {
        life.close();
    }
}
