package io.longline.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.backend.BackEnd.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackEndTest {
    static final String UNAVAILABLE = "{\"error\":{\"code\":503,\"reason\":\"DEPENDENCY_DOWN\",\"message\":\"away\","
            + "\"retryable\":true,\"retry_after_ms\":20}}";
    static final String INVALID = "{\"error\":{\"code\":400,\"reason\":\"INVALID_ARGUMENT\",\"message\":\"no\"}}";

    /** An answer that stops in its body. */
    static final String CUT = "HTTP/1.1 503 Unavailable\r\nContent-Length: 100\r\n\r\n{";

    /** HMAC-SHA256 of {@code 1700000000.{"events":[]}} with {@code callback-secret}, by openssl. */
    static final String SIGNATURE = "t=1700000000,v1=396c792fee097949b005e119ee47d53b8ab1fb6c4637e755f662a1fc7b45caaa";

    @SuppressWarnings("NullAway.Init")
    private CannedCenter center;

    @BeforeEach
    void start() throws IOException {
        center = new CannedCenter();
    }

    @AfterEach
    void stop() {
        center.close();
    }

    private BackEnd backEnd(Duration patience, URI... centers) {
        return new BackEnd(List.of(centers), "demo", "demo-secret", patience);
    }

    private BackEnd backEnd() {
        return backEnd(Duration.ofSeconds(20), center.uri());
    }

    /** A port where nobody listens. */
    static URI nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    @Test
    void whatIsUnavailableOrNotAnsweredIsSentAgainUnderTheSameId() {
        center.answers(503, UNAVAILABLE);
        center.breaksOff();

        assertThat(backEnd().send("u1", "hello").get("status").asText()).isEqualTo("stored");

        assertThat(center.asked())
                .hasSize(3)
                .extracting(asked -> asked.body())
                .containsOnly(center.first().body());
        CannedCenter.Asked first = center.first();
        assertThat(first.path()).isEqualTo("/v1/messages:send");
        assertThat(first.authorization()).isEqualTo("Basic ZGVtbzpkZW1vLXNlY3JldA==");
        assertThat(first.body().at("/target/user").asText()).isEqualTo("u1");
        assertThat(first.body().get("payload").asText()).isEqualTo("hello");
        assertThat(first.body().get("message_id").asText()).isNotEmpty();
    }

    @Test
    void anIdThatIsGivenStaysAndThoseOfABatchAreGivenEach() {
        ObjectNode with = new ObjectMapper().createObjectNode().put("message_id", "m1");
        ObjectNode without = new ObjectMapper().createObjectNode();

        backEnd().batch(List.of(with, without));

        assertThat(center.first().body().at("/messages/0/message_id").asText()).isEqualTo("m1");
        assertThat(center.first().body().at("/messages/1/message_id").asText()).isNotEmpty();
        assertThat(without.isEmpty()).as("the caller's own body").isTrue();
    }

    @Test
    void aMessageToATopicHasAnIdAndWhoFollowsItIsSaidByItsPath() {
        center.breaksOff();

        backEnd().sendToTopic("chat:7", "hello");
        backEnd().follow("u 1", "chat:7");
        backEnd().unfollow("u 1", "chat:7");

        assertThat(center.asked())
                .extracting(asked -> asked.method() + " " + asked.path())
                .containsExactly(
                        "POST /v1/topics/chat%3A7:send",
                        "POST /v1/topics/chat%3A7:send",
                        "PUT /v1/users/u%201/topics/chat%3A7",
                        "DELETE /v1/users/u%201/topics/chat%3A7");
        assertThat(center.first().body().get("payload").asText()).isEqualTo("hello");
        assertThat(center.first().body().get("message_id").asText())
                .isNotEmpty()
                .isEqualTo(center.asked().get(1).body().get("message_id").asText());
    }

    @Test
    void aBroadcastHasAnIdAndItsJobIsAskedForAndChangedByItsPath() {
        center.breaksOff();
        ObjectNode urgent = new ObjectMapper()
                .createObjectNode()
                .put("payload", "storm")
                .put("topic", "*urgent")
                .put("rate_per_s", 500)
                .put("message_id", "m1");

        backEnd().broadcast("hello");
        backEnd().broadcast(urgent);
        backEnd().job("j 1");
        backEnd().changeJob("j 1", new ObjectMapper().createObjectNode().put("state", "paused"));

        assertThat(center.asked())
                .extracting(asked -> asked.method() + " " + asked.path())
                .containsExactly(
                        "POST /v1/broadcasts",
                        "POST /v1/broadcasts",
                        "POST /v1/broadcasts",
                        "GET /v1/jobs/j%201",
                        "PATCH /v1/jobs/j%201");
        assertThat(center.first().body().get("payload").asText()).isEqualTo("hello");
        assertThat(center.first().body().get("message_id").asText()).isNotEmpty();
        assertThat(center.asked().get(1).body()).isEqualTo(center.first().body());
        assertThat(center.asked().get(2).body()).isEqualTo(urgent);
        assertThat(center.asked().get(4).body().toString()).isEqualTo("{\"state\":\"paused\"}");
    }

    @Test
    void aJobThatIsNotInSuchAStateIsToldAtOnce() {
        center.answers(409, INVALID.replace("400", "409").replace("INVALID_ARGUMENT", "JOB_STATE_CONFLICT"));

        assertThatThrownBy(() -> backEnd()
                        .changeJob("j1", new ObjectMapper().createObjectNode().put("state", "running")))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo("JOB_STATE_CONFLICT"));
        assertThat(center.asked()).hasSize(1);
    }

    @Test
    void whatIsRefusedForGoodIsToldAtOnce() {
        center.answers(400, INVALID);

        assertThatThrownBy(() -> backEnd().send("u1", "hello"))
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.status()).isEqualTo(400);
                    assertThat(refused.reason()).isEqualTo("INVALID_ARGUMENT");
                });
        assertThat(center.asked()).hasSize(1);
    }

    @Test
    void theNextCenterIsAskedWhereOneIsAwayAndTheEndOfThePatienceIsTheEnd() throws IOException {
        for (int i = 0; i < 4; i++) { // whichever of the two comes first
            assertThat(backEnd(Duration.ofSeconds(20), nobody(), center.uri()).message("m1"))
                    .isNotEmpty();
        }
        assertThatThrownBy(() -> backEnd(Duration.ofMillis(300), nobody()).message("m1"))
                .isInstanceOf(UncheckedIOException.class);
        center.answers(503, UNAVAILABLE.replace("20}", "5000}"));
        assertThatThrownBy(() -> backEnd(Duration.ofMillis(300), center.uri()).message("m1"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.status()).isEqualTo(503));
    }

    @Test
    void aCenterThatHangsIsLeftForTheNextOneWhereverItsAnswerStops() throws IOException {
        for (String answer : List.of("", CUT)) {
            try (HangingCenter hanging = new HangingCenter(answer, false)) {
                BackEnd backEnd = new BackEnd(
                        List.of(hanging.uri(), center.uri()),
                        "demo",
                        "demo-secret",
                        Duration.ofSeconds(20),
                        Duration.ofMillis(500));
                for (int i = 0; i < 4; i++) { // whichever of the two comes first
                    assertThat(backEnd.message("m1").get("status").asText()).isEqualTo("stored");
                }
            }
        }
    }

    @Test
    void noAttemptTakesLongerThanThePatience() throws IOException {
        try (HangingCenter hanging = new HangingCenter("", false)) {
            long begun = System.nanoTime();
            assertThatThrownBy(
                            () -> backEnd(Duration.ofMillis(300), hanging.uri()).message("m1"))
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void whatAProxyAnswersInPlaceOfACenterIsSentAgain() {
        center.answers(502, "<html>bad gateway</html>");
        center.answers(504, "{}");

        assertThat(backEnd().message("m1").get("status").asText()).isEqualTo("stored");
        assertThat(center.asked()).hasSize(3);

        center.answers(504, "<html>timeout</html>");
        assertThatThrownBy(() -> backEnd(Duration.ofMillis(50), center.uri()).message("m1"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.status()).isEqualTo(504));
    }

    @Test
    void whatStandsInAPathIsEncoded() {
        backEnd().user("a b/c");
        backEnd().recall("ü?");

        assertThat(center.asked())
                .extracting(asked -> asked.method() + " " + asked.path())
                .containsExactly("GET /v1/users/a%20b%2Fc", "DELETE /v1/messages/%C3%BC%3F");
    }

    @Test
    void aCallbackIsGenuineOnlyWithItsSecretItsBodyAndInTime() {
        byte[] body = "{\"events\":[]}".getBytes(StandardCharsets.UTF_8);
        Instant now = Instant.ofEpochSecond(1_700_000_100);

        assertThat(BackEnd.isGenuine(SIGNATURE, body, "callback-secret", now)).isTrue();
        assertThat(BackEnd.isGenuine(SIGNATURE, body, "other", now)).isFalse();
        assertThat(BackEnd.isGenuine(SIGNATURE, new byte[1], "callback-secret", now))
                .isFalse();
        assertThat(BackEnd.isGenuine(SIGNATURE, body, "callback-secret", now.plusSeconds(201)))
                .isFalse();
        assertThat(BackEnd.isGenuine(SIGNATURE, body, "callback-secret"))
                .as("years later")
                .isFalse();
        assertThat(BackEnd.isGenuine("t=1,v1=zz", body, "callback-secret", now)).isFalse();
        assertThat(BackEnd.isGenuine("", body, "callback-secret", now)).isFalse();
    }
}
