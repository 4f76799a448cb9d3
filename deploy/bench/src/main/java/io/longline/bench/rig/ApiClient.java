package io.longline.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.cluster.ClusterException;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A back end's requests, each of which must succeed: {@link ClusterException} where one does not. Any thread. */
public final class ApiClient implements AutoCloseable {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final int SUCCESS = 2;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI center;
    private final String authorization;

    public ApiClient(URI center, Tenant tenant) {
        this.center = center;
        this.authorization = tenant.authorization();
    }

    public JsonNode get(String path) {
        return exchange(request(path, ANSWER_WITHIN).GET().build());
    }

    public JsonNode post(String path, byte[] json) {
        return post(path, BodyPublishers.ofByteArray(json), ANSWER_WITHIN);
    }

    public JsonNode put(String path, byte[] json) {
        return exchange(request(path, ANSWER_WITHIN)
                .PUT(BodyPublishers.ofByteArray(json))
                .build());
    }

    /** With a body that takes its time. */
    public JsonNode post(String path, BodyPublisher body, Duration within) {
        return exchange(request(path, within).POST(body).build());
    }

    private HttpRequest.Builder request(String path, Duration within) {
        return HttpRequest.newBuilder(center.resolve(path)).timeout(within).header("Authorization", authorization);
    }

    private JsonNode exchange(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            JsonNode answer = Json.parse(response.body());
            if (response.statusCode() / 100 != SUCCESS) {
                throw new ClusterException("center refused: " + answer);
            }
            return answer;
        } catch (IOException e) {
            throw new ClusterException("no answer to " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
