package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.SharedCluster;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are wrong: each gets the contract's answer, in the contract's shape. */
final class ApiErrorsIT {

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    static Stream<Arguments> wrongBodies() {
        String target = "\"target\":{\"user\":\"u\"}";
        return Stream.of(
                Arguments.of("unknown field", "{%s,\"payload\":\"x\",\"paylaod\":1}".formatted(target), 400, "paylaod"),
                Arguments.of(
                        "unknown option",
                        "{%s,\"payload\":\"x\",\"options\":{\"ttl\":1}}".formatted(target),
                        400,
                        "options.ttl"),
                Arguments.of(
                        "unknown target field",
                        "{\"target\":{\"user\":\"u\",\"topic\":\"t\"},\"payload\":\"x\"}",
                        400,
                        "target.topic"),
                Arguments.of("missing payload", "{%s}".formatted(target), 400, "payload"),
                Arguments.of(
                        "two payloads",
                        "{%s,\"payload\":\"x\",\"payload_base64\":\"eA==\"}".formatted(target),
                        400,
                        "payload"),
                Arguments.of("missing target", "{\"payload\":\"x\"}", 400, "target"),
                Arguments.of("bad user", "{\"target\":{\"user\":\"a b\"},\"payload\":\"x\"}", 400, "target.user"),
                Arguments.of(
                        "negative ttl",
                        "{%s,\"payload\":\"x\",\"options\":{\"ttl_s\":-1}}".formatted(target),
                        400,
                        "options.ttl_s"),
                Arguments.of(
                        "ttl beyond 30 days",
                        "{%s,\"payload\":\"x\",\"options\":{\"ttl_s\":2592001}}".formatted(target),
                        400,
                        "options.ttl_s"),
                Arguments.of(
                        "qos 2",
                        "{%s,\"payload\":\"x\",\"options\":{\"qos\":2}}".formatted(target),
                        400,
                        "options.qos"),
                Arguments.of(
                        "long wait",
                        "{%s,\"payload\":\"x\",\"options\":{\"wait_ms\":10001}}".formatted(target),
                        400,
                        "options.wait_ms"),
                Arguments.of("bad base64", "{%s,\"payload_base64\":\"?\"}".formatted(target), 400, "payload_base64"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongBodies")
    void aWrongBodyIsRefusedByTheNameOfItsField(String what, String body, int status, String field) {
        Answer answer = cluster.api().send(body);
        assertError(answer, status, "INVALID_ARGUMENT");
        assertThat(answer.body().get("error").get("details").findValuesAsText("field"))
                .as("%s: %s", what, answer.body())
                .contains(field);
    }

    @Test
    void allProblemsOfABodyAreToldTogether() {
        Answer answer =
                cluster.api().send("{\"target\":{\"user\":\"a b\"},\"options\":{\"ttl_s\":-1,\"qos\":7},\"what\":1}");
        assertThat(answer.body().get("error").get("details").findValuesAsText("field"))
                .contains("target.user", "payload", "options.ttl_s", "options.qos", "what");
    }

    @Test
    void whatIsNoJsonIsRefused() {
        assertError(cluster.api().send("{\"target\":"), 400, "INVALID_ARGUMENT");
        assertError(cluster.api().send("[]"), 400, "INVALID_ARGUMENT");
        assertError(cluster.api().send(""), 400, "INVALID_ARGUMENT");
    }

    @Test
    void tooMuchIsTooLarge() {
        String body = "{\"target\":{\"user\":\"u\"},\"payload\":\"%s\"}";
        assertError(cluster.api().send(body.formatted("x".repeat(4097))), 413, "PAYLOAD_TOO_LARGE");
        assertError(cluster.api().send(body.formatted("x".repeat(5 * 1024 * 1024))), 413, "PAYLOAD_TOO_LARGE");
        assertThat(cluster.api().send(body.formatted("x".repeat(4096))).status())
                .isEqualTo(202);
    }

    @Test
    void whoDoesNotKnowTheSecretIsNobody() {
        for (CenterApi stranger : new CenterApi[] {
            new CenterApi(cluster.cluster().center(0), "demo", "wrong"),
            new CenterApi(cluster.cluster().center(0), "nobody", "demo-secret"),
            new CenterApi(cluster.cluster().center(0), "admin", DemoProduct.OPERATOR_SECRET)
        }) {
            Answer answer = stranger.push("u", "x");
            assertError(answer, 401, "UNAUTHENTICATED");
            assertThat(answer.header("WWW-Authenticate")).isNotEmpty();
        }
        assertError(cluster.api().get("/admin/v1/nodes"), 401, "UNAUTHENTICATED");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertError(cluster.api().message(SharedCluster.fresh("no-such-message")), 404, "MESSAGE_NOT_FOUND");
        assertError(cluster.api().user(SharedCluster.fresh("no-such-user")), 404, "USER_NOT_FOUND");
        assertThat(cluster.api().get("/v1/no-such-thing").status()).isEqualTo(404);
        assertThat(cluster.api().exchange("DELETE", "/v1/messages:send", "").status())
                .isEqualTo(405);
    }

    @Test
    void theOperatorSeesTheNodesAndMakesProducts() {
        CenterApi operator = new CenterApi(cluster.cluster().center(0), "admin", DemoProduct.OPERATOR_SECRET);
        assertThat(operator.get("/admin/v1/nodes").body().get("items").findValuesAsText("instance"))
                .contains("room-1", "room-2", "center-1", "center-2", "saver-1", "register-1", "coordinator-1");
        String id = SharedCluster.fresh("made");
        Answer made =
                operator.post("/admin/v1/products", "{\"product\":\"%s\",\"durability\":\"redis\"}".formatted(id));
        assertThat(made.status()).isIn(200, 201);
        assertThat(made.body().get("api_secret").asText()).isNotEmpty();
        assertThat(made.body().get("client_secret").asText()).hasSizeGreaterThanOrEqualTo(32);
    }

    private static void assertError(Answer answer, int status, String reason) {
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(status);
        JsonNode error = answer.body().get("error");
        assertThat(error.get("code").asInt()).isEqualTo(status);
        assertThat(error.get("reason").asText()).isEqualTo(reason);
        assertThat(error.get("message").asText()).isNotEmpty();
        assertThat(error.get("retryable").asBoolean()).isFalse();
        assertThat(error.get("request_id").asText()).isNotEmpty();
    }
}
