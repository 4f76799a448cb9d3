package io.longline.center.unicast;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages that end without coming into an inbox, as saver is told for the back end. */
@Timeout(60)
class UntakenIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final String CALLBACK =
            "{\"callbacks\":[{\"kind\":\"message\",\"url\":\"https://shop.example/\",\"secret\":\"0123456789abcdef\"}]}";

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h", "center.jobs.interval", "100ms"));
        kit.register().connect(endpoint("u1", "phone"), kit.room(), 11);
        kit.register().know(endpoint("u1", "desk"));
        Answer set = kit.api().exchange("PUT", "/v1/callbacks", BodyPublishers.ofString(CALLBACK));
        assertThat(set.status()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private static String body(String id, String user, String options) {
        return "{\"message_id\":\"" + id + "\",\"target\":{\"user\":\"" + user + "\"},\"payload\":\"x\",\"options\":{"
                + options + "}}";
    }

    private void awaitTold(String... ends) {
        await().untilAsserted(() -> assertThat(kit.saver().told()).containsExactlyInAnyOrder(ends));
    }

    @Test
    void ofQos0WhoIsNotThereIsToldOfAndWhoGotItIsNot() {
        kit.api().send(body("q0", "u1", "\"qos\":0"));
        awaitTold("shop/u1/desk q0 DROPPED offline");
    }

    @Test
    void whoDoesNotWantToKnowIsNotTold() {
        kit.api("news").send(body("q1", "stranger", "\"qos\":0"));
        kit.api().send(body("q2", "stranger", "\"qos\":0"));

        awaitTold("shop/stranger/default q2 DROPPED offline");
    }

    @Test
    void oneFullInboxOfTwoIsToldOfAndWhatIsAnsweredWithAnErrorIsNot() {
        kit.saver().fill("desk");
        kit.register().know(endpoint("u2", "desk"));

        assertThat(kit.api().send(body("m2", "u2", "\"ttl_s\":60")).status()).isEqualTo(429);
        kit.api().send(body("m1", "u1", "\"ttl_s\":60"));

        awaitTold("shop/u1/desk m1 DROPPED inbox_full");
    }

    @Test
    void whomAJobSkipsIsToldOfByUserOrDevice() {
        kit.register().know(endpoint("u2", "full"));
        kit.saver().fill("full");
        List<String> lines = List.of(
                "{\"message_id\":\"m-1\",\"payload\":\"x\"}",
                "{\"user\":\"u2\"}",
                "{\"user\":\"u3\",\"device\":\"full\"}",
                "{\"user\":\"u1\"}",
                "{\"user\":\"u1\"}");

        Answer queued = kit.api().post("/v1/jobs", String.join("\n", lines) + "\n");

        assertThat(queued.status()).isEqualTo(202);
        awaitTold("shop/u2/ m-1 DROPPED inbox_full", "shop/u3/full m-1 DROPPED inbox_full");
    }
}
