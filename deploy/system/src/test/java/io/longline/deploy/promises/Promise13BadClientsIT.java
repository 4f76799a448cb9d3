package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.Jwt;
import io.longline.deploy.kit.NativeLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.product.Durability;
import io.longline.v1.ClientFrame;
import io.longline.v1.Ping;
import io.longline.v1.ServerFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Promise 13: a bad token binds nothing; a bad frame closes that link with a code that says why. Beside each of them a
 * bystander stays connected and gets its message, and the log has at most one line about it.
 */
final class Promise13BadClientsIT {

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("victim");
    private final String bystander = SharedCluster.fresh("bystander");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final JsonLink standing;

    Promise13BadClientsIT() {
        this.standing = cluster.connect(0, bystander);
    }

    @BeforeEach
    void listenToTheLog() {
        log.start();
        root().addAppender(log);
    }

    @AfterEach
    void theOthersGoOnAndTheLogIsQuiet() {
        root().detachAppender(log);
        List<ILoggingEvent> lines = log.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .toList();
        assertThat(lines).as("lines in the log").hasSizeLessThanOrEqualTo(1);
        try (JsonLink link = standing) {
            link.frames().pushesUntilCaughtUp();
            assertThat(cluster.api().push(bystander, "still here").state()).isEqualTo("written");
            assertThat(link.frames().next("push").get("text").asText()).isEqualTo("still here");
        }
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    static Stream<Arguments> badTokens() {
        String secret = TestProduct.DEMO.clientSecret();
        return Stream.of(
                token("expired", user -> Jwt.hs256(secret, Jwt.claims("demo", user, Jwt.inSeconds(-60)))),
                token("forged", user -> Jwt.hs256("another-secret-of-32-bytes-or-more-1", Jwt.claims("demo", user))),
                token("alg none", user -> Jwt.unsigned(Jwt.claims("demo", user))),
                token("of another user", user -> Jwt.hs256(secret, Jwt.claims("demo", "somebody-else"))),
                token("of another device", user -> Jwt.hs256(secret, Jwt.claimsOfDevice("demo", user, "tablet"))),
                token("of another product", user -> Jwt.hs256(secret, Jwt.claims("shop", user))),
                token("without an end", user -> Jwt.hs256(secret, "{\"iss\":\"demo\",\"sub\":\"%s\"}".formatted(user))),
                token("no token at all", user -> "x"));
    }

    private static Arguments token(String what, Function<String, String> maker) {
        return Arguments.of(what, maker);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void aBadTokenBindsNothing(String what, Function<String, String> maker) {
        try (JsonLink link = JsonLink.open(cluster.cluster().room(0))) {
            link.hello("demo", user, "phone", maker.apply(user));
            JsonNode close = link.frames().next("close");
            assertThat(close.get("code").asInt()).as(what).isEqualTo(3500);
            assertThat(close.get("retry").asBoolean()).isFalse();
            assertThat(link.closeStatus()).isEqualTo(3500);
        }
        assertThat(cluster.api().user(user).status()).as("never seen").isEqualTo(404);
    }

    @Test
    void aTokenSignedByAnotherProductBindsNothingInThisOne() {
        TestProduct other = cluster.product(Durability.REDIS, 64);
        log.list.clear();
        try (JsonLink link = JsonLink.open(cluster.cluster().room(0))) {
            link.hello("demo", user, "phone", other.token(user));
            assertThat(link.frames().next("close").get("code").asInt()).isEqualTo(3500);
        }
    }

    @Test
    void oneBadTokenAmongGoodOnesRefusesOnlyItsOwnBind() {
        try (JsonLink link = JsonLink.open(cluster.cluster().room(0))) {
            link.say("{\"hello\":{\"bind\":[%s,%s]}}"
                    .formatted(
                            JsonLink.bind(1, "demo", user, TestProduct.DEMO.token(user), 0),
                            JsonLink.bind(2, "demo", user + "-2", "x", 0)));
            JsonNode bound = link.frames().next("welcome").get("bound");
            assertThat(bound.get(0).get("ok").asBoolean()).isTrue();
            assertThat(bound.get(1).get("ok").asBoolean()).isFalse();
            assertThat(bound.get(1).get("error").get("code").asInt()).isEqualTo(3500);
        }
    }

    @Test
    void aFrameThatDoesNotParseIs3503() throws IOException {
        try (JsonLink link = JsonLink.open(cluster.cluster().room(0))) {
            link.say("{\"hello\":");
            assertThat(link.closeStatus()).isEqualTo(3503);
        }
        try (NativeLink link = NativeLink.open(cluster.cluster().room(0))) {
            link.write(new byte[] {3, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF});
            assertClosed(link, 3503);
        }
    }

    @Test
    void aFrameOfOneGibibyteIs3504BeforeItComes() throws IOException {
        try (NativeLink link = NativeLink.open(cluster.cluster().room(0))) {
            link.write(new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 4});
            assertClosed(link, 3504);
        }
        try (JsonLink link = JsonLink.open(cluster.cluster().room(0))) {
            link.say("{\"hello\":{\"sdk\":\"%s\"}}".formatted("x".repeat(70_000)));
            assertThat(link.closeStatus()).isEqualTo(3504);
        }
    }

    @Test
    void whoSaysNoHelloIs3506AfterTenSeconds() throws IOException {
        try (NativeLink link = NativeLink.open(cluster.cluster().room(0))) {
            assertClosed(link, 3506);
        }
    }

    @Test
    void anythingBeforeHelloIsNoHello() throws IOException {
        try (NativeLink link = NativeLink.open(cluster.cluster().room(0))) {
            link.say(ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
            ServerFrame frame = Objects.requireNonNull(link.read());
            assertThat(frame.getClose().getCode()).isIn(3503, 3506, 3507);
        }
    }

    @Test
    void garbageIsClosedWithoutAByte() throws IOException {
        for (String garbage : List.of("\u0001\u0002\u0003\u0004", "HELO there\r\n", "\u0000")) {
            try (NativeLink link = NativeLink.raw(cluster.cluster().room(0))) {
                link.write(garbage.getBytes(StandardCharsets.ISO_8859_1));
                assertThat(link.readToEnd()).isEmpty();
            }
        }
    }

    static Stream<Arguments> wrongUpgrades() {
        return Stream.of(
                Arguments.of("no upgrade", List.of("GET /v1/connect HTTP/1.1", "Host: h"), 426),
                Arguments.of("another path", upgrade("/v1/other", "longline.v1"), 404),
                Arguments.of("an unknown subprotocol", upgrade("/v1/connect", "mqtt"), 400));
    }

    private static List<String> upgrade(String path, String subprotocol) {
        return List.of(
                "GET " + path + " HTTP/1.1",
                "Host: h",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Protocol: " + subprotocol);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongUpgrades")
    void aWrongUpgradeIsAnsweredInHttp(String what, List<String> lines, int status) throws IOException {
        try (NativeLink link = NativeLink.raw(cluster.cluster().room(0))) {
            String request = String.join("\r\n", lines) + "\r\n\r\n";
            link.write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(link.readToEnd(), StandardCharsets.US_ASCII);
            assertThat(answer).as(what).startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void theOtherKindOfMessageIs3503() {
        try (JsonLink link = JsonLink.openBinary(cluster.cluster().room(0))) {
            link.say("{\"ping\":{}}");
            assertThat(link.closeStatus()).isEqualTo(3503);
        }
        try (JsonLink link = JsonLink.open(cluster.cluster().room(0))) {
            link.sayBinary(new byte[] {1, 2, 3});
            assertThat(link.closeStatus()).isEqualTo(3503);
        }
    }

    @Test
    void anUnknownKindIsAnsweredAndTheLinkGoesOn() {
        try (JsonLink link = cluster.connect(0, user)) {
            link.frames().pushesUntilCaughtUp();
            link.say("{\"teleport\":{\"to\":\"mars\"}}");
            assertThat(link.frames().next("error").get("reason").asText()).isEqualTo("UNKNOWN_FRAME");
            link.say("{\"ping\":{\"and\":\"an unknown field\"}}");
            assertThat(link.frames().next("pong").isObject()).isTrue();
        }
    }

    private static void assertClosed(NativeLink link, int code) throws IOException {
        ServerFrame frame = Objects.requireNonNull(link.read(), "closed without a word");
        assertThat(frame.getClose().getCode()).isEqualTo(code);
        assertThat(link.read()).isNull();
    }
}
