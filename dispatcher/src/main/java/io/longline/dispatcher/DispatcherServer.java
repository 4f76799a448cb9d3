package io.longline.dispatcher;

import io.longline.dispatcher.dispatch.DispatchConfig;
import io.longline.dispatcher.dispatch.DispatchFlow;
import io.longline.dispatcher.dispatch.DispatchHttp;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.http.HttpRoutes;
import io.longline.keeper.http.HttpServer;
import io.longline.keeper.life.ServiceFrame;
import io.longline.keeper.live.LiveConfig;
import io.longline.keeper.product.ZkProducts;
import java.time.InstantSource;
import java.util.Optional;

/** One dispatcher. Its start order is {@link #open}. */
public final class DispatcherServer implements AutoCloseable {
    private final DispatcherConfig config;
    private final LiveConfig<DispatchConfig> dispatch;
    private final ServiceFrame frame;
    private final ZkProducts products;
    private final HttpServer http;

    /** Throws {@link io.longline.keeper.config.ConfigException} with everything that is wrong. */
    public DispatcherServer(ConfigSource source) {
        this.config = DispatcherConfig.read(new ConfigReader(source));
        this.dispatch = new LiveConfig<>(
                "dispatcher", source, reader -> DispatcherConfig.read(reader).dispatch());
        InstantSource clock = InstantSource.system();
        this.frame = new ServiceFrame("dispatcher", config.service(), clock);
        this.products = new ZkProducts(frame.zookeeper());
        DispatchFlow flow = new DispatchFlow(
                products, frame.discovery(), dispatch::current, new DispatcherMetrics(frame.registry()));
        DispatchHttp answers = new DispatchHttp(flow, dispatch::current, clock);
        HttpRoutes routes = new HttpRoutes().get("/v1/dispatch", answers::dispatch);
        this.http = new HttpServer(config.http(), frame.registry(), routes);
        frame.health().require("room", this::missingRoom);
    }

    /** Opens everything, announces itself last; what is open is closed again if something fails. */
    public void start() {
        frame.start(this::open, this::node);
    }

    private void open() {
        frame.add(products).start();
        frame.add(dispatch).start(frame.zookeeper());
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
