package io.longline.center.kick;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.center.CenterServer;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.KickRequest;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many users are kicked by a job. */
@Timeout(60)
class BatchKickIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final String PATH = "/v1/users:batchKick";

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h", "center.jobs.interval", "100ms"));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private static String list(List<String> users) {
        return users.stream().map(user -> "\"" + user + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    /** {@code n0} and so on, whom register knows. */
    private List<String> known(int count) {
        List<String> users = IntStream.range(0, count).mapToObj(i -> "n" + i).toList();
        users.forEach(user -> kit.register().know(endpoint(user, "phone")));
        return users;
    }

    private String queue(String body) {
        Answer answer = kit.api().post(PATH, body);
        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(202);
        assertThat(answer.header("Location")).hasValue("/v1/jobs/" + answer.text("/job_id"));
        return answer.text("/job_id");
    }

    private JsonNode job(String id) {
        return kit.api().get("/v1/jobs/" + id).json();
    }

    private JsonNode awaitState(String id, String state) {
        return await().until(() -> job(id), job -> job.get("state").asText().equals(state));
    }

    private Answer change(String id, String body) {
        return kit.api().exchange("PATCH", "/v1/jobs/" + id, BodyPublishers.ofString(body));
    }

    private List<String> details(String body) {
        Answer answer = kit.api().post(PATH, body);
        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(400);
        assertThat(answer.text("/error/reason")).isEqualTo("INVALID_ARGUMENT");
        return answer.json().at("/error/details").findValuesAsText("field");
    }

    private List<String> kicked() {
        return kit.register().kicks().stream().map(KickRequest::getUser).toList();
    }

    @Test
    void eachUserIsKickedOnceAndTheJobTellsWhatCameOfIt() {
        kit.register().connect(endpoint("u1", "phone"), kit.room(), 11);
        kit.register().connect(endpoint("u1", "desk"), kit.room(), 12);
        kit.register().know(endpoint("u2", "phone"));

        String id = queue("{\"reason\":\"closed\",\"users\":[\"u1\",\"stranger\",\"u2\",\"u1\"],\"block_s\":\n60}");

        JsonNode done = awaitState(id, "done");
        assertThat(done.get("targeted").asInt()).isEqualTo(3);
        assertThat(done.get("sent").asInt()).isEqualTo(2);
        assertThat(done.get("ended").asInt()).isEqualTo(2);
        assertThat(done.get("skipped").asInt()).isEqualTo(1);
        assertThat(done.get("skipped_reasons")).hasToString("{\"unknown\":1}");
        assertThat(done.get("kick")).hasToString("{\"reason\":\"closed\",\"block_s\":60}");
        assertThat(done.get("eta_s").asInt()).isZero();
        assertThat(done.has("message_id")).isFalse();
        assertThat(kicked()).containsExactlyInAnyOrder("u1", "stranger", "u2");
        assertThat(kit.register().kicks()).allSatisfy(kick -> {
            assertThat(kick.getDevice()).isEmpty();
            assertThat(kick.getReason()).isEqualTo("closed");
            assertThat(kick.getJob()).isEqualTo(id);
            assertThat(kick.getBlockS()).isEqualTo(60);
        });
        assertThat(kit.api().get("/v1/jobs").json().get("items")).containsExactly(done);
        assertThat(kit.api().get("/v1/messages/" + id).status())
                .as("it is of no message")
                .isEqualTo(404);
    }

    @Test
    void ofALongListEachIsKickedOnce() {
        List<String> users = known(2_600);

        JsonNode done = awaitState(queue("{\"users\":" + list(users) + "}"), "done");

        assertThat(done.get("sent").asInt()).isEqualTo(2_600);
        assertThat(done.get("kick")).hasToString("{\"block_s\":0}");
        assertThat(kicked()).containsExactlyInAnyOrderElementsOf(users);
    }

    @Test
    void itRestsAndGoesOnAndEndsAsWanted() {
        CountDownLatch held = kit.register().hold();
        String id = queue("{\"users\":" + list(known(3_000)) + "}");
        awaitState(id, "running");
        assertThat(change(id, "{\"state\":\"paused\",\"rate_per_s\":10}").text("/state"))
                .isEqualTo("paused");
        held.countDown();
        await().until(() -> !kit.saver().jobs().isHeld(id));
        JsonNode paused = job(id);
        assertThat(paused.get("sent").asInt()).isBetween(0, 500);

        change(id, "{\"state\":\"running\"}");
        await().until(() -> job(id).get("sent").asInt() > paused.get("sent").asInt());
        assertThat(job(id).get("eta_s").asInt()).isPositive();
        assertThat(change(id, "{\"state\":\"cancelled\"}").text("/state")).isEqualTo("cancelled");
        assertThat(change(id, "{\"canary_permille\":5}").status()).isBetween(400, 409);
    }

    @Test
    void whileRegisterIsAwayItWaitsAndSaysForWhat() {
        List<String> users = known(10);
        kit.register().fail(new LonglineException(ErrorCode.OVERLOADED, "too many sessions wait"));
        String id = queue("{\"users\":" + list(users) + "}");
        await().until(() -> job(id).path("reason").asText().equals("OVERLOADED"));

        kit.register().fail(null);

        JsonNode done = awaitState(id, "done");
        assertThat(done.get("sent").asInt()).isEqualTo(10);
        assertThat(done.has("reason")).isFalse();
    }

    @Test
    void whenItsCenterIsGoneAnotherGoesOn() {
        List<String> users = known(600);
        kit.saver().jobs().leaseAtMost(Duration.ofMillis(300));
        CountDownLatch held = kit.register().hold();
        String id = queue("{\"users\":" + list(users) + "}");
        awaitState(id, "running");
        String first = kit.saver().jobs().node(id);
        assertThat(first).isEqualTo("center-1");
        CenterServer another = kit.addCenter("center-2");
        kit.saver().jobs().silence(first);
        held.countDown();

        JsonNode done = awaitState(id, "done");

        assertThat(another.httpPort()).isPositive();
        assertThat(kit.saver().jobs().node(id)).isEqualTo("center-2");
        assertThat(done.get("sent").asInt()).isEqualTo(600);
        assertThat(kicked()).containsAll(users);
    }

    @Test
    void whatIsWrongIsNamedAndNobodyIsKicked() {
        assertThat(details("{}")).containsExactly("users");
        assertThat(details("{\"users\":[]}")).containsExactly("users");
        assertThat(details("{\"users\":null}")).containsExactly("users");
        assertThat(details("{\"users\":\"u1\"}")).containsExactly("users");
        assertThat(details("{\"users\":{\"u1\":[1]}}")).containsExactly("users");
        assertThat(details("{\"users\":[\"u1\",\"a/b\",7,[\"u2\"],\"\"]}"))
                .containsExactly("users[1]", "users[2]", "users[3]", "users[4]");
        assertThat(details("{\"users\":[\"u1\"],\"block_s\":2592001,\"reason\":\"\",\"until\":[1]}"))
                .containsExactlyInAnyOrder("block_s", "reason", "until");
        assertThat(details("{\"users\":[\"u1\"],\"block_s\":{\"s\":1}}")).containsExactly("block_s");
        assertThat(details("{\"users\":[\"u1\"],\"users\":[\"u2\"]}")).containsExactly("users");
        assertThat(details("")).containsExactly("body");
        assertThat(details("[\"u1\"]")).containsExactly("body");
        assertThat(details("{\"users\":[\"u1\"")).containsExactly("body");
        assertThat(details("{\"users\":[\"u1\"]} {}")).containsExactly("body");
        assertThat(details("{\"users\":" + "[".repeat(5_000))).containsExactly("body");
        Answer notUtf8 = kit.api().post(PATH, "{\"users\":[\"é\"]}".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(notUtf8.text("/error/details/0/field")).isEqualTo("body");

        assertThat(kit.saver().jobs().size()).isZero();
        assertThat(kit.register().kicks()).isEmpty();
    }

    @Test
    void aHundredThousandUsersAreTakenAndNotOneMore() {
        String most = list(IntStream.range(0, 100_000).mapToObj(i -> "n" + i).toList());
        String id = queue("{\"users\":" + most + "}");
        assertThat(job(id).get("targeted").asInt()).isEqualTo(100_000);
        change(id, "{\"state\":\"cancelled\"}");

        String more = "{\"users\":[\"more\"," + most.substring(1) + "}";

        assertThat(details(more)).containsExactly("users");
    }

    @Test
    void whatCannotBeKeptLeavesNothingBehind() {
        kit.saver().jobs().failAppends(LonglineException.dependencyDown("mysql", "away", null));

        Answer answer = kit.api().post(PATH, "{\"users\":[\"u1\"]}");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("/error/dependency")).isEqualTo("mysql");
        assertThat(kit.saver().jobs().size()).isZero();
    }
}
