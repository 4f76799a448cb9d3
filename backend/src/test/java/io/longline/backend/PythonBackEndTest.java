package io.longline.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code python/longline.py}, which does what {@link BackEnd} does. */
@Timeout(120)
class PythonBackEndTest {
    private static final String BACK_END =
            "import sys\nback_end = BackEnd(sys.argv[1:], 'demo', 'demo-secret', patience_s=20)\n";

    @SuppressWarnings("NullAway.Init")
    private CannedCenter center;

    @BeforeAll
    static void findPython() {
        assumeTrue(Python.isThere(), "there is no python3: the Python client is not tested");
    }

    @BeforeEach
    void start() throws IOException {
        center = new CannedCenter();
    }

    @AfterEach
    void stop() {
        center.close();
    }

    private String run(String lines) {
        return Python.run(BACK_END + lines, center.uri().toString());
    }

    @Test
    void whatIsUnavailableOrNotAnsweredIsSentAgainUnderTheSameId() {
        center.answers(503, BackEndTest.UNAVAILABLE);
        center.breaksOff();

        assertThat(run("print(back_end.send('u1', 'hello', options={'ttl_s': 60})['status'])"))
                .isEqualTo("stored");

        assertThat(center.asked())
                .hasSize(3)
                .extracting(asked -> asked.body())
                .containsOnly(center.first().body());
        CannedCenter.Asked first = center.first();
        assertThat(first.path()).isEqualTo("/v1/messages:send");
        assertThat(first.authorization()).isEqualTo("Basic ZGVtbzpkZW1vLXNlY3JldA==");
        assertThat(first.body().at("/target/user").asText()).isEqualTo("u1");
        assertThat(first.body().at("/options/ttl_s").asInt()).isEqualTo(60);
        assertThat(first.body().get("message_id").asText()).isNotEmpty();
    }

    @Test
    void aMessageToATopicHasAnIdAndWhoFollowsItIsSaidByItsPath() {
        center.breaksOff();

        run("back_end.send_to_topic('chat:7', 'hello', options={'ttl_s': 60})\n"
                + "back_end.follow('u 1', 'chat:7')\nback_end.unfollow('u 1', 'chat:7')");

        assertThat(center.asked())
                .extracting(asked -> asked.method() + " " + asked.path())
                .containsExactly(
                        "POST /v1/topics/chat%3A7:send",
                        "POST /v1/topics/chat%3A7:send",
                        "PUT /v1/users/u%201/topics/chat%3A7",
                        "DELETE /v1/users/u%201/topics/chat%3A7");
        assertThat(center.first().body().get("payload").asText()).isEqualTo("hello");
        assertThat(center.first().body().at("/options/ttl_s").asInt()).isEqualTo(60);
        assertThat(center.first().body().get("message_id").asText())
                .isNotEmpty()
                .isEqualTo(center.asked().get(1).body().get("message_id").asText());
    }

    @Test
    void aBroadcastHasAnIdAndItsJobIsAskedForAndChangedByItsPath() {
        center.breaksOff();

        run("back_end.broadcast('hello')\n"
                + "back_end.broadcast(b'storm', topic='*urgent', rate_per_s=0, canary_permille=5, message_id='m1',"
                + " options={'ttl_s': 60})\n"
                + "back_end.job('j 1')\nback_end.change_job('j 1', state='paused')\n"
                + "back_end.change_job('j 1', rate_per_s=0, bytes_per_s=9000, canary_permille=1000)");

        assertThat(center.asked())
                .extracting(asked -> asked.method() + " " + asked.path())
                .containsExactly(
                        "POST /v1/broadcasts",
                        "POST /v1/broadcasts",
                        "POST /v1/broadcasts",
                        "GET /v1/jobs/j%201",
                        "PATCH /v1/jobs/j%201",
                        "PATCH /v1/jobs/j%201");
        assertThat(center.first().body().get("payload").asText()).isEqualTo("hello");
        assertThat(center.first().body().get("message_id").asText()).isNotEmpty();
        assertThat(center.asked().get(1).body()).isEqualTo(center.first().body());
        assertThat(center.asked().stream().skip(2).map(asked -> asked.body().toString()))
                .containsExactly(
                        "{\"topic\":\"*urgent\",\"rate_per_s\":0,\"canary_permille\":5,"
                                + "\"payload_base64\":\"c3Rvcm0=\",\"message_id\":\"m1\",\"options\":{\"ttl_s\":60}}",
                        "",
                        "{\"state\":\"paused\"}",
                        "{\"rate_per_s\":0,\"bytes_per_s\":9000,\"canary_permille\":1000}");
    }

