package io.longline.center.message;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverResult;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code GET /v1/messages/{id}/timeline}, and what center has noted for it. The sweep is off. */
@Timeout(60)
class TimelineIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint PHONE = endpoint("u1", "phone");

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private Answer send(String options) {
        return kit.api()
                .send("{\"target\":{\"user\":\"u1\",\"device\":\"phone\"},\"payload\":\"hello\",\"options\":{" + options
                        + "}}");
    }

    private void roomAnswers(HandOverResult result, String reason) {
        kit.room()
                .answer(request -> HandOverReply.newBuilder()
                        .setResult(result)
                        .setReason(reason)
                        .build());
    }

    private Answer timeline(Answer sent) {
        return kit.api().get("/v1/messages/" + sent.text("/message_id") + "/timeline");
    }

    private List<String> stages(Answer sent) {
        List<String> stages = new ArrayList<>();
        timeline(sent)
                .json()
                .get("stages")
                .forEach(stage -> stages.add(
                        stage.get("stage").asText() + " " + stage.path("node").asText()));
        return stages;
    }

    @Test
    void aMessageIsToldFromItsCenterToTheRoom() {
        kit.register().connect(PHONE, kit.room(), 11);
        long before = System.currentTimeMillis() - 1000;
        Answer sent = send("");

        Answer told = timeline(sent);

        assertThat(told.status()).isEqualTo(200);
        assertThat(told.json().get("message_id")).isEqualTo(sent.json().get("message_id"));
        assertThat(stages(sent))
                .containsExactly("accepted center-1", "stored saver-1", "routed room-1", "written room-1");
        JsonNode accepted = told.json().at("/stages/0");
        assertThat(accepted.fieldNames()).toIterable().containsExactly("stage", "at_ms", "node");
        JsonNode written = told.json().at("/stages/3");
        assertThat(written.fieldNames()).toIterable().containsExactly("stage", "at_ms", "node", "user", "device");
        assertThat(written.get("device").asText()).isEqualTo("phone");
        told.json()
                .get("stages")
                .forEach(stage ->
                        assertThat(stage.get("at_ms").asLong()).isBetween(before, System.currentTimeMillis() + 1000));
    }

    @Test
    void whatARoomHasWaitingIsRoutedAndWhatIsOfflineIsNot() {
        Answer offline = send("");
        assertThat(stages(offline)).containsExactly("accepted center-1", "stored saver-1");

        kit.register().connect(PHONE, kit.room(), 11);
        roomAnswers(HandOverResult.HAND_OVER_QUEUED, "");
        assertThat(stages(send(""))).containsExactly("accepted center-1", "stored saver-1", "routed room-1");
    }

    @Test
    void whatIsDroppedSaysWhyAndByWhom() {
        Answer nobody = send("\"ttl_s\":0");
        assertThat(stages(nobody)).containsExactly("accepted center-1", "stored saver-1", "dropped center-1");
        assertThat(timeline(nobody).text("/stages/2/reason")).isEqualTo("offline");

        kit.register().connect(PHONE, kit.room(), 11);
        roomAnswers(HandOverResult.HAND_OVER_REFUSED, "slow");
        Answer refused = send("\"ttl_s\":0");
        assertThat(stages(refused)).containsExactly("accepted center-1", "stored saver-1", "dropped room-1");
        assertThat(timeline(refused).text("/stages/2/reason")).isEqualTo("slow");
    }

    @Test
    void aRecallSaysByWhom() {
        Answer sent = send("");
        kit.api().exchange("DELETE", "/v1/messages/" + sent.text("/message_id"), BodyPublishers.noBody());

        assertThat(stages(sent)).containsExactly("accepted center-1", "stored saver-1", "recalled center-1");
    }

    @Test
    void whatIsNotKnownOrAnotherProductsOrQos0IsNotFound() {
        assertThat(kit.api().get("/v1/messages/nobody-sent-it/timeline").text("/error/reason"))
                .isEqualTo("MESSAGE_NOT_FOUND");
        Answer sent = send("");
        assertThat(kit.api("news")
                        .get("/v1/messages/" + sent.text("/message_id") + "/timeline")
                        .status())
                .isEqualTo(404);
        assertThat(timeline(send("\"qos\":0")).status()).isEqualTo(404);
        assertThat(kit.api().get("/v1/messages/not%20an%20id/timeline").status())
                .isEqualTo(400);
    }
}
