package io.longline.center.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.LonglineException;
import io.longline.stores.junit.ZooKeeperExtension;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list of a job as it comes in: what is wrong with it, and what remains of it then. */
@Timeout(120)
class JobListIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final boolean LONG = Boolean.getBoolean("longline.test.long");
    private static final long MANY = LONG ? 1_000_000 : 5_000;
    private static final String HEAD = "{\"payload\":\"x\"}";

    @SuppressWarnings("NullAway.Init")
    private static CenterKit kit;

    @BeforeAll
    static void start() {
        // Nothing is sent here, only taken in: jobs are looked for when the tests are over.
        kit = new CenterKit(
                ZOOKEEPER.uri(),
                Map.of("center.sweep.interval", "1h", "center.jobs.interval", "1h", "center.jobs.lists", "4"));
    }

    @AfterAll
    static void stop() {
        kit.close();
    }

    private static Answer post(String body) {
        return kit.api().post("/v1/jobs", body);
    }

    private static String user(long i) {
        return "{\"user\":\"u" + i + "\"}";
    }

    /** Sent as they are made. */
    private static Answer post(String head, long lines, LongFunction<String> line) {
        return kit.api().exchange("POST", "/v1/jobs", BodyPublishers.ofInputStream(() -> new Made(head, lines, line)));
    }

    /** Lines that are made when they are read. */
    private static final class Made extends InputStream {
        private final long lines;
        private final LongFunction<String> line;
        private long next;
        private InputStream now;

        Made(String head, long lines, LongFunction<String> line) {
            this.lines = lines;
            this.line = line;
            this.now = bytes(head);
        }

        private static InputStream bytes(String text) {
            return new ByteArrayInputStream((text + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            int read = now.read(into, from, most);
            while (read < 0 && next < lines) {
                now = bytes(LongStream.range(next, Math.min(lines, next + 100))
                        .mapToObj(line)
                        .collect(Collectors.joining("\n")));
                next = Math.min(lines, next + 100);
                read = now.read(into, from, most);
            }
            return read;
        }
    }

    private static void assertWrong(Answer answer, String field, String problem) {
        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(400);
        assertThat(answer.text("/error/reason")).isEqualTo("INVALID_ARGUMENT");
        assertThat(answer.text("/error/details/0/field")).isEqualTo(field);
        assertThat(answer.text("/error/details/0/problem")).contains(problem);
    }

    private static void assertNothingRemainsOf(long jobsBefore) {
        await().until(() -> kit.saver().jobs().size() == jobsBefore);
    }

    @Test
    void aBadLineInTheMiddleIsToldByItsNumberAndNothingRemains() {
        int before = kit.saver().jobs().size();
        long bad = MANY / 2;

        Answer answer = post(HEAD, MANY, i -> i == bad ? "{\"user\":\"a/b\"}" : user(i));

        assertWrong(answer, "line " + (bad + 2) + ": user", "has '/' at position 1");
        assertThat(answer.text("/error/message")).startsWith("line " + (bad + 2) + ": user");
        assertThat(kit.saver().jobs().appended()).as("it came in parts").isPositive();
        assertNothingRemainsOf(before);
    }

    @Test
    @EnabledIfSystemProperty(named = "longline.test.long", matches = "true")
    void aMillionTargetsAreTakenAndOneMoreIsRefusedByItsNumber() {
        int before = kit.saver().jobs().size();
        Answer refused = post(HEAD, 1_000_100, JobListIT::user);
        assertWrong(refused, "line 1000002", "expected at most 1000000");
        assertNothingRemainsOf(before);
        assertThat(post("{\"payload\":\"x\",\"validate_only\":true}", 1_000_000, JobListIT::user)
                        .json()
                        .get("targeted")
                        .asLong())
                .isEqualTo(1_000_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                      | line 1: payload            | is required
            {"payload":"x","payload_base64":"eA=="}                 | line 1: payload            | not both
            {"payload":"x","targets":[]}                            | line 1: targets            | unknown field
            {"payload":"x","rate_per_s":-1}                         | line 1: rate_per_s         | expected 0 to 1000000
            {"payload":"x","message_id":"a b"}                      | line 1: message_id         | position 1
            {"payload":"x","options":{"qos":0}}                     | line 1: options.qos        | expected 1
            {"payload":"x","options":{"ttl_s":0}}                   | line 1: options.ttl_s      | expected 1 or more
            {"payload":"x","options":{"send_at_ms":1900000000000}}  | line 1: options.send_at_ms | expected 0
            {"payload":"x","options":{"wait_ms":1}}                 | line 1: options.wait_ms    | expected 0
            [1]                                                     | line 1: body               | expected a JSON object
            nonsense                                                | line 1: body               | expected JSON
            """)
    void aFirstLineThatIsWrong(String head, String field, String problem) {
        assertWrong(post(head + "\n" + user(1)), field, problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                       | line 3: user         | is required
            {"user":"u","devise":"d"}                | line 3: devise       | unknown field
            {"user":"u","device":"a?b"}              | line 3: device       | '?'
            {"user":"u"}{"user":"v"}                 | line 3: body         | one JSON object
            {"user":"u","user":"v"}                  | line 3: user         | twice
            {"user":"u\\u0001"}                      | line 3: user         | U+0001
            {"user":7}                               | line 3: user         | expected a string
            "u"                                      | line 3: body         | expected a JSON object
            {"user":                                 | line 3: body         | expected JSON
            """)
    void aTargetThatIsWrong(String line, String field, String problem) {
        assertWrong(post(HEAD + "\n" + user(1) + "\n" + line + "\n" + user(2)), field, problem);
    }

    @Test
    void oneThatIsTooLongOrNoTextAtAll() {
        String longId = "{\"user\":\"" + "u".repeat(129) + "\"}";
        assertWrong(post(HEAD + "\n" + longId), "line 2: user", "129");
        assertWrong(post(HEAD + "\n" + "[".repeat(101)), "line 2: body", "expected a JSON object");
        assertWrong(
                post(HEAD + "\n" + " ".repeat(4000) + "{\"user\":\"" + "u".repeat(100) + "\"}"),
                "line 2: line",
                "4096");
        byte[] broken = (HEAD + "\n{\"user\":\"u\"}\n{\"user\":\"x\"}\n").getBytes(StandardCharsets.UTF_8);
        broken[broken.length - 4] = (byte) 0xff;
        assertWrong(kit.api().post("/v1/jobs", broken), "line 3: body", "expected UTF-8");
    }

    @Test
    void whatIsTooLargeIs413() {
        String payload = "{\"payload\":\"" + "x".repeat(5000) + "\"}";
        Answer large = post(payload + "\n" + user(1));
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.text("/error/message")).startsWith("line 1: payload");
        Answer huge = post("{\"payload\":\"" + "x".repeat(2 << 20) + "\"}\n" + user(1));
        assertThat(huge.status()).isEqualTo(413);
        assertThat(huge.text("/error/message")).startsWith("line 1: is longer than");
    }

    @Test
    void aListWithoutTargetsIsNone() {
        assertWrong(post(""), "body", "is empty");
        assertWrong(post("\n\n"), "body", "is empty");
        assertWrong(post(HEAD), "line 2", "expected a target");
        assertWrong(post(HEAD + "\n \r\n"), "line 2", "expected a target");
    }

    @Test
    void linesMayEndAsTheyLikeAndBlankOnesArePassedOver() {
        Answer answer = post("\n" + HEAD + "\r\n\r\n" + user(1) + "\r\n\n" + user(2));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().get("targeted").asInt()).isEqualTo(2);
        assertWrong(post("\n" + HEAD + "\n\n{}"), "line 4: user", "is required");
    }

    @Test
    void aQueuedJobSaysWhatItIs() {
        Answer answer =
                post("{\"message_id\":\"sale\",\"payload\":{\"a\":1},\"rate_per_s\":50,\"options\":{\"ttl_s\":60}}\n"
                        + user(1) + "\n{\"user\":\"u2\",\"device\":\"pad\"}\n");

        assertThat(answer.status()).isEqualTo(202);
        String id = answer.text("/job_id");
        assertThat(answer.header("Location")).contains("/v1/jobs/" + id);
        assertThat(answer.text("/message_id")).isEqualTo("sale");
        assertThat(answer.text("/state")).isEqualTo("queued");
        assertThat(answer.json().get("rate_per_s").asInt()).isEqualTo(50);
        assertThat(answer.json().get("targeted").asInt()).isEqualTo(2);
        assertThat(answer.json().get("eta_s").asInt()).isEqualTo(1);
        assertThat(answer.json().get("per_room")).isEmpty();
        long lives = answer.json().get("ends_at_ms").asLong()
                - answer.json().get("created_at_ms").asLong();
        assertThat(lives).isEqualTo(60_000);
        assertThat(kit.api().get("/v1/jobs/" + id).json()).isEqualTo(answer.json());
        assertThat(kit.api("news").get("/v1/jobs/" + id).text("/error/reason")).isEqualTo("JOB_NOT_FOUND");
    }

    @Test
    void toValidateStoresNothing() {
        int before = kit.saver().jobs().appended();
        Answer answer =
                post("{\"payload\":\"x\",\"message_id\":\"only\",\"validate_only\":true}", 1200, JobListIT::user);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/status")).isEqualTo("accepted");
        assertThat(answer.json().get("targeted").asInt()).isEqualTo(1200);
        assertThat(answer.json().get("sample")).hasSize(10);
        assertThat(answer.text("/sample/9/user")).isEqualTo("u9");
        assertThat(kit.saver().jobs().appended()).isEqualTo(before);
        assertWrong(post("{\"payload\":\"x\",\"validate_only\":true}\n{}"), "line 2: user", "is required");
        assertThat(post("{\"payload\":\"x\",\"message_id\":\"only\"}\n" + user(1))
                        .status())
                .as("the id is free")
                .isEqualTo(202);
    }

    @Test
    void theSameIdAndBodyIsTheSameJobAndAnotherBodyAConflict() {
        String head = "{\"payload\":\"x\",\"message_id\":\"again\"}";
        Answer first = post(head, 1500, JobListIT::user);
        int before = kit.saver().jobs().appended();
        Answer again = post(
                "{\"message_id\":\"again\",\"options\":{\"qos\":1},\"payload\":\"x\",\"rate_per_s\":9}",
                1500,
                i -> " { \"user\" : \"u" + i + "\" , \"device\" : null } ");

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Idempotent-Replay")).contains("true");
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(first.header("Idempotent-Replay")).isEmpty();
        assertThat(kit.saver().jobs().appended()).as("it is read, not stored").isEqualTo(before);
        assertThat(post(head, 1400, JobListIT::user).text("/error/reason")).isEqualTo("IDEMPOTENCY_CONFLICT");
        assertThat(post(head.replace("\"x\"", "\"y\""), 1500, JobListIT::user).status())
                .isEqualTo(409);
        assertThat(post(head, 1500, i -> user(i == 700 ? 0 : i)).status()).isEqualTo(409);
    }

    @Test
    void theIdOfAMessageIsNoIdOfAJobAndTheOtherWayRound() {
        String push = "{\"message_id\":\"%s\",\"target\":{\"user\":\"u1\"},\"payload\":\"x\"}";
        int before = kit.saver().jobs().size();
        assertThat(kit.api().send(push.formatted("taken")).status()).isEqualTo(202);
        assertThat(post("{\"payload\":\"x\",\"message_id\":\"taken\"}\n" + user(1))
                        .text("/error/reason"))
                .isEqualTo("IDEMPOTENCY_CONFLICT");
        assertNothingRemainsOf(before);
        assertThat(post("{\"payload\":\"x\",\"message_id\":\"of-a-job\"}\n" + user(1))
                        .status())
                .isEqualTo(202);
        assertThat(kit.api().send(push.formatted("of-a-job")).status()).isEqualTo(409);
    }

    @Test
    void whereSaverIsAwayThatIsToldAndNothingRemains() {
        int before = kit.saver().jobs().size();
        kit.saver().jobs().failAppends(LonglineException.dependencyDown("mysql", "mysql is away", null));
        try {
            Answer answer = post(HEAD, 1500, JobListIT::user);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text("/error/dependency")).isEqualTo("mysql");
        } finally {
            kit.saver().jobs().failAppends(null);
        }
        assertNothingRemainsOf(before);
    }

    @Test
    void aProductSendsSoManyListsAtTheSameMoment() {
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().jobs().gateAppends(gate);
        CompletableFuture<Answer> first = CompletableFuture.supplyAsync(
                () -> kit.api("bank").post("/v1/jobs", HEAD + "\n" + user(1)), Thread::startVirtualThread);
        await().until(() -> kit.saver().jobs().waitingAppends() == 1);
        Answer second = kit.api("bank").post("/v1/jobs", HEAD + "\n" + user(1));
        assertThat(second.status()).isEqualTo(429);
        assertThat(second.header("Retry-After")).contains("5");
        CompletableFuture<Answer> other = CompletableFuture.supplyAsync(
                () -> kit.api("news").post("/v1/jobs", HEAD + "\n" + user(1)), Thread::startVirtualThread);
        gate.countDown();
        assertThat(other.join().status()).isEqualTo(202);
        assertThat(first.join().status()).isEqualTo(202);
    }

    @Test
    void theyAreListedInPagesTheNewestFirst() {
        String product = "bank";
        int before = kit.api(product).get("/v1/jobs").json().get("items").size();
        for (int i = 0; i < 25 - before; i++) {
            assertThat(kit.api(product).post("/v1/jobs", HEAD + "\n" + user(i)).status())
                    .isEqualTo(202);
        }
        Answer first = kit.api(product).get("/v1/jobs");
        Answer second = kit.api(product).get("/v1/jobs?after=" + first.text("/next"));

        assertThat(first.json().get("items")).hasSize(20);
        assertThat(second.json().get("items")).hasSize(5);
        assertThat(second.json().get("next").isNull()).isTrue();
        assertThat(first.json().findValuesAsText("job_id")).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(kit.api().get("/v1/jobs?before=x").status()).isEqualTo(400);
    }
}
