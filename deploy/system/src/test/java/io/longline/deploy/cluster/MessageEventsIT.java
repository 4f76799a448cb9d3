package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.HookServer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.product.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A back end is told what became of each message, once. */
final class MessageEventsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private static final HookServer backEnd = new HookServer();
    private static TestProduct product;
    private static CenterApi api;

    private final String user = SharedCluster.fresh("reader");

    @BeforeAll
    static void tellOfMessages() {
        product = cluster.product(Durability.REDIS, 64);
        api = cluster.api(product, 0);
        CenterApi operator = new CenterApi(cluster.cluster().center(0), "admin", DemoProduct.OPERATOR_SECRET);
        backEnd.serveKind(operator, api, product.id(), "message");
        // Savers hear of it a moment later: what ends until then is told to nobody.
        await().atMost(PATIENCE).until(() -> {
            api.push("early", "text");
            api.exchange("DELETE", "/v1/users/early/devices/default/pending", "");
            return !backEnd.eventsOf("early").isEmpty();
        });
    }

    @AfterAll
    static void close() {
        backEnd.close();
    }

    private List<JsonNode> told(int events) {
        await().atMost(PATIENCE).until(() -> backEnd.eventsOf(user).size() >= events);
        return backEnd.eventsOf(user);
    }

    @Test
    void whatIsAcknowledgedExpiresOrIsDroppedIsToldOfEachMessageOnceAndInOrder() {
        List<String> expected = new ArrayList<>();
        long seq = 0;
        try (JsonLink link = cluster.connect(0, product, user, "phone")) {
            for (int i = 0; i < 20; i++) {
                Answer pushed = api.push(user, "n" + i);
                seq = pushed.result().path("seq").asLong();
                expected.add("message.acked " + pushed.messageId() + " " + seq + " ");
            }
            long last = seq;
            while (link.frames().skipTo("push", "caught_up").path("seq").asLong() != last) {
                // the ones before it
            }
            link.ack(1, last);
            for (JsonNode event : told(expected.size())) {
                assertThat(event.path("product").asText()).isEqualTo(product.id());
                assertThat(event.path("device").asText()).isEqualTo("phone");
                assertThat(event.path("generation").asLong()).isPositive();
                assertThat(event.path("ts_ms").asLong()).isPositive();
            }
        }
        Answer expiring = api.push(user, "short", "{\"ttl_s\":1}");
        expected.add("message.expired " + expiring.messageId() + " "
                + expiring.result().path("seq").asLong() + " ");
        told(expected.size());

        Answer dropped = api.push(user, "unwanted");
        api.exchange("DELETE", "/v1/users/" + user + "/devices/phone/pending", "");
        expected.add("message.dropped " + dropped.messageId() + " "
                + dropped.result().path("seq").asLong() + " emptied");

        assertThat(told(expected.size())).extracting(MessageEventsIT::line).containsExactlyElementsOf(expected);
        assertThat(api.message(expiring.messageId()).state()).isEqualTo("expired");
    }

    private static String line(JsonNode event) {
        return event.path("type").asText() + " " + event.path("message_id").asText() + " "
                + event.path("seq").asLong() + " " + event.path("reason").asText();
    }

    @Test
    void whatExpiresForSomebodyWhoNeverComesIsTold() {
        Answer pushed = api.push(user, "for nobody", "{\"ttl_s\":1}");

        JsonNode event = told(1).getFirst();

        assertThat(event.path("type").asText()).isEqualTo("message.expired");
        assertThat(event.path("device").asText()).isEqualTo("default");
        assertThat(event.path("message_id").asText()).isEqualTo(pushed.messageId());
    }

    @Test
    void whatIsRecalledOrCollapsedIsNotTold() {
        Answer recalled = api.push(user, "recalled");
        assertThat(api.recall(recalled.messageId()).state()).isEqualTo("recalled");
        api.push(user, "old", "{\"collapse_key\":\"k\"}");
        Answer newest = api.push(user, "new", "{\"collapse_key\":\"k\"}");
        api.exchange("DELETE", "/v1/users/" + user + "/devices/default/pending", "");

        assertThat(told(1))
                .extracting(event -> event.path("message_id").asText())
                .containsExactly(newest.messageId());
    }
}
