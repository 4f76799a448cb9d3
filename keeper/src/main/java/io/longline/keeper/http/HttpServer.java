package io.longline.keeper.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpPrologue;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ErrorHandling;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.net.OpenFiles;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server of HTTP/1.1, and of HTTP/1.0 for proxies and probes, each request on a virtual thread. Answers with {@code X-Request-Id},
 * and with the contract's error body wherever something goes wrong: in a handler, on an unknown path or method, in the request line.
 */
public final class HttpServer implements AutoCloseable {
    /** A dispatcher's request names the rooms that failed: it needs more than Helidon's 4,096. */
    static final int MAX_LINE = 16 << 10;

    static final int MAX_HEADERS = 16 << 10;

    private static final String HEAD = "HEAD";

    /** Methods that change nothing, however late they are answered. */
    private static final Set<String> HARMLESS = Set.of("GET", HEAD, "OPTIONS");

    private static final byte[] NO_BODY = {};

    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

    /** Helidon announces each start and stop at INFO, also where nobody led java.util.logging anywhere. */
    private static final java.util.logging.Logger HELIDON = java.util.logging.Logger.getLogger("io.helidon");

    static {
        HELIDON.setLevel(Level.WARNING);
    }

    private final HttpConfig config;
    private final long largestBody;
    private final HttpMetrics metrics;
    private final HttpRoutes routes;
    private final BodyWatch bodies;
    private final Standstill standstill;
    private @Nullable OpenPort open;

    public HttpServer(HttpConfig config, MeterRegistry metrics, HttpRoutes routes) {
        this(config, metrics, routes, 0);
    }

    /** @param largestBody that some handler reads as it comes, where that is more than others may have; in bytes */
    public HttpServer(HttpConfig config, MeterRegistry metrics, HttpRoutes routes, long largestBody) {
        this(config, metrics, routes, largestBody, System::nanoTime);
    }

    /** @param nanos a clock that goes on while the process is stopped */
    HttpServer(HttpConfig config, MeterRegistry metrics, HttpRoutes routes, long largestBody, LongSupplier nanos) {
        this.config = config;
        this.largestBody = largestBody;
        this.metrics = new HttpMetrics(metrics, config.maxRequests());
        this.routes = routes;
        this.bodies = new BodyWatch(config.idle());
        this.standstill = new Standstill(nanos);
    }

    /** Opens the port; fails when it is taken. */
    public void start() {
        open = OpenPort.open(config.port(), this::listeningOn);
    }

