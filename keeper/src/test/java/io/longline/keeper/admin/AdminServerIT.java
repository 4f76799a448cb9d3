package io.longline.keeper.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.keeper.metrics.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerIT {
    private final AtomicReference<Optional<String>> redis = new AtomicReference<>(Optional.empty());
    private final Health health = new Health().require("redis", redis::get).require("zookeeper", Optional::empty);
    private final MeterRegistry metrics = Metrics.registry("room", "room-1");
    private final AdminServer server = new AdminServer(new AdminConfig(0), metrics, health);
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
        client.shutdownNow();
    }

    @Test
    void itIsAliveAsLongAsItAnswers() throws Exception {
        redis.set(Optional.of("not connected"));
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void itIsReadyWhenEveryPartIs() throws Exception {
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        redis.set(Optional.of("not connected"));

        HttpResponse<String> answer = get("/readyz");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        JsonNode error = new ObjectMapper().readTree(answer.body()).get("error");
        assertThat(error.get("message").asText()).isEqualTo("not ready: redis: not connected");
        assertThat(error.get("dependency").asText()).isEqualTo("redis");
        assertThat(error.get("details").get(0).get("problem").asText()).isEqualTo("not connected");
    }

    @Test
    void metricsAreInPrometheusText() throws Exception {
        metrics.counter("longline.test.pushes").increment(3);
        HttpResponse<String> answer = get("/metrics");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body())
                .contains("longline_test_pushes_total{instance=\"room-1\",service=\"room\"} 3.0")
                .contains("jvm_gc_collections_total")
                .contains("process_files_open_files");
    }

    @Test
    void otherPathsHaveTheErrorShape() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/").body()).startsWith("{\"error\":{\"code\":404,");
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
