package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A push to a client that is connected. */
final class OnlinePushIT {

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("online");

    @Test
    void aPushIsWrittenArrivesOnceIsAckedAndNothingRemains() {
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();

            Answer answer = cluster.api().push(user, "hello");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.state()).isEqualTo("written");
            assertThat(answer.result().get("device").asText()).isEqualTo("phone");
            JsonNode push = link.frames().next("push");
            assertThat(push.get("text").asText()).isEqualTo("hello");
            assertThat(push.get("message_id").asText()).isEqualTo(answer.messageId());
            assertThat(push.get("seq").asLong())
                    .isEqualTo(answer.result().get("seq").asLong());
            assertThat(push.get("ttl_ms").asLong()).isBetween(86_000_000L, 86_400_000L);

            link.ack(1, push.get("seq").asLong());
            await().until(() ->
                    cluster.api().message(answer.messageId()).state().equals("acked"));
            assertThat(cluster.api().pending(user, "phone")).isZero();
            assertThat(link.frames().isEmpty()).as("it came once").isTrue();
        }
        try (JsonLink again = cluster.connect(1, user)) {
            assertThat(again.frames().pushesUntilCaughtUp()).isEmpty();
        }
    }

    @Test
    void waitMsAnswersAckedAsSoonAsTheClientAcknowledged() {
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
            CompletableFuture<Answer> answer =
                    CompletableFuture.supplyAsync(() -> cluster.api().push(user, "hello", "{\"wait_ms\":10000}"));
            link.ack(1, link.frames().next("push").get("seq").asLong());
            assertThat(answer.join().status()).isEqualTo(200);
            assertThat(answer.join().state()).isEqualTo("acked");
        }
    }

    @Test
    void aPushReachesEveryDeviceOfTheUserAndOneThatNamesADeviceOnlyThat() {
        try (JsonLink phone = cluster.connect(0, TestProduct.DEMO, user, "phone");
                JsonLink desk = cluster.connect(1, TestProduct.DEMO, user, "desk")) {
            assertThat(phone.frames().pushesUntilCaughtUp()).isEmpty();
            assertThat(desk.frames().pushesUntilCaughtUp()).isEmpty();

            assertThat(cluster.api().push(user, "all").body().get("results")).hasSize(2);
            Answer one = cluster.api()
                    .send("{\"target\":{\"user\":\"%s\",\"device\":\"desk\"},\"payload\":\"one\"}".formatted(user));
            assertThat(one.result().get("device").asText()).isEqualTo("desk");

            assertThat(phone.frames().next("push").get("text").asText()).isEqualTo("all");
            assertThat(desk.frames().next("push").get("text").asText()).isEqualTo("all");
            assertThat(desk.frames().next("push").get("text").asText()).isEqualTo("one");
            assertThat(phone.frames().isEmpty()).isTrue();
        }
    }

    @Test
    void payloadsArriveAsTheyWereWritten() {
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
            String target = "\"target\":{\"user\":\"%s\"}".formatted(user);
            cluster.api().send("{%s,\"payload\": { \"b\" : 1.0, \"a\":[ 1, 2 ],\"s\":\"x y\" }}".formatted(target));
            cluster.api().send("{%s,\"payload_base64\":\"AAEC/w==\"}".formatted(target));
            assertThat(link.frames().next("push").get("text").asText())
                    .isEqualTo("{\"b\":1.0,\"a\":[1,2],\"s\":\"x y\"}");
            assertThat(link.frames().next("push").get("data").asText()).isEqualTo("AAEC/w==");
        }
    }

    @Test
    void qosZeroGoesToWhoIsConnectedAndLeavesNoRecord() {
        String qosZero = "{\"qos\":0}";
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
            Answer written = cluster.api().push(user, "now", qosZero);
            assertThat(written.status()).isEqualTo(200);
            assertThat(written.state()).isEqualTo("written");
            JsonNode push = link.frames().next("push");
            assertThat(push.get("text").asText()).isEqualTo("now");
            assertThat(push.has("seq")).isFalse();
            assertThat(cluster.api().message(written.messageId()).status()).isEqualTo(404);
        }
        await().until(() -> !cluster.api().user(user).body().get("online").asBoolean());
        Answer dropped = cluster.api().push(user, "gone", qosZero);
        assertThat(dropped.status()).isEqualTo(200);
        assertThat(dropped.result().get("status").asText()).isEqualTo("dropped");
        assertThat(dropped.result().get("reason").asText()).isEqualTo("offline");
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
        }
    }

    @Test
    void validateOnlyDoesNothing() {
        String id = SharedCluster.fresh("checked");
        String body = "{\"message_id\":\"%s\",\"target\":{\"user\":\"%s\"},\"payload\":\"x\",\"validate_only\":%s}";
        Answer answer = cluster.api().send(body.formatted(id, user, true));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.state()).isEqualTo("accepted");
        assertThat(cluster.api().message(id).status()).isEqualTo(404);
        Answer real = cluster.api().send(body.formatted(id, user, false));
        assertThat(real.header("Idempotent-Replay"))
                .as("the id was not claimed")
                .isEmpty();
        try (JsonLink link = cluster.connect(0, user)) {
            List<JsonNode> pushes = link.frames().pushesUntilCaughtUp();
            assertThat(pushes).hasSize(1);
        }
    }
}
