package io.longline.backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** An HTTP server that answers what it is told to, in that order, and then with success. Notes what it is asked. */
final class CannedCenter implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Queue<Canned> answers = new ArrayDeque<>();
    private final List<Asked> asked = new ArrayList<>();

    private record Canned(int status, String body) {}

    record Asked(String method, String path, String authorization, JsonNode body) {}

    CannedCenter() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    synchronized void answers(int status, String body) {
        answers.add(new Canned(status, body));
    }

    /** The next request is broken off without an answer. */
    synchronized void breaksOff() {
        answers.add(new Canned(0, ""));
    }

    synchronized List<Asked> asked() {
        return List.copyOf(asked);
    }

    synchronized Asked first() {
        return asked.get(0);
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        asked.add(new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                JSON.readTree(body)));
        Canned answer = answers.isEmpty() ? new Canned(200, "{\"status\":\"stored\"}") : answers.remove();
        if (answer.status == 0) {
            exchange.close();
            return;
        }
        byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
