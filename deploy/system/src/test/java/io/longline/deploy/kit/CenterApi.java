package io.longline.deploy.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** The HTTP API of one center, as a back end calls it. */
public final class CenterApi {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI base;
    private final String credentials;

    public CenterApi(URI base, String user, String secret) {
        this.base = base;
        this.credentials =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    /** A text to all devices of a user. */
    public Answer push(String user, String text) {
        return push(user, text, "{}");
    }

    /** A text to all devices of a user, with {@code options} as JSON. */
    public Answer push(String user, String text, String options) {
        return send("{\"target\":{\"user\":\"%s\"},\"payload\":\"%s\",\"options\":%s}".formatted(user, text, options));
    }

    /** The same with a message id. */
    public Answer pushWithId(String id, String user, String text, String options) {
        return send("{\"message_id\":\"%s\",\"target\":{\"user\":\"%s\"},\"payload\":\"%s\",\"options\":%s}"
                .formatted(id, user, text, options));
    }

    public Answer send(String body) {
        return post("/v1/messages:send", body);
    }

    /** A text to all who follow a topic, with {@code options} as JSON. */
    public Answer sendToTopic(String id, String topic, String text, String options) {
        return post(
                "/v1/topics/" + topic + ":send",
                "{\"message_id\":\"%s\",\"payload\":\"%s\",\"options\":%s}".formatted(id, text, options));
    }

    /** A text to everybody; {@code more} begins with a comma: {@code ,"rate_per_s":5}. */
    public Answer broadcast(String text, String more) {
        return post("/v1/broadcasts", "{\"payload\":\"%s\"%s}".formatted(text, more));
    }

    public Answer job(String id) {
        return get("/v1/jobs/" + id);
    }

    public Answer changeJob(String id, String change) {
        return exchange("PATCH", "/v1/jobs/" + id, change);
    }

    /** All devices of a user follow a topic from now on. */
    public Answer follow(String user, String topic) {
        return exchange("PUT", "/v1/users/" + user + "/topics/" + topic, "");
    }

    /** They follow it no longer. */
    public Answer unfollow(String user, String topic) {
        return exchange("DELETE", "/v1/users/" + user + "/topics/" + topic, "");
    }

    public Answer message(String id) {
        return get("/v1/messages/" + id);
    }

    public Answer recall(String id) {
        return exchange("DELETE", "/v1/messages/" + id, "");
    }

    public Answer user(String user) {
        return get("/v1/users/" + user);
    }

    /** How many messages wait for a device of a user. */
    public long pending(String user, String device) {
        for (JsonNode known : user(user).body().path("devices")) {
            if (known.path("device").asText().equals(device)) {
                return known.path("pending").asLong();
            }
        }
        return 0;
    }

    public Answer get(String path) {
        return exchange(request(path).GET().build());
    }

    public Answer post(String path, String body) {
        return exchange(request(path).POST(BodyPublishers.ofString(body)).build());
    }

    public Answer exchange(String method, String path, String body) {
        return exchange(
                request(path).method(method, BodyPublishers.ofString(body)).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", credentials);
    }

    private static Answer exchange(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = HTTP.send(request, BodyHandlers.ofByteArray());
            JsonNode body = response.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(response.body());
            return new Answer(response.statusCode(), body, response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
