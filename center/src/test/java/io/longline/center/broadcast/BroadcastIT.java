package io.longline.center.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.center.CenterServer;
import io.longline.center.kit.Api;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.BroadcastRequest;
import io.longline.rpc.v1.BroadcastWish;
import io.longline.rpc.v1.Message;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Broadcasts, as back ends see them. */
@Timeout(60)
class BroadcastIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final String BODY = "{\"message_id\":\"b-1\",\"payload\":{\"n\":1},\"options\":{\"ttl_s\":60}}";

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h", "center.jobs.interval", "100ms"));
        kit.room().broadcasts().connect(5);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private Answer send(String body) {
        return kit.api().post("/v1/broadcasts", body);
    }

    private JsonNode job(Answer sent) {
        return kit.api().get("/v1/jobs/" + sent.text("/job_id")).json();
    }

    private JsonNode awaitState(Answer sent, String state) {
        return await().until(() -> job(sent), job -> job.path("state").asText().equals(state));
    }

    private Answer delete(String path) {
        return kit.api().exchange("DELETE", path, BodyPublishers.noBody());
    }

    private List<Message> log(String topic) {
        return kit.saver().topics().messages("shop", topic);
    }

    @Test
    void itIsAJobThatIsDoneWhenAllHaveIt() {
        kit.room().broadcasts().ack(3);

        Answer sent = send(BODY);

        assertThat(sent.status()).isEqualTo(202);
        assertThat(sent.header("Location")).contains("/v1/jobs/" + sent.text("/job_id"));
        assertThat(sent.header("Idempotent-Replay")).isEmpty();
        assertThat(sent.text("/message_id")).isEqualTo("b-1");
        assertThat(sent.text("/topic")).isEqualTo("*");
        JsonNode job = awaitState(sent, "done");
        assertThat(job.at("/per_room").toString())
                .isEqualTo("{\"room-1\":{\"targeted\":5,\"sent\":5,\"acked\":3,\"left\":0}}");
        assertThat(job.at("/targeted").asInt()).isEqualTo(5);
        assertThat(job.at("/sent").asInt()).isEqualTo(5);
        assertThat(job.at("/acked").asInt()).isEqualTo(3);
        assertThat(job.at("/skipped").asInt()).isZero();
        assertThat(job.at("/eta_s").asInt()).isZero();
        assertThat(job.at("/canary_permille").asInt()).isZero();
        assertThat(job.has("copies")).isFalse();
        long offset = job.at("/offset").asLong();
        assertThat(offset).isPositive().isEqualTo(kit.saver().topics().readable("shop", "*"));
        Message message = log("*").getFirst();
        assertThat(message.getText()).isEqualTo("{\"n\":1}");
        assertThat(message.getExpiresAtMs())
                .isBetween(
                        job.at("/ends_at_ms").asLong() - 2_000,
                        job.at("/ends_at_ms").asLong() + 5_000);
        BroadcastRequest asked =
                kit.room().broadcasts().asked(BroadcastWish.BROADCAST_SEND).getFirst();
        assertThat(asked.getProduct()).isEqualTo("shop");
        assertThat(asked.getTopic()).isEqualTo("*");
        assertThat(asked.getJobId()).isEqualTo(sent.text("/job_id"));
        assertThat(asked.getOffset()).isEqualTo(offset);
        assertThat(asked.hasBefore()).isTrue();
        assertThat(asked.getBefore()).isZero();
        assertThat(asked.getMessage()).isEqualTo(message);
        assertThat(asked.getPeoplePerS()).as("nothing limits it").isZero();
        assertThat(asked.getShareMs()).isEqualTo(3_000);
        assertThat(asked.getRun()).isEqualTo(1);
        assertThat(kit.room().broadcasts().asked(BroadcastWish.BROADCAST_OVER)).isNotEmpty();
    }

    @Test
    void itsMessageTellsOfTheJobAndIsAcknowledgedWhenAllHaveIt() {
        kit.room().broadcasts().ack(5);
        Answer sent = send(BODY);
        awaitState(sent, "done");

        Answer message = kit.api().get("/v1/messages/b-1");

        assertThat(message.status()).isEqualTo(200);
        assertThat(message.text("/status")).isEqualTo("acked");
        assertThat(message.text("/job/job_id")).isEqualTo(sent.text("/job_id"));
        assertThat(message.json().get("results")).isEmpty();
    }

    @Test
    void whereNobodyIsThereItIsInTheLogForWhoComesLater() {
        kit.room().broadcasts().connect(0);
        awaitState(send(BODY), "done");

        assertThat(kit.api().get("/v1/messages/b-1").text("/status")).isEqualTo("stored");
        assertThat(kit.api().get("/v1/topics/*/messages").json().findValuesAsText("message_id"))
                .containsExactly("b-1");
    }

    @Test
    void theNextOneKnowsWhatStandsBeforeIt() {
        long first = awaitState(send(BODY), "done").at("/offset").asLong();
        awaitState(send("{\"payload\":\"x\"}"), "done");

        assertThat(kit.room()
                        .broadcasts()
                        .asked(BroadcastWish.BROADCAST_SEND)
                        .getLast()
                        .getBefore())
                .isEqualTo(first);
    }

    @Test
    void theSameIdAgainIsTheSameBroadcastAtEveryCenter() {
        CenterServer other = kit.addCenter("center-2");
        Answer first = send(BODY);
        awaitState(first, "done");
        int asked = kit.room().broadcasts().asked(BroadcastWish.BROADCAST_SEND).size();

        Answer again = kit.api(other, "shop").post("/v1/broadcasts", BODY.replace("{\"n\":1}", "{ \"n\" : 1 }"));

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Idempotent-Replay")).contains("true");
        assertThat(again.text("/job_id")).isEqualTo(first.text("/job_id"));
        assertThat(again.text("/state")).isEqualTo("done");
        assertThat(log("*")).hasSize(1);
        assertThat(kit.room().broadcasts().asked(BroadcastWish.BROADCAST_SEND)).hasSize(asked);
    }

    @Test
    void anIdHasOneBodyOneTopicAndIsOfOneKindOfMessage() {
        send(BODY);
        kit.api().send("{\"message_id\":\"m-2\",\"target\":{\"user\":\"u\"},\"payload\":{\"n\":1}}");
        kit.api().post("/v1/jobs", "{\"message_id\":\"m-3\",\"payload\":{\"n\":1}}\n{\"user\":\"u\"}\n");

        for (Answer answer : List.of(
                send(BODY.replace("\"n\":1", "\"n\":2")),
                send(BODY.replace("60", "61")),
                send(BODY.replace("{\"message_id\"", "{\"topic\":\"*urgent\",\"message_id\"")),
                send(BODY.replace("b-1", "m-2")),
                send(BODY.replace("b-1", "m-3")),
                kit.api().post("/v1/topics/news:send", BODY),
                kit.api().post("/v1/jobs", BODY + "\n{\"user\":\"u\"}\n"))) {
            assertThat(answer.status()).as("%s", answer.json()).isEqualTo(409);
            assertThat(answer.text("/error/reason")).isEqualTo("IDEMPOTENCY_CONFLICT");
        }
        assertThat(kit.api("news")
                        .post("/v1/broadcasts", BODY.replace("60", "61"))
                        .status())
                .as("another product has its own ids")
                .isEqualTo(202);
    }

    @Test
    void validateOnlyChangesNothing() {
        Answer answer = send(BODY.replace("\"options\"", "\"validate_only\":true,\"options\""));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json())
                .hasToString("{\"message_id\":\"b-1\",\"status\":\"accepted\",\"targeted\":0,\"exact\":true,"
                        + "\"users\":0,\"sample\":[]}");
        assertThat(kit.saver().jobs().size()).isZero();
        assertThat(send(BODY.replace("60", "61")).header("Idempotent-Replay")).isEmpty();
    }

    @Test
    void aWrongBodyNamesItsFields() {
        Answer answer = send("{\"payload\":\"x\",\"topic\":\"news\",\"rate_per_s\":-1,\"options\":{\"wait_ms\":5}}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/details").findValuesAsText("field"))
                .containsExactlyInAnyOrder("topic", "rate_per_s", "options.wait_ms");
        assertThat(send("{\"payload\":\"" + "x".repeat(4_097) + "\"}").status()).isEqualTo(413);
    }

    @Test
    void itCountsAsOneMessageOfItsProductAndARepeatIsAnsweredAllTheSame() {
        kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/shop",
                        BodyPublishers.ofString("{\"limits\":{\"rate_per_s\":5,\"user_messages_per_day\":1}}"));
        kit.quotas().allow(1);

        Answer first = send(BODY);
        Answer over = send("{\"payload\":\"x\"}");
        Answer again = send(BODY);

        assertThat(first.status()).isEqualTo(202);
        assertThat(over.status()).isEqualTo(429);
        assertThat(over.text("/error/reason")).isEqualTo("PRODUCT_RATE_EXCEEDED");
        assertThat(again.text("/job_id")).isEqualTo(first.text("/job_id"));
        assertThat(kit.quotas().spends()).as("nobody's share is touched").isEmpty();
        await().until(() -> kit.stats().counted("shop").getAccepted() == 1);
        await().until(() -> kit.stats().counted("shop").getRefused() == 1);
    }

    @Test
    void itIsListedAmongTheJobs() {
        Answer sent = send(BODY);
        awaitState(sent, "done");
        Answer list = kit.api().post("/v1/jobs", "{\"payload\":\"x\"}\n{\"user\":\"u\"}\n");

        JsonNode items = kit.api().get("/v1/jobs").json().get("items");

        assertThat(items.findValuesAsText("job_id")).containsExactly(list.text("/job_id"), sent.text("/job_id"));
        assertThat(items.get(1).get("topic").asText()).isEqualTo("*");
        assertThat(kit.api("news").get("/v1/jobs/" + sent.text("/job_id")).text("/error/reason"))
                .isEqualTo("JOB_NOT_FOUND");
    }

    @Test
    void whoHasNoSecretOfTheProductSendsNone() {
        assertThat(new Api(kit.center().httpPort(), "shop", "wrong")
                        .post("/v1/broadcasts", BODY)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void whatIsRecalledBeforeItIsDoneReachesNobodyMore() {
        kit.room().broadcasts().connect(1_000);
        Answer sent = send("{\"message_id\":\"b-1\",\"payload\":\"x\",\"rate_per_s\":20}");
        await().until(() -> kit.room().broadcasts().sent(sent.text("/job_id")) > 5);

        Answer recalled = delete("/v1/messages/b-1");

        assertThat(recalled.status()).isEqualTo(200);
        assertThat(recalled.text("/status")).isEqualTo("recalled");
        assertThat(recalled.text("/job/state")).isEqualTo("cancelled");
        await().until(() -> !kit.saver().topics().removed("shop", "*").isEmpty());
        int had = kit.room().broadcasts().sent(sent.text("/job_id"));
        assertThat(had).isLessThan(200);
        await().during(Duration.ofSeconds(1))
                .until(() -> kit.room().broadcasts().sent(sent.text("/job_id")) == had);
        assertThat(log("*")).isEmpty();
        assertThat(kit.saver().topics().readable("shop", "*")).isZero();
        assertThat(kit.room().broadcasts().asked(BroadcastWish.BROADCAST_DROP)).isNotEmpty();
        assertThat(delete("/v1/messages/b-1").text("/status")).isEqualTo("recalled");
        assertThat(kit.api().get("/v1/messages/b-1").text("/status")).isEqualTo("recalled");
    }

    @Test
    void whatIsRecalledWhenItIsDoneIsReadByNobodyMore() {
        Answer sent = send(BODY);
        JsonNode job = awaitState(sent, "done");

        assertThat(delete("/v1/messages/b-1").text("/status")).isEqualTo("recalled");

        await().until(() -> kit.saver()
                .topics()
                .removed("shop", "*")
                .contains(job.at("/offset").asLong()));
        await().until(() ->
                !kit.room().broadcasts().asked(BroadcastWish.BROADCAST_DROP).isEmpty());
        assertThat(job(sent).get("state").asText()).isEqualTo("done");
        assertThat(job(sent).get("recalled").asBoolean()).isTrue();
    }

    @Test
    void whatRedisHasLostTheRecordOfIsKnownAndRecalledByItsJob() {
        awaitState(send(BODY), "done");
        kit.saver().loseRecordsBeforeNextLook();

        assertThat(kit.api().get("/v1/messages/b-1").text("/job/state")).isEqualTo("done");
        assertThat(delete("/v1/messages/b-1").text("/status")).isEqualTo("recalled");

        await().until(() -> log("*").isEmpty());
        assertThat(delete("/v1/messages/b-never").status()).isEqualTo(404);
    }

    @Test
    void aRecallIsTriedAgainUntilTheLogHearsOfIt() {
        awaitState(send(BODY), "done");
        kit.saver().topics().fail(LonglineException.dependencyDown("redis", "Redis is away", null));
        delete("/v1/messages/b-1");
        await().until(() ->
                !kit.room().broadcasts().asked(BroadcastWish.BROADCAST_DROP).isEmpty());
        kit.saver().topics().fail(null);

        await().until(() -> log("*").isEmpty());
    }

    @Test
    void withoutSaverNothingIsTakenAndItIsNamed() {
        kit.withdrawSaver();
        await().until(() -> send("{\"payload\":\"x\"}").status() == 503);

        Answer refused = send(BODY);

        assertThat(refused.text("/error/dependency")).isEqualTo("saver");
        assertThat(refused.header("Retry-After")).isPresent();
    }
}
