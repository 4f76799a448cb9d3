package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.Broadcasts;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a back end may ask of broadcasts, and what it is answered. */
@TestInstance(Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // the product is made before all
final class BroadcastRequestsIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private TestProduct product;
    private CenterApi api;
    private CenterApi other;

    @BeforeAll
    void makeProduct() {
        product = cluster.emptyProduct();
        api = cluster.api(product, 0);
        other = cluster.api(product, 1);
    }

    private static String field(String name, String value) {
        return ",\"" + name + "\":\"" + value + '"';
    }

    private static String jobId(Answer taken) {
        assertThat(taken.status()).as("%s", taken.body()).isEqualTo(202);
        return taken.body().get("job_id").asText();
    }

    /** Nobody is in this canary, so it is held at once, and stays. */
    private String held(String topic) {
        String id = jobId(api.broadcast("held", field("topic", topic) + ",\"rate_per_s\":1000,\"canary_permille\":1"));
        cluster.broadcasts(product).awaitState(id, "holding");
        return id;
    }

    @Test
    void itIsAnsweredWithItsJobBeforeAnybodyHasIt() {
        String message = SharedCluster.fresh("cast");
        Answer taken = api.broadcast("hello", field("message_id", message) + field("topic", "*answered"));

        String id = jobId(taken);
        assertThat(taken.header("Location")).isEqualTo("/v1/jobs/" + id);
        assertThat(taken.header("Idempotent-Replay")).isEmpty();
        assertThat(taken.messageId()).isEqualTo(message);
        assertThat(taken.body().get("state").asText()).isIn("queued", "running", "done");
        JsonNode done = cluster.broadcasts(product).awaitState(id, "done");
        assertThat(done.get("topic").asText()).isEqualTo("*answered");
        assertThat(done.get("message_id").asText()).isEqualTo(message);
        assertThat(done.get("eta_s").asInt()).isZero();
        assertThat(done.get("offset").asLong()).isPositive();
        assertThat(other.message(message).body().at("/job/job_id").asText()).isEqualTo(id);
        List<String> listed = new ArrayList<>();
        other.get("/v1/jobs")
                .body()
                .get("items")
                .forEach(job -> listed.add(job.get("job_id").asText()));
        assertThat(listed).contains(id);
    }

    @Test
    void aRepeatedIdHasNoSecondEffectAndAnotherBodyIsAConflict() {
        String message = SharedCluster.fresh("cast");
        String user = SharedCluster.fresh("hearer");
        try (JsonLink link = cluster.connect(1, product, user, "phone")) {
            link.frames().next("caught_up");
            Answer first = api.broadcast("once", field("message_id", message));
            Answer again = other.broadcast("once", field("message_id", message));
            Answer twice = other.broadcast("twice", field("message_id", message));
            Answer elsewhere = api.broadcast("once", field("message_id", message) + field("topic", "*elsewhere"));

            assertThat(jobId(again)).isEqualTo(jobId(first));
            assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
            for (Answer conflict : List.of(twice, elsewhere)) {
                assertThat(conflict.status()).as("%s", conflict.body()).isEqualTo(409);
                assertThat(conflict.reason()).isEqualTo("IDEMPOTENCY_CONFLICT");
            }
            assertThat(link.frames().next("push").get("text").asText()).isEqualTo("once");
            jobId(api.broadcast("the next", ""));
            assertThat(link.frames().next("push").get("text").asText()).isEqualTo("the next");
            Answer afterwards = other.broadcast("once", field("message_id", message));
            assertThat(jobId(afterwards)).isEqualTo(jobId(first));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topic:\"news\"",
                "topic:\"* all\"",
                "rate_per_s:-1",
                "canary_permille:-1",
                "canary_permille:1001",
                "message_id:\"a b\"",
                "target:{\"user\":\"u\"}",
                "colour:\"red\"",
                "options.qos:0",
                "options.ttl_s:0",
                "options.ttl_s:2592001",
                "options.wait_ms:1000",
                "options.devices:\"latest\"",
                "options.in_reply_to:\"u1\"",
                "options.send_at_ms:4000000000000",
                "options.spread_s:5",
                "options.colour:\"red\""
            })
    void whatIsNoFieldOfABroadcastIsRefusedByName(String wrong) {
        String name = wrong.substring(0, wrong.indexOf(':'));
        String value = wrong.substring(wrong.indexOf(':') + 1);
        String more = name.startsWith("options.")
                ? ",\"options\":{\"" + name.substring("options.".length()) + "\":" + value + "}"
                : ",\"" + name + "\":" + value;
        assertRefused(api.broadcast("x", more), name);
    }

    @Test
    void withoutAPayloadOrWithTwoItIsRefused() {
        assertRefused(api.post("/v1/broadcasts", "{}"), "payload");
        assertRefused(api.broadcast("x", ",\"payload_base64\":\"eA==\""), "payload");
        Answer large = api.broadcast("x".repeat(4097), "");
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.reason()).isEqualTo("PAYLOAD_TOO_LARGE");
    }

    private static void assertRefused(Answer answer, String field) {
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(400);
        assertThat(answer.reason()).isEqualTo("INVALID_ARGUMENT");
        assertThat(answer.body().get("error").get("details").findValuesAsText("field"))
                .as("%s", answer.body())
                .contains(field);
    }

    @Test
    void whatIsOnlyToBeValidatedClaimsNothing() {
        String message = SharedCluster.fresh("cast");
        Answer valid = api.broadcast("one", field("message_id", message) + ",\"validate_only\":true");
        assertThat(valid.status()).isEqualTo(200);
        assertThat(valid.state()).isEqualTo("accepted");
        assertThat(valid.body().has("job_id")).isFalse();
        jobId(api.broadcast("another", field("message_id", message) + field("topic", "*validated")));
    }

    @Test
    void oneOfAnotherProductIsNotThere() {
        String id = held("*ours");
        CenterApi stranger = cluster.api();
        assertThat(stranger.job(id).status()).isEqualTo(404);
        assertThat(stranger.changeJob(id, "{\"state\":\"cancelled\"}").reason()).isEqualTo("JOB_NOT_FOUND");
        assertThat(Broadcasts.state(api.job(id).body())).isEqualTo("holding");
        assertThat(api.changeJob(id, "{\"state\":\"cancelled\"}").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                         | state
            {"state":"done"}           | state
            {"rate_per_s":-1}          | rate_per_s
            {"canary_permille":1001}   | canary_permille
            {"topic":"*"}              | topic
            """)
    void whatCannotBeChangedIsRefusedByName(String change, String field) {
        String id = held("*unchanged");
        assertRefused(api.changeJob(id, change), field);
        JsonNode job = api.job(id).body();
        assertThat(Broadcasts.state(job)).isEqualTo("holding");
        assertThat(job.get("rate_per_s").asInt()).isEqualTo(1000);
        assertThat(api.changeJob(id, "{\"state\":\"cancelled\"}").status()).isEqualTo(200);
    }

    @Test
    void oneThatHasEndedCannotBeChanged() {
        String id = held("*ended");
        assertThat(Broadcasts.state(
                        other.changeJob(id, "{\"state\":\"cancelled\"}").body()))
                .isEqualTo("cancelled");
        for (String change : List.of("{\"state\":\"running\"}", "{\"state\":\"paused\"}", "{\"rate_per_s\":5}")) {
            Answer answer = api.changeJob(id, change);
            assertThat(answer.status()).as("%s: %s", change, answer.body()).isEqualTo(409);
            assertThat(answer.reason()).isEqualTo("JOB_STATE_CONFLICT");
        }
        // The next one of its topic does not wait for it.
        String next = jobId(api.broadcast("the next", field("topic", "*ended")));
        cluster.broadcasts(product).awaitState(next, "done");
    }

    @Test
    void oneWhoseTimeIsOverWhileItIsHeldIsCancelledByItself() {
        String id = jobId(
                api.broadcast("brief", field("topic", "*brief") + ",\"canary_permille\":1,\"options\":{\"ttl_s\":1}"));
        JsonNode ended = cluster.broadcasts(product).awaitState(id, "cancelled");
        assertThat(ended.get("reason").asText()).isEqualTo("ttl");
        assertThat(ended.get("eta_s").asInt()).isZero();
    }
}
