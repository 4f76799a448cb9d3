package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Notice;
import io.longline.deploy.check.history.Reply;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The callback of a run's back ends. Most of the time it takes what it is told, and replies to some; now and then it fails in the ways in which
 * such programs do. What it answers follows from what comes when, so it is no operation of the run.
 */
public final class Hook implements AutoCloseable {
    public static final String SECRET = "secret-of-the-run";

    /** How long coordinators wait for it. */
    public static final int TIMEOUT_MS = 4_000;

    private static final int OK = 200;
    private static final int REPLIES_EACH = 4;
    private static final String SIGNATURE = "Longline-Signature";

    private final History history;
    private final Tally tally;
    private final RandomGenerator random;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean well;

    /** @param random is asked by many threads, one at a time */
    public Hook(History history, Tally tally, RandomGenerator random) {
        this.history = history;
        this.tally = tally;
        this.random = random;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("no callback could be started", e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/events";
    }

    /** From now on it takes everything. */
    public void heal() {
        well = true;
    }

    private synchronized int dice(int sides) {
        return random.nextInt(sides);
    }

    private void handle(HttpExchange exchange) throws IOException {
        long begun = System.nanoTime();
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!isSigned(exchange.getRequestHeaders().getFirst(SIGNATURE), body)) {
            history.broken(11, "a callback is told something that is not signed: " + exchange.getRequestHeaders());
        }
        List<Notice> notices = read(body);
        notices.forEach(history.calls()::told);
        int kind = well ? 0 : dice(100);
        if (kind < 80) {
            take(exchange, notices, begun);
        } else if (kind < 86) {
            answer(exchange, kind < 84 ? 500 : 503, "");
            tally.count("callback: fails");
        } else if (kind < 90) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS + 500));
            exchange.close();
            tally.count("callback: hangs");
        } else if (kind < 95) {
            exchange.close();
            tally.count("callback: closes");
        } else {
            answer(exchange, OK, kind < 97 ? "not JSON" : "{\"reply\":[{\"id\":\"none\",\"payload\":1},7]}");
            tally.count("callback: garbage");
        }
    }

    private void take(HttpExchange exchange, List<Notice> notices, long begun) throws IOException {
        List<Reply> replies = new ArrayList<>();
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("reply");
        for (Notice notice : notices) {
            if (notice.type().startsWith(Notice.UPLINK) && dice(REPLIES_EACH) == 0) {
                Reply reply = new Reply(notice.endpoint(), notice.uplinkId(), notice.id());
                replies.add(reply);
                list.addObject().put("id", notice.id()).put("payload", reply.text());
            }
        }
        replies.forEach(history.calls()::replyBegun);
        answer(exchange, OK, replies.isEmpty() ? "" : answer.toString());
        if (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS / 4)) {
            replies.forEach(history.calls()::replyGiven);
        }
        tally.count("callback: takes");
        notices.forEach(notice -> tally.count("told: " + notice.type()));
    }

    private List<Notice> read(byte[] body) {
        List<Notice> notices = new ArrayList<>();
        try {
            Json.parse(body).path("events").forEach(event -> notices.add(notice(event)));
        } catch (LonglineException e) {
            history.broken(11, "a callback is told something that is no JSON: " + e.getMessage());
        }
        return notices;
    }

    private static Notice notice(JsonNode event) {
        return new Notice(
                event.path("id").asText(),
                event.path("type").asText(),
                new EndpointId(
                        event.path("product").asText(),
                        event.path("user").asText(),
                        event.path("device").asText()),
                event.path("uplink_id").asText(),
                event.path("message_id").asText(),
                event.path("generation").asLong(),
                event.path("seq").asLong(),
                event.path("reason").asText(),
                event.path("text").asText());
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static boolean isSigned(@Nullable String signature, byte[] body) {
        String[] parts = signature == null ? new String[0] : signature.split("t=|,v1=", -1);
        if (parts.length != 3) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((parts[1] + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body)).equals(parts[2]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
