package io.longline.center.unicast;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.Message;
import io.longline.stores.junit.ZooKeeperExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages that travel without their payload, by each of the ways to send. */
@Timeout(60)
class NotifyOnlyIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint PHONE = endpoint("u1", "phone");
    private static final String OPTIONS =
            "\"options\":{\"notify_only\":true,\"pull_key\":\"p/1\",\"spread_s\":30,\"collapse_key\":\"c\"}";
    private static final String TO_PHONE = "\"target\":{\"user\":\"u1\"}";

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
        kit.register().connect(PHONE, kit.room(), 11);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private void assertBare(List<Message> messages) {
        assertThat(messages).isNotEmpty().allSatisfy(message -> {
            assertThat(message.getPayloadCase()).isEqualTo(Message.PayloadCase.PAYLOAD_NOT_SET);
            assertThat(message.getNotifyOnly()).isTrue();
            assertThat(message.getSpreadS()).isEqualTo(30);
            assertThat(message.getPullKey()).isEqualTo("p/1");
            assertThat(message.getCollapseKey()).isEqualTo("c");
        });
    }

    @Test
    void thePayloadOfASingleOneIsNeitherStoredNorHandedOver() {
        Answer with = kit.api().send("{" + TO_PHONE + ",\"payload\":\"secret\"," + OPTIONS + "}");
        Answer without = kit.api().send("{" + TO_PHONE + "," + OPTIONS + "}");

        assertThat(List.of(with.text("/status"), without.text("/status"))).containsExactly("written", "written");
        assertThat(kit.saver().inboxOf(PHONE)).hasSize(2);
        assertBare(kit.saver().inboxOf(PHONE));
        assertThat(kit.room().handed()).hasSize(2);
        assertBare(kit.room().handed().stream().map(hint -> hint.getMessage()).toList());
    }

    @Test
    void norIsThatOfAListOrOfOneInABatch() {
        Answer list = kit.api()
                .post(
                        "/v1/messages:multicast",
                        "{\"targets\":[{\"user\":\"u1\"}],\"payload_base64\":\"AAE=\"," + OPTIONS + "}");
        Answer batch = kit.api()
                .post(
                        "/v1/messages:batch",
                        "{\"messages\":[{" + TO_PHONE + ",\"payload\":{\"a\":1}," + OPTIONS + "}]}");

        assertThat(list.status()).isEqualTo(200);
        assertThat(batch.json().get("success_count").asInt()).isEqualTo(1);
        assertThat(kit.saver().inboxOf(PHONE)).hasSize(2);
        assertBare(kit.saver().inboxOf(PHONE));
    }

    @Test
    void aRepeatedIdIsTheSameMessageWhereItsPayloadIs() {
        String body = "{\"message_id\":\"m-1\"," + TO_PHONE + ",\"payload\":\"one\"," + OPTIONS + "}";
        kit.api().send(body);

        assertThat(kit.api().send(body).header("Idempotent-Replay")).contains("true");
        assertThat(kit.api().send(body.replace("one", "two")).text("/error/reason"))
                .isEqualTo("IDEMPOTENCY_CONFLICT");
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
    }
}
