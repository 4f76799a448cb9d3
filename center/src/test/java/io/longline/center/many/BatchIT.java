package io.longline.center.many;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.rpc.v1.Message;
import io.longline.stores.junit.ZooKeeperExtension;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BatchIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
        kit.register().connect(endpoint("u1", "phone"), kit.room(), 11);
        kit.register().know(endpoint("u2", "desk"));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private Answer send(String messages) {
        return kit.api().post("/v1/messages:batch", "{\"messages\":[" + messages + "]}");
    }

    private static String message(String id, String user, String payload) {
        return "{\"message_id\":\"" + id + "\",\"target\":{\"user\":\"" + user + "\"},\"payload\":" + payload + "}";
    }

    @Test
    void eachIsAnsweredAsIfItHadComeAlone() {
        Answer answer = send(message("m-1", "u1", "{ \"n\" : 1.0 }") + ", " + message("m-2", "u2", "\"two\""));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().get("success_count").asInt()).isEqualTo(2);
        assertThat(answer.json().get("failure_count").asInt()).isZero();
        JsonNode responses = answer.json().get("responses");
        assertThat(responses.get(0)).isEqualTo(kit.api().get("/v1/messages/m-1").json());
        assertThat(responses.get(1)).isEqualTo(kit.api().get("/v1/messages/m-2").json());
        assertThat(kit.saver().inboxOf(endpoint("u1", "phone")))
                .extracting(Message::getText)
                .containsExactly("{\"n\":1.0}");
        assertThat(send(message("m-3", "u1", "3")).status()).isEqualTo(200);
    }

    @Test
    void whatIsWrongTooLargeOrOfTheSameIdFailsAlone() {
        Answer answer = send(String.join(
                ",",
                message("m-1", "u1", "1"),
                message("m-1", "u1", "1"),
                message("m-2", "a/b", "1"),
                message("m-3", "u2", "\"" + "x".repeat(5_000) + "\""),
                "7",
                "\"text\"",
                "{\"target\":{\"user\":\"u1\"},\"payload\":1,\"payload_base64\":\"MQ==\"}",
                message("m-4", "u2", "4")));

        JsonNode responses = answer.json().get("responses");
        assertThat(answer.json().get("success_count").asInt()).isEqualTo(2);
        assertThat(answer.json().get("failure_count").asInt()).isEqualTo(6);
        assertThat(responses.at("/0/status").asText()).isEqualTo("written");
        assertThat(responses.at("/1/error/message").asText()).contains("messages[0]");
        assertThat(responses.at("/2/error/details/0/field").asText()).isEqualTo("target.user");
        assertThat(responses.at("/3/error/reason").asText()).isEqualTo("PAYLOAD_TOO_LARGE");
        assertThat(responses.at("/4/error/reason").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(responses.at("/5/error/reason").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(responses.at("/6/error/details/0/field").asText()).isEqualTo("payload");
        assertThat(responses.at("/7/status").asText()).isEqualTo("stored");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                   | messages
            {"messages":[]}                      | messages
            {"messages":{}}                      | messages
            {"messages":"x"}                     | messages
            {"messages":[{}],"payload":1}        | payload
            {"messages":[{"payload":1,"payload":2}]} | messages[0].payload
            {"messages":[                        | body
            """)
    void aFrameThatIsWrongIsRefusedWhole(String body, String field) {
        Answer answer = kit.api().post("/v1/messages:batch", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/details").findValuesAsText("field")).contains(field);
    }

    @Test
    void fiveHundredAreSentAndOneMoreIsRefused() {
        String all = IntStream.range(0, 500)
                .mapToObj(i -> message("b-" + i, "many" + i, "1"))
                .collect(Collectors.joining(","));

        Answer sent = send(all);
        Answer refused = send(all.replace("b-", "c-") + "," + message("c-x", "u1", "1"));

        assertThat(sent.json().get("success_count").asInt()).isEqualTo(500);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/details/0/problem")).isEqualTo("expected a list of 1 to 500, got 501");
        assertThat(kit.saver().messagesNamed("c-0")).isZero();
    }

    @Test
    void messagesToOneUserKeepTheOrderOfTheList() {
        String all = IntStream.range(0, 100)
                .mapToObj(i -> message("o-" + i, i % 2 == 0 ? "u2" : "other" + i, String.valueOf(i)))
                .collect(Collectors.joining(","));

        send(all);

        List<String> texts = kit.saver().inboxOf(endpoint("u2", "desk")).stream()
                .map(Message::getText)
                .toList();
        assertThat(texts)
                .containsExactlyElementsOf(IntStream.range(0, 50)
                        .mapToObj(i -> String.valueOf(2 * i))
                        .toList());
    }

    @Test
    void aRepeatedBatchDoesNothingTwice() {
        String all = message("m-1", "u1", "1") + "," + message("m-2", "u2", "2");
        Answer first = send(all);

        Answer again = send(all);

        assertThat(again.json()).isEqualTo(first.json());
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
        assertThat(kit.room().handed()).hasSize(1);
    }
}
