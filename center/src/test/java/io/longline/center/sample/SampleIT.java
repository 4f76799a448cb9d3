package io.longline.center.sample;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code GET /v1/messages/{id}} tells of some of the endpoints of a broadcast. */
@Timeout(60)
class SampleIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final String MESSAGE = "/v1/messages/b-1";
    private static final String BODY = "{\"message_id\":\"b-1\",\"payload\":\"x\"}";

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h", "center.jobs.interval", "100ms"));
        kit.room().broadcasts().connect(3);
        connect("u1", "phone");
        connect("u1", "desk");
        connect("u2", "phone");
        kit.register().know(endpoint("u3", "phone"));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private Endpoint connect(String user, String device) {
        Endpoint endpoint = endpoint(user, device);
        kit.register().know(endpoint);
        kit.register().connect(endpoint, kit.room(), 11);
        return endpoint;
    }

    private JsonNode done() {
        Answer sent = kit.api().post("/v1/broadcasts", BODY);
        assertThat(sent.status()).isEqualTo(202);
        return await().until(
                        () -> kit.api().get("/v1/jobs/" + sent.text("/job_id")).json(),
                        job -> job.path("state").asText().equals("done"));
    }

    private Set<String> sample() {
        Set<String> entries = new HashSet<>();
        kit.api().get(MESSAGE).json().get("results").forEach(entry -> entries.add(entry.toString()));
        return entries;
    }

    private static String entry(String user, String device, String status) {
        return "{\"user\":\"%s\",\"device\":\"%s\",\"status\":\"%s\"}".formatted(user, device, status);
    }

    @Test
    void whoIsConnectedHasAcknowledgedItOrNot() {
        long offset = done().get("offset").asLong();
        kit.saver().topics().pass(endpoint("u1", "phone"), "*", offset + 5);
        kit.saver().topics().pass(endpoint("u2", "phone"), "*", offset - 1);

        assertThat(sample())
                .containsExactlyInAnyOrder(
                        entry("u1", "phone", "acked"), entry("u1", "desk", "stored"), entry("u2", "phone", "stored"));
        assertThat(kit.api().get(MESSAGE).json().get("sampled").asBoolean()).isTrue();
    }

    @Test
    void aDeviceThatIsYoungerIsNotToHaveIt() {
        long offset = done().get("offset").asLong();
        kit.register().born(endpoint("u2", "phone"), offset + 1);
        kit.register().born(endpoint("u1", "desk"), offset - 1);

        assertThat(sample()).containsExactlyInAnyOrder(entry("u1", "phone", "stored"), entry("u1", "desk", "stored"));
    }

    @Test
    void ofOneThatIsRecalledThoseAreToldWhoHaveAcknowledgedIt() {
        long offset = done().get("offset").asLong();
        kit.saver().topics().pass(endpoint("u2", "phone"), "*", offset);

        kit.api().exchange("DELETE", MESSAGE, BodyPublishers.noBody());

        assertThat(sample()).containsExactly(entry("u2", "phone", "acked"));
    }

    @Test
    void itIsTenAtMostAndTheSameEachTime() {
        for (int i = 0; i < 40; i++) {
            connect("crowd-" + i, "phone");
        }
        done();

        Set<String> first = sample();

        assertThat(first).hasSize(10);
        assertThat(sample()).isEqualTo(first);
    }

    @Test
    void withoutRegisterTheJobIsToldAllTheSame() {
        done();
        kit.register().fail(LonglineException.dependencyDown("redis", "Redis is away", null));

        Answer message = kit.api().get(MESSAGE);

        assertThat(message.status()).isEqualTo(200);
        assertThat(message.text("/status")).isEqualTo("stored");
        assertThat(message.json().get("results")).isEmpty();
    }
}
