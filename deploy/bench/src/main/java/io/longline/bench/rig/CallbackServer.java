package io.longline.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.longline.deploy.cluster.ClusterException;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Where the callbacks of a product end: whatever comes is handed on, and then taken. Signatures are for tests, not for here. */
public final class CallbackServer implements AutoCloseable {
    private static final int OK = 200;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Consumer<JsonNode> events;

    /** @param events is given the events of one request, by many threads */
    public CallbackServer(Consumer<JsonNode> events) {
        this.events = events;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new ClusterException("no back end could be started", e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/events";
    }

    private void handle(HttpExchange exchange) throws IOException {
        JsonNode body = Json.parse(exchange.getRequestBody().readAllBytes());
        events.accept(body.path("events"));
        exchange.sendResponseHeaders(OK, -1);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
