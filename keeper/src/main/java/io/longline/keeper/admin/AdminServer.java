package io.longline.keeper.admin;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpConfig;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.HttpRoutes;
import io.longline.keeper.http.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The admin port: is the process alive, is it ready, what does it count. */
public final class AdminServer implements AutoCloseable {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** Operators and probes are few, and the files of the process are for others. */
    private static final int MOST_CONNECTIONS = 200;

    private final HttpServer server;

    public AdminServer(AdminConfig config, MeterRegistry metrics, Health health) {
        // Its own requests are counted nowhere: the names belong to the service's own HTTP server, if it has one.
        this.server = new HttpServer(
                HttpConfig.onPort(config.port()).withMaxConnections(MOST_CONNECTIONS),
                new SimpleMeterRegistry(),
                addTo(new HttpRoutes(), metrics, health));
    }

    /** For a service that answers the same three on its own HTTP port. */
    public static HttpRoutes addTo(HttpRoutes routes, MeterRegistry metrics, Health health) {
        return routes.get("/healthz", request -> HttpResponse.text(200, "ok\n"))
                .get("/readyz", request -> ready(health))
                .get("/metrics", request -> metrics(metrics));
    }

    public void start() {
        server.start();
    }

    /** The port it took. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }

    private static HttpResponse ready(Health health) {
        List<Health.Reason> reasons = health.reasons();
        if (reasons.isEmpty()) {
            return HttpResponse.text(200, "ready\n");
        }
        String all = reasons.stream()
                .map(reason -> reason.part() + ": " + reason.problem())
                .collect(Collectors.joining("; "));
        LonglineException error =
                LonglineException.dependencyDown(reasons.getFirst().part(), "not ready: " + all, null);
        for (Health.Reason reason : reasons) {
            error = error.detail(reason.part(), reason.problem());
        }
        throw error;
    }

    private static HttpResponse metrics(MeterRegistry metrics) {
        if (metrics instanceof PrometheusMeterRegistry prometheus) {
            return HttpResponse.of(200, PROMETHEUS_TEXT, prometheus.scrape().getBytes(StandardCharsets.UTF_8));
        }
        throw new LonglineException(ErrorCode.NOT_FOUND, "the metrics of this process are not kept for Prometheus");
    }
}
