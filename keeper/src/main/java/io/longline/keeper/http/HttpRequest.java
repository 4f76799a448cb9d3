package io.longline.keeper.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.longline.keeper.error.LonglineException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request, read by the thread that answers it. */
public final class HttpRequest {
    private final ServerRequest request;
    private final String requestId;
    private final HttpBody body;
    private final HttpRoutes.Match match;
    private final Map<Class<?>, Object> attached = new HashMap<>();
    private @Nullable Map<String, String> query;

    HttpRequest(ServerRequest request, String requestId, HttpBody body, HttpRoutes.Match match) {
        this.request = request;
        this.requestId = requestId;
        this.body = body;
        this.match = match;
    }

    /** As the caller named it in {@code X-Request-Id}, or made here. */
    public String requestId() {
        return requestId;
    }

    public String method() {
        return request.prologue().method().text();
    }

    /** The path as it was sent, without the query. */
    public String path() {
        return request.prologue().uriPath().rawPath();
    }

    /** The template it matched, {@code /v1/users/{user}}; fit for a metric's tag. */
    public String template() {
        return match.template();
    }

    /** A decoded part of the path, {@code user} of {@code /v1/users/{user}}. */
    public String pathParam(String name) {
        String value = match.params().get(name);
        if (value == null) {
            throw new IllegalArgumentException(match.template() + " has no {" + name + "}");
        }
        return value;
    }

    /** A query parameter, absent and empty told apart; a {@code +} is a plus. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(query().get(name));
    }

    /** All query parameters, decoded, in the order sent. INVALID_ARGUMENT where one stands twice. */
    public Map<String, String> query() {
        Map<String, String> parsed = query;
        if (parsed == null) {
            parsed = parse(request.prologue().query().rawValue());
            query = parsed;
        }
        return parsed;
    }

    /** A header, its name in any case; the first one if there are several. */
    public Optional<String> header(String name) {
        return request.headers().first(HeaderNames.create(name));
    }

    /** The address of the other side of the connection, without its port. */
    public String remoteAddress() {
        return request.remotePeer().host();
    }

    /** The whole body; PAYLOAD_TOO_LARGE beyond the server's limit. Read once, then kept. */
    public byte[] body() {
        return body.read();
    }

    /** As {@link #body()}, where bodies are larger than most: up to {@code bytes}, or to the server's limit if that is higher. */
    public byte[] body(long bytes) {
        body.allow(bytes);
        return body.read();
    }

    /**
     * The body as it comes, for one that is not kept: up to {@code bytes}, or to the server's limit if that is higher; beyond, a read throws
     * PAYLOAD_TOO_LARGE. What is not read yet waits in the caller's connection. Instead of {@link #body()}, once.
     */
    public InputStream bodyStream(long bytes) {
        body.allow(bytes);
        return body.open();
    }

    /** The body as JSON; INVALID_ARGUMENT where it is none, with the place of the fault. */
    public JsonNode json() {
        return Json.parse(body());
    }

    /** Gives a value to the layers and the handler that follow. */
    public <T> void attach(Class<T> type, T value) {
        attached.put(type, value);
    }

    /** What a layer before attached; a fault of the program if none did. */
    public <T> T attached(Class<T> type) {
        Object value = attached.get(type);
        if (value == null) {
            throw new IllegalStateException("no layer attached a " + type.getSimpleName());
        }
        return type.cast(value);
    }

    private static Map<String, String> parse(String raw) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String pair : raw.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            if (found.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1))) != null) {
                throw LonglineException.invalid(name, "stands twice in the query");
            }
        }
        return found;
    }

    private static String decoded(String text) {
        return Percent.decode(text)
                .orElseThrow(() -> LonglineException.invalid("query", "is not percent-encoded UTF-8: " + text));
    }
}
