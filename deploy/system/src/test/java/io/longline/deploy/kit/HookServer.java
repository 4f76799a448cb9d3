package io.longline.deploy.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A back end that is told of things: it takes what is signed with its secret, and refuses everything while it is not well. */
public final class HookServer implements AutoCloseable {
    public static final String SECRET = "secret-of-the-hook-server";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final List<JsonNode> taken = new CopyOnWriteArrayList<>();
    private volatile boolean well = true;
    private volatile Function<JsonNode, String> replies = _ -> "";

    public HookServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /** Has this product's uplinks of a type come here. */
    public void serve(CenterApi operator, CenterApi backEnd, String product, String type) {
        serveKind(operator, backEnd, product, "uplink." + type);
    }

    /** Has what is of such a kind come here, and nothing else anywhere. */
    public void serveKind(CenterApi operator, CenterApi backEnd, String product, String kind) {
        Answer allowed = operator.exchange(
                "PATCH", "/admin/v1/products/" + product, "{\"callbacks\":{\"networks\":[\"127.0.0.0/8\",\"::1\"]}}");
        Answer set = backEnd.exchange(
                "PUT",
                "/v1/callbacks",
                "{\"callbacks\":[{\"kind\":\"" + kind + "\",\"url\":\"http://127.0.0.1:"
                        + server.getAddress().getPort() + "/hook\",\"secret\":\"" + SECRET + "\"}]}");
        if (allowed.status() != OK || set.status() != OK) {
            throw new AssertionError("callbacks not set: " + allowed + ", " + set);
        }
    }

    public void well(boolean is) {
        well = is;
    }

    /** What it replies to an event; "": nothing. */
    public void replies(Function<JsonNode, String> said) {
        replies = said;
    }

    /** The texts of what a user sent, each once, in the order in which they came first. */
    public List<String> textsOf(String user) {
        return taken.stream()
                .filter(event -> event.path("user").asText().equals(user))
                .map(event -> event.path("text").asText())
                .distinct()
                .toList();
    }

    /** The events of a user, each once, in the order in which they came first. */
    public List<JsonNode> eventsOf(String user) {
        Map<String, JsonNode> byId = new LinkedHashMap<>();
        taken.stream()
                .filter(event -> event.path("user").asText().equals(user))
                .forEach(event -> byId.putIfAbsent(event.path("id").asText(), event));
        return List.copyOf(byId.values());
    }

    /** The ids of the same events, likewise. */
    public List<String> idsOf(String user) {
        return taken.stream()
                .filter(event -> event.path("user").asText().equals(user))
                .map(event -> event.path("id").asText())
                .distinct()
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String signature = exchange.getRequestHeaders().getFirst("Longline-Signature");
        if (!well) {
            answer(exchange, UNAVAILABLE, "");
        } else if (signature == null || !isSigned(signature, body)) {
            answer(exchange, FORBIDDEN, "");
        } else {
            List<JsonNode> events = StreamSupport.stream(
                            JSON.readTree(body).path("events").spliterator(), false)
                    .toList();
            taken.addAll(events);
            answer(exchange, OK, reply(events));
        }
    }

    private static boolean isSigned(String signature, byte[] body) {
        String[] parts = signature.split("t=|,v1=", -1);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((parts[1] + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body)).equals(parts[2]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String reply(List<JsonNode> events) {
        var answer = JSON.createObjectNode();
        var list = answer.putArray("reply");
        for (JsonNode event : events) {
            String text = replies.apply(event);
            if (!text.isEmpty()) {
                list.addObject().put("id", event.path("id").asText()).put("payload", text);
            }
        }
        return answer.toString();
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