    private ListeningConfig listeningOn(int port) {
        DirectHandlers.Builder errors = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            errors.addHandler(type, this::beforeHandlers);
        }
        long atOnce = Math.max(HttpBody.DRAINED, config.maxBodyBytes());
        return new ListeningConfig()
                .port(port)
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .shutdownGracePeriod(config.drain())
                .idleConnectionTimeout(config.idle())
                .idleConnectionPeriod(atLeastOneSecond(config.idle().dividedBy(4)))
                .maxTcpConnections(OpenFiles.forPort(config.maxConnections()))
                .maxConcurrentRequests(config.maxRequests())
                .maxPayloadSize(Math.max(atOnce, largestBody + HttpBody.DRAINED)) // beyond what is answered by us
                .protocolsDiscoverServices(false)
                .addConnectionSelector(new Http10Selector(
                        Http1Config.builder()
                                .maxPrologueLength(MAX_LINE)
                                .maxHeadersSize(MAX_HEADERS)
                                .build(),
                        atOnce,
                        () -> new HeadWatch(bodies, config.idle())))
                .contentEncoding(new PlainBodies())
                .errorHandling(ErrorHandling.builder().includeEntity(true).build())
                .directHandlers(errors.build())
                .routing(routing -> routing.any(this::answer));
    }

    /** The port it took. */
    public int port() {
        OpenPort running = open;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running.port();
    }

    /** The port to announce: {@code advertise-port}, or else the one it took. */
    public int advertisedPort() {
        return config.advertisePort() == 0 ? port() : config.advertisePort();
    }

    /** Takes no more connections and requests, lets what runs finish within {@code drain}, then closes every connection. */
    @Override
    public void close() {
        OpenPort running = open;
        if (running != null) {
            running.close();
        }
        bodies.close();
        standstill.close();
    }

    private void answer(ServerRequest request, ServerResponse response) {
        HeadWatch.handling();
        HttpMetrics.Span span = metrics.begin();
        try {
            answer(request, response, span);
        } finally {
            span.end();
            HeadWatch.handled();
        }
    }

    private void answer(ServerRequest request, ServerResponse response, HttpMetrics.Span span) {
        String id = RequestIds.of(request.headers().first(HeaderNames.create(RequestIds.HEADER)));
        HttpBody body = new HttpBody(request, config.maxBodyBytes(), bodies);
        String method = request.prologue().method().text();
        boolean late = !HARMLESS.contains(method) && standstill.isJustOver();
        HttpResponse answer = late ? failed(stoodStill(), request.prologue(), id) : handled(request, id, body, span);
        // What is behind a late one on its connection may have waited as long.
        boolean last = late || body.isLast() || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
        span.answered(answer.status());
        response.status(answer.status());
        response.header(RequestIds.HEADER, id);
        answer.headers().forEach(response::header);
        if (last) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        sendInTime(method, answer.body(), response);
        // Who sends all before reading reads this answer only if all is taken; who waits for it gets it now.
        if (!body.finish() || last) {
            // Helidon would take the rest of a body for a request, and leave open what the caller wants closed.
            throw new CloseConnectionException("the last answer of this connection");
        }
    }

    private HttpResponse handled(ServerRequest request, String id, HttpBody body, HttpMetrics.Span span) {
        try {
            HttpPrologue asked = request.prologue();
            HttpRoutes.Match match =
                    routes.match(asked.method().text(), asked.uriPath().rawPath());
            span.route(asked.method().text(), match.template());
            return match.handler().handle(new HttpRequest(request, id, body, match));
        } catch (Throwable e) {
            return failed(e, request.prologue(), id);
        }
    }

    private static LonglineException stoodStill() {
        return new LonglineException(
                        ErrorCode.OVERLOADED, "the process stood still, and the request may have waited for long")
                .retryAfter(Standstill.READING_OFF);
    }

    /** Who does not read loses his connection after a while, and gives back the place of his request. */
    private void sendInTime(String method, byte[] body, ServerResponse response) {
        try {
            var _ = bodies.inTime(config.idle(), () -> {
                send(method, body, response);
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** HEAD is told how long the body would be, and gets none. */
    private static void send(String method, byte[] body, ServerResponse response) {
        if (method.equals(HEAD) && body.length > 0) {
            response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
            response.send(NO_BODY);
        } else {
            response.send(body);
        }
    }

    private HttpResponse failed(Throwable thrown, HttpPrologue asked, String id) {
        LonglineException error = ErrorTranslator.fromAny(thrown);
        if (error.code() == ErrorCode.INTERNAL) {
            log.error("a request failed request_id={}", id, thrown);
        }
        HttpResponse answer = HttpErrors.response(error, id);
        return error.code() == ErrorCode.METHOD_NOT_ALLOWED
                ? answer.header(
                        "Allow",
                        String.join(", ", routes.methods(asked.uriPath().rawPath())))
                : answer;
    }

    /** What Helidon refuses before a handler sees it: broken or too long lines, too many requests. */
    private DirectHandler.TransportResponse beforeHandlers(
            DirectHandler.TransportRequest request,
            DirectHandler.EventType type,
            Status status,
            ServerResponseHeaders headers,
            String message) {
        if (status.code() == ErrorCode.OVERLOADED.http()) {
            metrics.rejected();
        }
        String id = RequestIds.of(request.headers().first(HeaderNames.create(RequestIds.HEADER)));
        HttpResponse answer = HttpErrors.ofTransport(request, type, status.code(), message, id);
        DirectHandler.TransportResponse.Builder response = DirectHandler.TransportResponse.builder()
                .status(Status.create(answer.status()))
                .header(HeaderNames.create(RequestIds.HEADER), id)
                .keepAlive(false)
                .entity(request.method().equals(HEAD) ? NO_BODY : answer.body());
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            response.header(HeaderNames.create(header.getKey()), header.getValue());
        }
        return response.build();
    }

    private static Duration atLeastOneSecond(Duration time) {
        return time.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : time;
    }
}
