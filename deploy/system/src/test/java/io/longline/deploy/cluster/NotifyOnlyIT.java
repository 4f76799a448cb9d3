package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.sdk.LonglineClient;
import io.longline.sdk.Message;
import io.longline.sdk.PullHook;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages that travel without payload, from the HTTP API to the app's pull. */
final class NotifyOnlyIT {
    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("notified");

    @Test
    void theAppPullsByItsKeyUntilItIsThereAndTheBackEndHasItsAck() {
        Answer waits = cluster.api()
                .push(user, "not for the wire", "{\"notify_only\":true,\"pull_key\":\"orders/1\",\"spread_s\":1}");
        List<Message> pulled = new CopyOnWriteArrayList<>();
        List<String> got = new CopyOnWriteArrayList<>();
        try (LonglineClient client = LonglineClient.builder()
                .dispatcher(cluster.dispatcher().toString())
                .product("demo")
                .user(user)
                .device("phone")
                .token(() -> TestProduct.DEMO.token(user))
                .listener(message -> got.add(String.valueOf(message.text())))
                .pullHook(message -> {
                    pulled.add(message);
                    return pulled.size() == 1 ? PullHook.Answer.NOT_YET : PullHook.Answer.DONE;
                })
                .build()) {
            client.start();

            await().until(() -> pulled.size() == 2);
            assertThat(pulled).extracting(Message::messageId).containsOnly(waits.messageId());
            assertThat(pulled).extracting(Message::pullKey).containsOnly("orders/1");
            assertThat(pulled).extracting(Message::text).containsOnlyNulls();
            await().until(() -> cluster.api().message(waits.messageId()).state().equals("acked"));

            Answer next = cluster.api().push(user, "with payload", "{\"wait_ms\":10000}");
            assertThat(next.state()).isEqualTo("acked");
            assertThat(got).containsExactly("with payload");
        }
    }

    @Test
    void aJsonFrameOfItHasKeysAndNoPayload() {
        try (JsonLink link = cluster.connect(0, user)) {
            assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();

            Answer answer = cluster.api()
                    .send("{\"target\":{\"user\":\"%s\"},\"options\":{\"notify_only\":true,\"collapse_key\":\"c\"}}"
                            .formatted(user));

            assertThat(answer.state()).isEqualTo("written");
            JsonNode push = link.frames().next("push");
            assertThat(push.get("message_id").asText()).isEqualTo(answer.messageId());
            assertThat(push.get("collapse_key").asText()).isEqualTo("c");
            assertThat(push.get("notify_only").asBoolean()).isTrue();
            assertThat(push.get("spread_s").asInt()).isZero();
            assertThat(push.has("text") || push.has("data") || push.has("pull_key"))
                    .isFalse();
        }
    }
}
