package io.longline.center.http;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.kit.Api;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.stores.junit.ZooKeeperExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a request gets the contract's answer, and everybody else goes on. */
@Timeout(60)
class RequestIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final String GOOD = "{\"target\":{\"user\":\"u1\"},\"payload\":\"x\"}";
    private static final int LIMIT = 8;
    private static final int JOURNALED = 3;

    @SuppressWarnings("NullAway.Init")
    private static CenterKit kit;

    @BeforeAll
    static void start() {
        kit = new CenterKit(
                ZOOKEEPER.uri(),
                Map.of(
                        "center.sweep.interval", "1h",
                        "center.max-requests-per-product", Integer.toString(LIMIT),
                        "center.max-requests-mysql", Integer.toString(JOURNALED)));
    }

    @AfterAll
    static void stop() {
        kit.close();
    }

    private static void assertError(Answer answer, int code, String reason) {
        assertThat(answer.status()).isEqualTo(code);
        assertThat(answer.json().at("/error/code").asInt()).isEqualTo(code);
        assertThat(answer.text("/error/reason")).isEqualTo(reason);
        assertThat(answer.text("/error/message")).isNotEmpty();
        assertThat(answer.json().at("/error/retryable").isBoolean()).isTrue();
        assertThat(answer.text("/error/request_id"))
                .isEqualTo(answer.header("X-Request-Id").orElseThrow());
        assertThat(answer.header("Content-Type").orElseThrow()).startsWith("application/json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic !!!",
                "Bearer shop:wrong",
                "Bearer nobody:shop-secret",
                "Bearer shop-secret",
                "Bearer admin:operators only"
            })
    void wrongCredentialsAreAllTheSame401(String authorization) {
        Api stranger = new Api(kit.center().httpPort(), authorization);

        for (String path : List.of("/v1/messages/m", "/v1/users/u1", "/v1/messages:send", "/v1/tokens")) {
            Answer answer =
                    path.contains(":") || path.endsWith("tokens") ? stranger.post(path, GOOD) : stranger.get(path);
            assertError(answer, 401, "UNAUTHENTICATED");
            assertThat(answer.header("WWW-Authenticate").orElseThrow()).startsWith("Basic");
            assertThat(answer.text("/error/message"))
                    .isEqualTo("expected HTTP Basic or Bearer credentials product:secret of a product");
        }
    }

    @Test
    void aBearerOfProductAndSecretIsLetIn() {
        Api bearer = new Api(kit.center().httpPort(), "Bearer shop:shop-secret");

        assertThat(bearer.send(GOOD).status()).isEqualTo(202);
    }

    @Test
    void operatorsAndProductsDoNotMix() {
        assertError(kit.api().get("/admin/v1/nodes"), 401, "UNAUTHENTICATED");
        assertError(kit.operator().send(GOOD), 401, "UNAUTHENTICATED");
    }

    @Test
    void anUnknownFieldIsNamed() {
        Answer answer = kit.api().send("{\"target\":{\"user\":\"u1\"},\"payload\":\"x\",\"options\":{\"ttl\":5}}");

        assertError(answer, 400, "INVALID_ARGUMENT");
        assertThat(answer.text("/error/details/0/field")).isEqualTo("options.ttl");
        assertThat(answer.json().at("/error/retryable").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "nope",
                "[]",
                "{\"target\":{\"user\":\"u1\"}}",
                "{\"target\":{\"user\":\"u1\"},\"payload\":\"x\",\"options\":{\"ttl_s\":-1}}"
            })
    void whatDoesNotParseIs400WithDetails(String body) {
        Answer answer = kit.api().send(body);

        assertError(answer, 400, "INVALID_ARGUMENT");
        assertThat(answer.json().at("/error/details")).hasSize(1);
    }

    @Test
    void bytesThatAreNoUtf8Are400() {
        byte[] body = "{\"target\":{\"user\":\"u1\"},\"payload\":\"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertError(kit.api().post("/v1/messages:send", body), 400, "INVALID_ARGUMENT");
    }

    @Test
    void nestingWithoutEndIs400() {
        assertError(
                kit.api().send("{\"target\":{\"user\":\"u1\"},\"payload\":" + "[".repeat(200_000)),
                400,
                "INVALID_ARGUMENT");
    }

    @Test
    void fiveMebibytesAre413AndTheConnectionGoesOn() {
        Api api = kit.api();

        assertError(api.send("{\"payload\":\"" + "x".repeat(5 << 20) + "\"}"), 413, "PAYLOAD_TOO_LARGE");
        assertThat(api.send(GOOD).status()).isEqualTo(202);
    }

    @Test
    void aPayloadOverTheProductsLimitIs413() {
        Answer answer = kit.api().send(GOOD.replace("\"x\"", "\"" + "x".repeat(4097) + "\""));

        assertError(answer, 413, "PAYLOAD_TOO_LARGE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/x-www-form-urlencoded", "text/plain", "application/json; charset=utf-8", "nonsense"
            })
    void theContentTypeIsNotLookedAt(String type) {
        Answer answer =
                kit.api().exchange("POST", "/v1/messages:send", BodyPublishers.ofString(GOOD), "Content-Type", type);

        assertThat(answer.status()).isEqualTo(202);
    }

    @Test
    void aRequestAsCurlSendsItIsTaken() throws IOException {
        String request = "POST /v1/messages:send HTTP/1.1\r\nHost: localhost:7200\r\n"
                + "Authorization: Basic c2hvcDpzaG9wLXNlY3JldA==\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n"
                + "Content-Length: " + GOOD.length() + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
                + GOOD;
        assertThat(statusLine(request)).isEqualTo("HTTP/1.1 202");
    }

    @Test
    void wrongCredentialsAre401BeforeTheBodyTheyAnnounceComes() throws IOException {
        assertThat(statusLine("POST /v1/messages:send HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n"))
                .isEqualTo("HTTP/1.1 401");
        assertThat(statusLine("POST /v1/messages:send HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n"
                        + "Authorization: Basic c2hvcDpzaG9wLXNlY3JldA==\r\n\r\n{"))
                .isEqualTo("HTTP/1.1 413");
    }

    @Test
    void probesInHttp10AndWithHeadAreAnswered() throws IOException {
        assertThat(statusLine("GET /healthz HTTP/1.0\r\n\r\n")).isEqualTo("HTTP/1.1 200");
        assertThat(statusLine("HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n")).isEqualTo("HTTP/1.1 200");
    }

    /** What is answered to a caller that waits. */
    private static String statusLine(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), kit.center().httpPort())) {
            socket.setSoTimeout(9_000); // Less than bodies are drained for.
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void unknownPathsAndMethodsHaveTheErrorShape() {
        assertError(kit.api().get("/v1/nothing"), 404, "NOT_FOUND");
        assertError(kit.api().get("/v1/messages:send"), 405, "METHOD_NOT_ALLOWED");
    }

    @Test
    void aRequestIdOfTheCallersIsKept() {
        Answer answer = kit.api()
                .exchange("POST", "/v1/messages:send", BodyPublishers.ofString("{"), "X-Request-Id", "mine-17");

        assertThat(answer.header("X-Request-Id")).contains("mine-17");
        assertThat(answer.text("/error/request_id")).isEqualTo("mine-17");
    }

    @Test
    void aMessageOfAnotherProductIsNotFound() {
        Answer sent = kit.api().send(GOOD);
        String path = "/v1/messages/" + sent.text("/message_id");

        assertThat(kit.api().get(path).text("/status")).isEqualTo("stored");
        assertError(kit.api("news").get(path), 404, "MESSAGE_NOT_FOUND");
        assertError(kit.api().get("/v1/messages/never"), 404, "MESSAGE_NOT_FOUND");
    }

    @Test
    void idsInPathsAreDecodedAndChecked() {
        kit.api().send("{\"message_id\":\"a:b\",\"target\":{\"user\":\"u1\"},\"payload\":\"x\"}");

        assertThat(kit.api().get("/v1/messages/a%3Ab").status()).isEqualTo(200);
        assertError(kit.api().get("/v1/messages/a%2Fb"), 400, "INVALID_ARGUMENT");
    }

    @Test
    void oneProductWithManyRequestsInWorkLeavesRoomForOthers() throws Exception {
        List<Answer> refused = refusedOf("shop", LIMIT, "news");

        assertThat(refused).allSatisfy(answer -> assertError(answer, 429, "PRODUCT_RATE_EXCEEDED"));
        assertThat(kit.api().send(GOOD).status()).isEqualTo(202);
    }

    @Test
    void productsThatWaitForMySqlLeaveRoomForThoseThatDoNot() throws Exception {
        List<Answer> refused = refusedOf("bank", JOURNALED, "shop");

        assertThat(refused).allSatisfy(answer -> assertError(answer, 503, "OVERLOADED"));
        assertThat(kit.api("bank").send(GOOD).status()).isEqualTo(202);
    }

    /** Four requests more than a product may have in work, all at once; another product is served meanwhile. */
    private static List<Answer> refusedOf(String product, int limit, String other) throws Exception {
        kit.register().connect(endpoint(product, "slow", "phone"), kit.room(), 1);
        String waits = "{\"target\":{\"user\":\"slow\"},\"payload\":\"x\",\"options\":{\"wait_ms\":10000}}";
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> sent = new ArrayList<>();
            for (int i = 0; i < limit + 4; i++) {
                sent.add(callers.submit(() -> kit.api(product).send(waits)));
            }
            assertThat(kit.api(other).send(GOOD).status()).isEqualTo(202);
            await().until(() -> sent.stream().filter(Future::isDone).count() >= 4); // those that are refused
            await().until(() -> {
                kit.saver().ack(endpoint(product, "slow", "phone"), Long.MAX_VALUE);
                return sent.stream().allMatch(Future::isDone);
            });
            for (Future<Answer> answer : sent) {
                answers.add(answer.get());
            }
        }
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(limit);
        List<Answer> refused =
                answers.stream().filter(answer -> answer.status() != 200).toList();
        assertThat(refused)
                .allSatisfy(answer -> assertThat(answer.header("Retry-After")).contains("1"));
        return refused;
    }

    @Test
    void theServiceEndpointsNeedNoSecret() {
        Api stranger = new Api(kit.center().httpPort(), "");

        assertThat(stranger.get("/openapi.json").text("/openapi")).isEqualTo("3.1.0");
        assertThat(stranger.get("/healthz").status()).isEqualTo(200);
        assertThat(stranger.get("/readyz").status()).isEqualTo(200);
        assertThat(stranger.get("/metrics").status()).isEqualTo(200);
        assertThat(new Api(kit.center().adminPort(), "")
                        .get("/metrics")
                        .response()
                        .body())
                .asString(StandardCharsets.UTF_8)
                .contains("center_push");
    }
}
