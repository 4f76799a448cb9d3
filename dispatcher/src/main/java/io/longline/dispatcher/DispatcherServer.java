package io.longline.dispatcher;

import io.longline.dispatcher.dispatch.DispatchFlow;
import io.longline.dispatcher.dispatch.DispatchHttp;
import io.longline.dispatcher.dispatch.Ring;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.http.HttpRoutes;
import io.longline.keeper.http.HttpServer;
import io.longline.keeper.life.ServiceFrame;
import io.longline.keeper.product.ZkProducts;
import java.time.InstantSource;
import java.util.Optional;

/** One dispatcher. Its start order is {@link #open}. */
public final class DispatcherServer implements AutoCloseable {
    private final DispatcherConfig config;
    private final ServiceFrame frame;
    private final ZkProducts products;
    private final HttpServer http;

    public DispatcherServer(DispatcherConfig config) {
        this.config = config;
        InstantSource clock = InstantSource.system();
        this.frame = new ServiceFrame("dispatcher", config.service(), clock);
        this.products = new ZkProducts(frame.zookeeper());
        DispatchFlow flow =
                new DispatchFlow(products, frame.discovery(), new Ring(), new DispatcherMetrics(frame.registry()));
        DispatchHttp dispatch = new DispatchHttp(flow, config.dispatch(), clock);
        HttpRoutes routes = new HttpRoutes().get("/v1/dispatch", dispatch::dispatch);
        this.http = new HttpServer(config.http(), frame.registry(), routes);
        frame.health().require("room", this::missingRoom);
    }

    /** Opens everything, announces itself last; what is open is closed again if something fails. */
    public void start() {
        frame.start(this::open, this::node);
    }

    private void open() {
        frame.add(products).start();
        frame.add(http).start();
    }

    private Optional<String> missingRoom() {
        return frame.discovery().nodes("room").isEmpty() ? Optional.of("none is known") : Optional.empty();
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

    @Override
    public void close() {
        frame.close();
    }
}
