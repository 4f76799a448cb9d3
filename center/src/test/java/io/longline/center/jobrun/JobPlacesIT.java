package io.longline.center.jobrun;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.center.kit.Api;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A center that has a place for one job: whoever only waits, or has had it for long, leaves it to the others. */
@Timeout(60)
class JobPlacesIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Duration LONG = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(
                ZOOKEEPER.uri(),
                Map.of(
                        "center.sweep.interval", "1h",
                        "center.jobs.interval", "100ms",
                        "center.jobs.at-once", "1"));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private static String queue(Api api, String id, String more, int users) {
        String body = "{\"message_id\":\"" + id + "\",\"payload\":\"x\"" + more + "}\n"
                + IntStream.range(0, users)
                        .mapToObj(i -> "{\"user\":\"n" + i + "\"}\n")
                        .collect(Collectors.joining());
        Answer answer = api.post("/v1/jobs", body);
        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(202);
        return answer.text("/job_id");
    }

    private static JsonNode awaitState(Api api, String id, String state) {
        return await().atMost(LONG)
                .until(
                        () -> api.get("/v1/jobs/" + id).json(),
                        job -> job.get("state").asText().equals(state));
    }

    private void limit(String limits) {
        Answer changed = kit.operator()
                .exchange("PATCH", "/admin/v1/products/shop", BodyPublishers.ofString("{\"limits\":{" + limits + "}}"));
        assertThat(changed.status()).isEqualTo(200);
    }

    @Test
    void oneThatWaitsForItsProductsQuotaLetsAnotherRunAndGoesOnAfterwards() {
        limit("\"daily_quota\":40");
        kit.quotas().allow(40);
        String waits = queue(kit.api(), "m-1", ",\"rate_per_s\":100", 60);
        await().until(() -> kit.api()
                .get("/v1/jobs/" + waits)
                .json()
                .path("reason")
                .asText()
                .equals("PRODUCT_RATE_EXCEEDED"));
        String other = queue(kit.api("news"), "m-2", "", 10);
        awaitState(kit.api("news"), other, "done");
        assertThat(kit.api().get("/v1/jobs/" + waits).text("/state")).isEqualTo("running");

        limit("\"daily_quota\":0");
        JsonNode done = awaitState(kit.api(), waits, "done");
        assertThat(done.get("sent").asInt()).isEqualTo(60);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(60);
        assertThat(kit.saver().jobs().runs(waits)).isGreaterThan(1);
    }

    @Test
    void oneThatIsSlowLetsAnotherRunAfterAWhileAndKeepsItsCounts() {
        String slow = queue(kit.api(), "m-1", ",\"rate_per_s\":2", 1_000);
        awaitState(kit.api(), slow, "running");
        String other = queue(kit.api("news"), "m-2", "", 10);
        awaitState(kit.api("news"), other, "done");

        kit.api().exchange("PATCH", "/v1/jobs/" + slow, BodyPublishers.ofString("{\"rate_per_s\":0}"));
        JsonNode done = awaitState(kit.api(), slow, "done");
        assertThat(done.get("sent").asInt()).isEqualTo(1_000);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1_000);
    }

    @Test
    void aRecallHasAPlaceOfItsOwn() {
        String done = queue(kit.api("news"), "m-2", "", 10);
        awaitState(kit.api("news"), done, "done");
        String slow = queue(kit.api(), "m-1", ",\"rate_per_s\":1", 100);
        awaitState(kit.api(), slow, "running");

        kit.api("news").exchange("DELETE", "/v1/messages/m-2", BodyPublishers.noBody());
        await().atMost(Duration.ofSeconds(5))
                .until(() ->
                        kit.saver().inboxOf(endpoint("news", "n9", "default")).isEmpty());
        assertThat(kit.api().get("/v1/jobs/" + slow).text("/state")).isEqualTo("running");
    }
}
