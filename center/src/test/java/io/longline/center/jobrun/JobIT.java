package io.longline.center.jobrun;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.center.CenterServer;
import io.longline.center.kit.Api;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.State;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Jobs at work: sent once to each, at their pace, by whichever center is there. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class JobIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint PHONE = endpoint("u1", "phone");

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h", "center.jobs.interval", "100ms"));
        kit.register().connect(PHONE, kit.room(), 11);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private static String head(String id, String more) {
        return "{\"message_id\":\"" + id + "\",\"payload\":\"x\"" + more + "}\n";
    }

    private static String user(String user) {
        return "{\"user\":\"" + user + "\"}\n";
    }

    /** {@code n0} and so on, whom nobody knows. */
    private static String users(int count) {
        return IntStream.range(0, count).mapToObj(i -> user("n" + i)).collect(Collectors.joining());
    }

    private String queue(Api api, String body) {
        Answer answer = api.post("/v1/jobs", body);
        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(202);
        return answer.text("/job_id");
    }

    private String queue(String body) {
        return queue(kit.api(), body);
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

    private static List<String> details(Answer refused) {
        return refused.json().at("/error/details").findValuesAsText("field");
    }

    private static void assertCounts(JsonNode job, int sent, int copies, int skipped) {
        assertThat(job.get("sent").asInt()).as("%s", job).isEqualTo(sent);
        assertThat(job.get("copies").asInt()).as("%s", job).isEqualTo(copies);
        assertThat(job.get("skipped").asInt()).as("%s", job).isEqualTo(skipped);
    }

    private void limit(String limits) {
        Answer changed = kit.operator()
                .exchange("PATCH", "/admin/v1/products/shop", BodyPublishers.ofString("{\"limits\":{" + limits + "}}"));
        assertThat(changed.status()).isEqualTo(200);
    }

    @Test
    void itIsOneMessageToAllOfThem() {
        kit.register().know(endpoint("u1", "pad"));
        long before = System.currentTimeMillis();
        String id = queue(head("m-1", ",\"options\":{\"ttl_s\":60,\"collapse_key\":\"k\"}") + user("u1")
                + "{\"user\":\"u2\",\"device\":\"desk\"}\n" + user("u3"));

        JsonNode done = awaitState(id, "done");
        assertCounts(done, 3, 4, 0);
        assertThat(done.get("targeted").asInt()).isEqualTo(3);
        assertThat(done.get("eta_s").asInt()).isZero();
        assertThat(done.has("reason")).isFalse();
        Message message = kit.saver().inboxOf(PHONE).getFirst();
        assertThat(message.getMessageId()).isEqualTo("m-1");
        assertThat(message.getText()).isEqualTo("x");
        assertThat(message.getCollapseKey()).isEqualTo("k");
        assertThat(message.getSentAtMs()).isBetween(before, System.currentTimeMillis());
        assertThat(message.getExpiresAtMs()).isEqualTo(message.getSentAtMs() + 60_000);
        for (Endpoint to : new Endpoint[] {endpoint("u2", "desk"), endpoint("u3", "default"), endpoint("u1", "pad")}) {
            assertThat(kit.saver().inboxOf(to)).containsExactly(message);
        }
        assertThat(kit.room().handed()).hasSize(1);
        kit.saver().ack(PHONE, Long.MAX_VALUE);
        assertThat(job(id).get("acked").asInt()).isEqualTo(1);
    }

    @Test
    void partsOfALongListAreSentInItsOrder() {
        String id = queue(head("m-1", "") + users(2_600));
        assertCounts(awaitState(id, "done"), 2_600, 2_600, 0);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(2_600);
        assertThat(kit.saver().jobs().runs(id)).isEqualTo(1);
    }

    @Test
    void whoIsInTheListTwiceGetsItOnce() {
        kit.register().know(endpoint("u1", "pad"));
        String id = queue(head("m-1", ",\"rate_per_s\":4") + user("n1") + user("u1") + user("n1")
                + "{\"user\":\"u1\",\"device\":\"phone\"}\n{\"user\":\"u1\",\"device\":\"desk\"}\n");

        JsonNode done = awaitState(id, "done");
        assertCounts(done, 3, 4, 2);
        assertThat(done.get("skipped_reasons").toString()).isEqualTo("{\"doubled\":2}");
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(4);
    }

    @Test
    void whatOneSaverStoredUnheardIsNotDoubledAtTheNext() {
        kit.addSaver("saver-2");
        kit.saver().storeUnheard(3);
        String id = queue(head("m-1", "") + users(3));

        assertCounts(awaitState(id, "done"), 3, 3, 0);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(3);
    }

    @Test
    void itsMessageTellsOfTheJob() {
        String id = queue(head("m-1", ",\"rate_per_s\":1") + users(60));
        Answer running = kit.api().get("/v1/messages/m-1");
        assertThat(running.status()).isEqualTo(200);
        assertThat(running.text("/status")).isEqualTo("accepted");
        assertThat(running.text("/job/job_id")).isEqualTo(id);
        assertThat(running.json().get("results")).isEmpty();
        assertThat(kit.api().get("/v1/messages/m-1/timeline").text("/stages/0/stage"))
                .isEqualTo("accepted");
        change(id, "{\"rate_per_s\":0}");
        awaitState(id, "done");
        assertThat(kit.api().get("/v1/messages/m-1").text("/status")).isEqualTo("stored");
    }

    @Test
    void itsMessageIsAcknowledgedWhenAllOfItsCopiesAre() {
        String id = queue(head("m-1", "") + "{\"user\":\"u1\",\"device\":\"phone\"}\n");
        awaitState(id, "done");
        kit.saver().ack(PHONE, Long.MAX_VALUE);
        assertThat(kit.api().get("/v1/messages/m-1").text("/status")).isEqualTo("acked");
    }

    // ---- pace ----

    @Test
    void itKeepsItsPaceAndTakesANewOneWithinASecond() {
        long began = System.nanoTime();
        String id = queue(head("m-1", ",\"rate_per_s\":20") + users(1_000));
        await().until(() -> job(id).get("sent").asInt() >= 40);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertThat(took).as("the first five are sent at once").isGreaterThan(Duration.ofMillis(1_700));
        JsonNode job = job(id);
        assertThat(job.get("eta_s").asInt())
                .isEqualTo(Math.ceilDiv(1_000 - job.get("sent").asInt(), 20));

        assertThat(change(id, "{\"rate_per_s\":1000}").json().get("rate_per_s").asInt())
                .isEqualTo(1_000);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> job(id).get("state").asText().equals("done"));
    }

    @Test
    void itRestsAndGoesOnAndEnds() {
        String id = queue(head("m-1", ",\"rate_per_s\":20") + users(500));
        await().until(() -> job(id).get("sent").asInt() > 0);
        Answer paused = change(id, "{\"state\":\"paused\"}");
        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.text("/state")).isEqualTo("paused");
        await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(20)).until(() -> {
            int sent = kit.saver().messagesNamed("m-1");
            return job(id).get("sent").asInt() == sent && sent < 400;
        });
        int sent = job(id).get("sent").asInt();

        change(id, "{\"state\":\"running\",\"rate_per_s\":40}");
        await().until(() -> job(id).get("sent").asInt() > sent);
        Answer cancelled = change(id, "{\"state\":\"cancelled\"}");
        assertThat(cancelled.text("/state")).isEqualTo("cancelled");
        assertThat(cancelled.text("/reason")).isIn("", "requested");
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(20))
                .until(() -> job(id).get("sent").asInt() == kit.saver().messagesNamed("m-1"));
        assertThat(kit.saver().messagesNamed("m-1")).isLessThan(500);
        assertThat(job(id).get("skipped").asInt()).isZero();
        Answer tooLate = change(id, "{\"state\":\"running\"}");
        assertThat(tooLate.status()).isEqualTo(409);
        assertThat(tooLate.text("/error/reason")).isEqualTo("JOB_STATE_CONFLICT");
        assertThat(change(id, "{\"rate_per_s\":5}").status()).isEqualTo(409);
    }

    @Test
    void whatCannotBeWantedIsTold() {
        String id = queue(head("m-1", ",\"rate_per_s\":1") + users(100));
        assertThat(change(id, "{\"bytes_per_s\":10}").text("/error/details/0/field"))
                .isEqualTo("bytes_per_s");
        assertThat(change(id, "{\"canary_permille\":10}").text("/error/details/0/problem"))
                .contains("a job to a list has no canary");
        for (String body : new String[] {
            "{}",
            "{\"state\":\"done\"}",
            "{\"rate_per_s\":-1}",
            "{\"rate_per_s\":1000001}",
            "{\"stat\":\"paused\"}",
            "[]"
        }) {
            assertThat(change(id, body).status()).as(body).isEqualTo(400);
        }
        assertThat(details(change(id, "{}"))).containsExactly("state");
        assertThat(details(change(id, "{\"state\":\"done\"}"))).containsExactly("state");
        assertThat(details(change(id, "{\"stat\":\"paused\"}"))).containsExactly("stat");
        Answer unknown = change("j0", "{\"state\":\"paused\"}");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text("/error/reason")).isEqualTo("JOB_NOT_FOUND");
        assertThat(change("a%20b", "{\"state\":\"paused\"}").status()).isEqualTo(400);
    }

    @Test
    void jobsOfAProductRunOneAfterTheOtherAndThoseOfOthersBesideThem() {
        String first = queue(head("m-1", ",\"rate_per_s\":10") + users(1_000));
        awaitState(first, "running");
        String second = queue(head("m-2", "") + users(10));
        String others = queue(kit.api("news"), head("m-3", "") + users(10));
        await().until(() ->
                kit.api("news").get("/v1/jobs/" + others).text("/state").equals("done"));
        assertThat(job(second).get("state").asText()).isEqualTo("queued");
        change(first, "{\"state\":\"cancelled\"}");
        awaitState(second, "done");
    }

    @Test
    void whenItsTimeIsOverItIsCancelledByItself() {
        String id = queue(head("m-1", ",\"rate_per_s\":1,\"options\":{\"ttl_s\":2}") + users(100));
        JsonNode cancelled = awaitState(id, "cancelled");
        assertThat(cancelled.get("reason").asText()).isEqualTo("ttl");
        assertThat(cancelled.get("sent").asInt()).isBetween(1, 5);
    }

    // ---- what fails ----

    @Test
    void whoseInboxIsFullOrWhoHasHadItsShareIsSkipped() {
        limit("\"user_messages_per_day\":1");
        kit.quotas().fill("n1");
        kit.register().know(endpoint("u2", "full"));
        kit.saver().fill("full");
        String id = queue(head("m-1", "") + user("n1") + user("n2") + user("u2"));

        JsonNode done = awaitState(id, "done");
        assertCounts(done, 1, 1, 2);
        assertThat(done.get("skipped_reasons").toString()).isEqualTo("{\"inbox_full\":1,\"user_rate\":1}");
    }

    @Test
    void whatItsProductMayNotSendYetWaits() {
        limit("\"daily_quota\":30");
        kit.quotas().allow(30);
        String id = queue(head("m-1", ",\"rate_per_s\":100") + users(100));
        await().until(() -> job(id).path("reason").asText().equals("PRODUCT_RATE_EXCEEDED"));
        assertThat(kit.saver().messagesNamed("m-1")).isBetween(1, 30);
        limit("\"daily_quota\":0");
        assertCounts(awaitState(id, "done"), 100, 100, 0);
    }

    @Test
    void whatFailsForAWhileIsSentWhenItIsWellAgainAndNothingTwice() {
        kit.saver().failStores(LonglineException.dependencyDown("redis", "redis is away", null));
        String id = queue(head("m-1", "") + users(300));
        await().until(() -> job(id).path("reason").asText().equals("DEPENDENCY_DOWN"));
        assertThat(job(id).get("state").asText()).isEqualTo("running");
        kit.saver().failStores(null);
        JsonNode done = awaitState(id, "done");
        assertCounts(done, 300, 300, 0);
        assertThat(done.has("reason")).isFalse();
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(300);
    }

    @Test
    void howeverOftenItIsTriedItCountsOnceAtItsLimits() {
        limit("\"daily_quota\":1000,\"user_messages_per_day\":5");
        kit.quotas().allow(50);
        kit.saver().failStores(LonglineException.dependencyDown("redis", "redis is away", null));
        String id = queue(head("m-1", ",\"rate_per_s\":200") + users(50));
        await().until(() -> job(id).path("reason").asText().equals("DEPENDENCY_DOWN"));
        await().during(Duration.ofMillis(1_500)).until(() -> true);
        kit.saver().failStores(null);
        assertCounts(awaitState(id, "done"), 50, 50, 0);
        assertThat(kit.quotas().spends()).hasSize(50);
    }

    @Test
    void whatFailsForGoodEndsItWithWhatItHasSentByThen() {
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateStores(gate);
        String id = queue(head("m-1", "") + users(1_500));
        kit.saver().jobs().losePart(id, 1);
        gate.countDown();
        assertCounts(awaitState(id, "failed"), 1_000, 1_000, 0);
    }

    @Test
    void whatHadItWhenItWasCancelledCountsAndItsMessageNeverGoesBack() {
        kit.saver().down("away");
        String id = queue(head("m-1", "") + users(3) + "{\"user\":\"u2\",\"device\":\"away\"}\n");
        await().until(() -> job(id).path("reason").asText().equals("DEPENDENCY_DOWN"));
        change(id, "{\"state\":\"cancelled\"}");
        List<String> told = new ArrayList<>();
        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            told.add(kit.api().get("/v1/messages/m-1").text("/status"));
            return !kit.saver().jobs().isHeld(id);
        });

        assertThat(told).contains("accepted").doesNotContain("no_target");
        assertThat(kit.api().get("/v1/messages/m-1").text("/status")).isEqualTo("stored");
        JsonNode job = job(id);
        assertCounts(job, 3, 3, 1);
        assertThat(job.get("skipped_reasons").toString()).isEqualTo("{\"cancelled\":1}");
    }

    @Test
    void aRecordOfItsMessageThatIsMissingIsWrittenByARepeat() {
        kit.saver().failRecords(LonglineException.dependencyDown("redis", "redis is away", null));
        String body = head("m-1", "") + users(3);
        awaitState(queue(body), "done");
        assertThat(kit.saver().hasRecord("shop", "m-1")).isFalse();
        assertThat(kit.api().get("/v1/messages/m-1").text("/status")).isEqualTo("stored");
        kit.saver().failRecords(null);

        queue(body);
        assertThat(kit.saver().hasRecord("shop", "m-1")).isTrue();
    }

    @Test
    void orWhenItIsTaken() {
        String first = queue(head("m-1", ",\"rate_per_s\":1") + users(100));
        awaitState(first, "running");
        kit.saver().failRecords(LonglineException.dependencyDown("redis", "redis is away", null));
        String second = queue(head("m-2", "") + users(3));
        assertThat(kit.saver().hasRecord("shop", "m-2")).isFalse();
        kit.saver().failRecords(null);

        change(first, "{\"state\":\"cancelled\"}");
        awaitState(second, "done");
        assertThat(kit.saver().hasRecord("shop", "m-2")).isTrue();
    }

    @Test
    void oneThatWaitsForASaverIsHeededAllTheSame() {
        kit.saver().failStores(LonglineException.dependencyDown("redis", "redis is away", null));
        String id = queue(head("m-1", "") + users(10));
        await().until(() -> job(id).path("reason").asText().equals("DEPENDENCY_DOWN"));
        change(id, "{\"state\":\"cancelled\"}");
        await().until(() -> !kit.saver().jobs().isHeld(id));
        kit.saver().failStores(null);
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(20))
                .until(() -> kit.saver().messagesNamed("m-1") == 0);
        assertThat(job(id).get("sent").asInt()).isZero();
    }

    // ---- who works on it ----

    @Test
    void whenItsCenterEndsAnotherGoesOnWhereItWas() {
        String id = queue(head("m-1", ",\"rate_per_s\":40") + users(200));
        CenterServer other = kit.addCenter("center-2");
        await().until(() -> job(id).get("sent").asInt() > 0);
        kit.center().close();

        Api api = kit.api(other, "shop");
        JsonNode done = await().until(
                        () -> api.get("/v1/jobs/" + id).json(),
                        job -> job.path("state").asText().equals("done"));
        assertCounts(done, 200, 200, 0);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(200);
    }

    @Test
    void whereItsCenterSaysNothingAnyMoreAnotherGoesOnAndNothingIsSentTwice() {
        kit.saver().jobs().leaseAtMost(Duration.ofMillis(500));
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateStoreAnswers(gate);
        String id = queue(head("m-1", "") + users(50));
        kit.addCenter("center-2");
        await().until(() -> kit.saver().jobs().runs(id) >= 2);
        gate.countDown();

        JsonNode done = awaitState(id, "done");
        assertCounts(done, 50, 50, 0);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(50);
    }

    @Test
    void likewiseWhereTheOtherOneSendsFewerTogether() {
        kit.saver().jobs().leaseAtMost(Duration.ofMillis(500));
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateStoreAnswers(gate);
        String id = queue(head("m-1", "") + users(50));
        await().until(() -> kit.saver().jobs().runs(id) == 1);
        change(id, "{\"rate_per_s\":40}");
        kit.addCenter("center-2");
        await().until(() -> kit.saver().jobs().runs(id) >= 2);
        gate.countDown();

        assertCounts(awaitState(id, "done"), 50, 50, 0);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(50);
    }

    // ---- recall ----

    @Test
    void aRecallEndsItAndWhoWasNotSentItYetNeverIs() {
        String id = queue(head("m-1", ",\"rate_per_s\":40") + user("u1") + users(400)
                + "{\"user\":\"late\",\"device\":\"pad\"}\n");
        await().until(() -> job(id).get("sent").asInt() >= 20);
        Answer recalled = kit.api().exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody());

        assertThat(recalled.status()).isEqualTo(200);
        assertThat(recalled.text("/status")).isEqualTo("recalled");
        assertThat(recalled.text("/job/state")).isEqualTo("cancelled");
        await().until(() -> kit.saver().messagesNamed("m-1") == 1);
        assertThat(kit.saver().state(PHONE, "m-1")).as("it was written").contains(State.WRITTEN);
        assertThat(kit.saver().state(endpoint("n0", "default"), "m-1")).contains(State.RECALLED);
        assertThat(kit.saver().inboxOf(endpoint("late", "pad"))).isEmpty();
        assertThat(kit.api()
                        .exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody())
                        .text("/status"))
                .isEqualTo("recalled");
        assertThat(kit.api().get("/v1/messages/m-1").text("/status")).isEqualTo("recalled");
    }

    @Test
    void whatWentToAnHeirOrWaitsForADeviceIsRecalledToo() {
        kit.saver().heir("shop", "n1", "tablet");
        String id = queue(head("m-1", "") + "{\"user\":\"n1\",\"device\":\"default\"}\n" + user("n2"));
        awaitState(id, "done");
        kit.register().know(endpoint("n2", "pad"));
        assertThat(kit.saver().inboxOf(endpoint("n1", "tablet"))).hasSize(1);

        kit.api().exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody());
        await().until(() -> kit.saver().messagesNamed("m-1") == 0);
        assertThat(kit.saver().state(endpoint("n1", "tablet"), "m-1")).contains(State.RECALLED);
        assertThat(kit.saver().state(endpoint("n2", "default"), "m-1")).contains(State.RECALLED);
    }

    @Test
    void oneThatIsDoneIsRecalledToo() {
        String id = queue(head("m-1", "") + users(600));
        awaitState(id, "done");
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(600);
        kit.api().exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody());
        await().until(() -> kit.saver().messagesNamed("m-1") == 0);
        assertThat(job(id).get("state").asText()).isEqualTo("done");
        assertThat(job(id).get("recalled").asBoolean()).isTrue();
    }
}