    @Test
    void whatIsRefusedForGoodIsToldAtOnce() {
        center.answers(400, BackEndTest.INVALID);

        assertThat(run("try:\n  back_end.send('u1', b'bytes')\nexcept Refused as e:\n  print(e.status, e.reason)"))
                .isEqualTo("400 INVALID_ARGUMENT");
        assertThat(center.asked()).hasSize(1);
        assertThat(center.first().body().get("payload_base64").asText()).isEqualTo("Ynl0ZXM=");
    }

    @Test
    void theNextCenterIsAskedWhereOneIsAway() throws IOException {
        String printed = Python.run(
                BACK_END + "for i in range(4): print(back_end.message('m1')['status'])",
                BackEndTest.nobody().toString(),
                center.uri().toString());

        assertThat(printed.lines()).hasSize(4).containsOnly("stored");
    }

    @Test
    void aCenterThatHangsIsLeftForTheNextOneAndSoIsOneThatStopsInItsBody() throws IOException {
        for (String answer : List.of("", BackEndTest.CUT)) {
            try (HangingCenter hanging = new HangingCenter(answer, !answer.isEmpty())) {
                String printed = Python.run(
                        "import longline\nlongline._ATTEMPT_S = 0.5\n" + BACK_END
                                + "for i in range(4): print(back_end.message('m1')['status'])",
                        hanging.uri().toString(),
                        center.uri().toString());

                assertThat(printed.lines()).hasSize(4).containsOnly("stored");
            }
        }
    }

    @Test
    void noAttemptTakesLongerThanThePatience() throws IOException {
        try (HangingCenter hanging = new HangingCenter("", false)) {
            String printed = Python.run("""
                    import sys, time
                    begun = time.monotonic()
                    try:
                      BackEnd(sys.argv[1:], 'demo', 'demo-secret', patience_s=0.3).message('m1')
                    except OSError: print(time.monotonic() - begun < 10)
                    """, hanging.uri().toString());

            assertThat(printed).isEqualTo("True");
        }
    }

    @Test
    void whatAProxyAnswersInPlaceOfACenterIsSentAgain() {
        center.answers(502, "<html>bad gateway</html>");
        center.answers(504, "{}");

        assertThat(run("print(back_end.message('m1')['status'])")).isEqualTo("stored");
        assertThat(center.asked()).hasSize(3);
    }

    @Test
    void whatStandsInAPathIsEncoded() {
        run("back_end.user('a b/c')\nback_end.recall('ü?')");

        assertThat(center.asked())
                .extracting(asked -> asked.method() + " " + asked.path())
                .containsExactly("GET /v1/users/a%20b%2Fc", "DELETE /v1/messages/%C3%BC%3F");
    }

    @Test
    void aCallbackIsGenuineOnlyWithItsSecretItsBodyAndInTime() {
        String printed = run("s = '" + BackEndTest.SIGNATURE + "'\nbody = b'{\"events\":[]}'\nnow = 1700000100\n"
                + "print(is_genuine(s, body, 'callback-secret', now), is_genuine(s, body, 'other', now),"
                + " is_genuine(s, b'', 'callback-secret', now), is_genuine(s, body, 'callback-secret', now + 201),"
                + " is_genuine(s, body, 'callback-secret'), is_genuine('t=1,v1=zz', body, 'callback-secret', now))");

        assertThat(printed).isEqualTo("True False False False False False");
    }
}
