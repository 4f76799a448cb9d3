package io.longline.center.unicast;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.CenterServer;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverResult;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class IdempotencyIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint PHONE = endpoint("u1", "phone");
    private static final String BODY =
            "{\"message_id\":\"m-1\",\"target\":{\"user\":\"u1\"},\"payload\":{\"n\":1},\"options\":{}}";

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
        kit.register().connect(PHONE, kit.room(), 11);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    @Test
    void theSameIdAgainIsAnsweredFromTheFirstOne() {
        Answer first = kit.api().send(BODY);
        Answer again = kit.api().send(BODY.replace("{\"n\":1}", "{ \"n\" : 1 }"));

        assertThat(first.header("Idempotent-Replay")).isEmpty();
        assertThat(again.header("Idempotent-Replay")).contains("true");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().at("/results/0/seq")).isEqualTo(first.json().at("/results/0/seq"));
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
        assertThat(kit.room().handed()).hasSize(1);
    }

    @Test
    void theAnswerIsTheCurrentOne() {
        Answer first = kit.api().send(BODY);
        kit.saver().ack(PHONE, first.json().at("/results/0/seq").asLong());

        assertThat(kit.api().send(BODY).text("/status")).isEqualTo("acked");
    }

    @Test
    void aRepeatMayWaitForTheAckThatTheFirstDidNotWaitFor() throws Exception {
        Answer first = kit.api().send(BODY);
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> waiting = other.submit(() -> kit.api().send(BODY.replace("{}", "{\"wait_ms\":10000}")));
            kit.saver().ack(PHONE, first.json().at("/results/0/seq").asLong());

            assertThat(waiting.get().text("/status")).isEqualTo("acked");
        }
    }

    @Test
    void aRecordThatIsLostWithRedisMeanwhileIsMadeAgain() {
        Answer first = kit.api().send(BODY);
        kit.saver().loseRecordsBeforeNextLook();

        Answer again = kit.api().send(BODY);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().at("/results/0/seq")).isEqualTo(first.json().at("/results/0/seq"));
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
        assertThat(kit.api().send(BODY).status()).isEqualTo(200);
    }

    @Test
    void anotherBodyIsAConflict() {
        kit.api().send(BODY);

        Answer answer = kit.api().send(BODY.replace("\"n\":1", "\"n\":2"));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("/error/reason")).isEqualTo("IDEMPOTENCY_CONFLICT");
        assertThat(answer.json().at("/error/retryable").asBoolean()).isFalse();
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
    }

    @Test
    void anotherProductHasItsOwnIds() {
        kit.api().send(BODY);

        Answer answer = kit.api("news").send(BODY.replace("\"n\":1", "\"n\":2"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Idempotent-Replay")).isEmpty();
    }

    @Test
    void manyAtOnceMakeOneMessage() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateStores(gate);
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> sent = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                sent.add(others.submit(() -> kit.api().send(BODY)));
            }
            gate.countDown();
            for (Future<Answer> answer : sent) {
                answers.add(answer.get());
            }
        }

        // A repeat is told the state at that moment, which is "stored" until the first one has settled it.
        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(200, 202));
        assertThat(answers.stream()
                        .map(answer -> answer.json().at("/results/0/seq"))
                        .distinct())
                .hasSize(1);
        assertThat(answers.stream()
                        .filter(answer -> answer.header("Idempotent-Replay").isEmpty()))
                .hasSize(1);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
    }

    @Test
    void whatWasClaimedButNotFinishedIsRunAgainAsTheSameMessage() {
        kit.saver().failStores(LonglineException.dependencyDown("redis", "Redis is away", null));
        assertThat(kit.api().send(BODY).status()).isEqualTo(503);
        long claimedBefore = System.currentTimeMillis();
        kit.saver().failStores(null);
        await().until(() -> System.currentTimeMillis() > claimedBefore);

        Answer answer = kit.api().send(BODY);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/status")).isEqualTo("written");
        assertThat(answer.header("Idempotent-Replay")).contains("true");
        assertThat(kit.room().handed().getFirst().getMessage().getSentAtMs()).isLessThanOrEqualTo(claimedBefore);
    }

    @Test
    void aPushThatWasStoredButNotRecordedHasNoSecondCopy() {
        kit.saver().failRecords(new LonglineException(ErrorCode.OVERLOADED, "records are full"));
        assertThat(kit.api().send(BODY).status()).isEqualTo(503);
        kit.saver().failRecords(null);

        Answer answer = kit.api().send(BODY);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
        assertThat(kit.api().get("/v1/messages/m-1").status()).isEqualTo(200);
    }

    @Test
    void whoIsStillSendingWhatIsRecalledLearnsOfIt() throws Exception {
        kit.register().disconnect(PHONE);
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateRecords(gate);
        try (ExecutorService backEnd = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> sending = backEnd.submit(() -> kit.api().send(BODY));
            await().until(() -> kit.saver().messagesNamed("m-1") == 1);
            Answer recalled = kit.api().exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody());
            gate.countDown();

            assertThat(recalled.status()).isEqualTo(200);
            assertThat(recalled.text("/status")).isEqualTo("recalled");
            assertThat(sending.get().text("/status")).isEqualTo("recalled");
        }
        assertThat(kit.saver().messagesNamed("m-1")).isZero();
        assertThat(kit.api().get("/v1/messages/m-1").text("/status")).isEqualTo("recalled");
        assertThat(kit.api().send(BODY).text("/status")).isEqualTo("recalled");
    }

    private Answer recall() {
        return kit.api().exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody());
    }

    @Test
    void nobodyIsHandedWhatIsRecalledBeforeItIsRecorded() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateRecords(gate);
        try (ExecutorService backEnd = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> sending = backEnd.submit(() -> kit.api().send(BODY));
            await().until(() -> kit.saver().messagesNamed("m-1") == 1);
            Answer recalled = recall();
            gate.countDown();

            assertThat(recalled.text("/status")).isEqualTo("recalled");
            assertThat(sending.get().text("/status")).isEqualTo("recalled");
        }
        assertThat(kit.room().handed()).isEmpty();
        assertThat(kit.saver().messagesNamed("m-1")).isZero();
    }

    @Test
    void aPushThatNobodyCanRecallYetIsHandedOverBeforeItIsRecorded() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateRecords(gate);
        try (ExecutorService backEnd = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> sending = backEnd.submit(() -> kit.api().send(BODY.replace("\"message_id\":\"m-1\",", "")));
            await().until(() -> kit.room().handed().size() == 1);
            gate.countDown();

            assertThat(sending.get().text("/status")).isEqualTo("written");
        }
    }

    @Test
    void whatWasStoredAndNotRecordedIsRecalled() {
        kit.register().disconnect(PHONE);
        kit.saver().failRecords(new LonglineException(ErrorCode.OVERLOADED, "records are full"));
        assertThat(kit.api().send(BODY).status()).isEqualTo(503);
        kit.saver().failRecords(null);

        Answer recalled = recall();

        assertThat(kit.saver().messagesNamed("m-1")).isZero();
        assertThat(recalled.text("/status")).isEqualTo("recalled");
        assertThat(recalled.text("/results/0/device")).isEqualTo("phone");
        assertThat(recall().json()).isEqualTo(recalled.json());
        assertThat(kit.api().get("/v1/messages/m-1").json()).isEqualTo(recalled.json());
        assertThat(kit.api().send(BODY).json()).isEqualTo(recalled.json());
    }

    @Test
    void whatIsStoredThoughItsPushHasFailedIsRecalled() {
        kit.saver().storeUnheard(1);
        assertThat(kit.api().send(BODY).status()).isEqualTo(503);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);

        assertThat(recall().text("/results/0/status")).isEqualTo("recalled");
        assertThat(kit.saver().messagesNamed("m-1")).isZero();
    }

    @Test
    void whatWasWrittenThoughItsPushHasFailedStaysSoAndIsTold() {
        kit.saver().failRecords(new LonglineException(ErrorCode.OVERLOADED, "records are full"));
        kit.api().send(BODY);
        kit.saver().failRecords(null);
        kit.saver().written(PHONE, "m-1"); // a session has read it

        assertThat(recall().text("/status")).isEqualTo("written");
        assertThat(kit.api().get("/v1/messages/m-1").text("/status")).isEqualTo("written");
    }

    @Test
    void whatFailedAndIsNowhereIsRecalledToo() {
        kit.saver().failStores(LonglineException.dependencyDown("redis", "Redis is away", null));
        kit.api().send(BODY);
        kit.saver().failStores(null);

        Answer recalled = recall();
        assertThat(recalled.text("/status")).isEqualTo("recalled");
        assertThat(recalled.json().get("results")).hasSize(1);
        assertThat(recalled.text("/results/0/user")).isEqualTo("u1");
        assertThat(kit.api().send(BODY).text("/status")).isEqualTo("recalled");
        assertThat(recall().json()).isEqualTo(recalled.json());
        assertThat(kit.saver().messagesNamed("m-1")).isZero();
    }

    @Test
    void whatIsStoredAfterItsRecallWasAnsweredIsRefused() {
        CenterServer other = kit.addCenter("center-2");
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateStores(gate);
        try (ExecutorService backEnd = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> broken = backEnd.submit(() -> kit.api().send(BODY));
            await().until(() ->
                    kit.saver().claimedFor("shop", "m-1") == 1 && kit.saver().storesWait() == 1);
            kit.center().close();
            await().until(broken::isDone);
        }

        Answer recalled = kit.api(other, "shop").exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody());
        assertThat(recalled.text("/status")).isEqualTo("recalled");
        gate.countDown();

        await().until(() -> kit.saver().state(PHONE, "m-1").isPresent());
        assertThat(kit.saver().inboxOf(PHONE)).isEmpty();
    }

    @Test
    void aRecallThatCannotAskWhereItMayBeIsToBeRepeated() {
        kit.saver().storeUnheard(1);
        kit.api().send(BODY);
        kit.register().fail(LonglineException.dependencyDown("redis", "Redis is away", null));
        assertThat(recall().status()).isEqualTo(503);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
        kit.register().fail(null);

        assertThat(recall().text("/results/0/status")).isEqualTo("recalled");
        assertThat(kit.saver().messagesNamed("m-1")).isZero();
    }

    @Test
    void whatIsAnsweredIsClaimedForNobodyMore() {
        kit.api().send(BODY);
        assertThat(kit.saver().claimedFor("shop", "m-1")).isZero();
    }

    private static final String LATEST = BODY.replace("{}", "{\"devices\":\"latest\"}");

    @Test
    void aRepeatGoesToTheDeviceThatWasTheLatestWhenItWasSentFirst() {
        kit.saver().storeUnheard(1);
        assertThat(kit.api().send(LATEST).status()).isEqualTo(503);
        Endpoint pad = endpoint("u1", "pad");
        kit.register().connect(pad, kit.room(), 12);

        Answer again = kit.api().send(LATEST);
        assertThat(again.json().get("results")).hasSize(1);
        assertThat(again.text("/results/0/device")).isEqualTo("phone");
        assertThat(kit.saver().inboxOf(pad)).isEmpty();
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
    }

    @Test
    void whereTheLatestDeviceWasNotKnownItIsChosenByTheRepeatAndStaysSo() {
        kit.register().fail(LonglineException.dependencyDown("redis", "Redis is away", null));
        assertThat(kit.api().send(LATEST).status()).isEqualTo(503);
        kit.register().fail(null);
        kit.saver().storeUnheard(1);
        assertThat(kit.api().send(LATEST).status()).isEqualTo(503);
        kit.register().connect(endpoint("u1", "pad"), kit.room(), 12);

        assertThat(kit.api().send(LATEST).text("/results/0/device")).isEqualTo("phone");
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
    }

    @Test
    void aRepeatToAllDevicesGoesToThoseOfTheFirstTimeToo() {
        kit.register().know(endpoint("u1", "desk"));
        kit.saver().storeUnheard(1);
        assertThat(kit.api().send(BODY).status()).isEqualTo(503);
        kit.register().know(endpoint("u1", "pad"));

        assertThat(kit.api().send(BODY).json().findValuesAsText("device")).contains("phone", "desk");
        assertThat(kit.saver().inboxOf(PHONE)).hasSize(1);
        assertThat(kit.saver().inboxOf(endpoint("u1", "desk"))).hasSize(1);
    }

    @Test
    void whatNobodyHasSentCannotBeRecalled() {
        assertThat(kit.api()
                        .exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody())
                        .status())
                .isEqualTo(404);
        assertThat(kit.api().send(BODY).text("/status")).isEqualTo("written");
    }

    @Test
    void aCenterThatEndsAfterTheStoreLeavesOneMessageForTheNextOne() {
        CenterServer other = kit.addCenter("center-2");
        CountDownLatch never = new CountDownLatch(1);
        kit.saver().gateStoreAnswers(never);
        try (ExecutorService backEnd = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> broken = backEnd.submit(() -> kit.api().send(BODY));
            await().until(() -> kit.saver().messagesNamed("m-1") == 1);
            kit.center().close();
            await().until(broken::isDone);
        }
        never.countDown();

        Answer answer = kit.api(other, "shop").send(BODY);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/status")).isEqualTo("written");
        assertThat(answer.header("Idempotent-Replay")).contains("true");
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
        assertThat(kit.api(other, "shop").get("/v1/messages/m-1").text("/status"))
                .isEqualTo("written");
    }

    @Test
    void whenNoMoreIdsCanBeClaimedThatIsSaidAndNothingIsSent() {
        kit.saver()
                .failClaims(new LonglineException(ErrorCode.QUEUE_FULL, "claims are full")
                        .retryAfter(Duration.ofSeconds(3)));

        Answer answer = kit.api().send(BODY);

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.text("/error/reason")).isEqualTo("QUEUE_FULL");
        assertThat(answer.header("Retry-After")).contains("3");
        assertThat(kit.saver().messagesNamed("m-1")).isZero();
        kit.saver().failClaims(null);
        assertThat(kit.api().send(BODY).status()).isEqualTo(200);
    }

    @Test
    void aSecondRunOfADroppedOneSaysWhyThatWas() {
        String nowOrNever = BODY.replace("{}", "{\"ttl_s\":0}");
        kit.room()
                .answer(request -> HandOverReply.newBuilder()
                        .setResult(HandOverResult.HAND_OVER_REFUSED)
                        .setReason("window_closed")
                        .build());
        kit.saver().failRecords(new LonglineException(ErrorCode.OVERLOADED, "records are full"));
        assertThat(kit.api().send(nowOrNever).status()).isEqualTo(503);
        kit.saver().failRecords(null);

        Answer answer = kit.api().send(nowOrNever);

        assertThat(answer.text("/status")).isEqualTo("dropped");
        assertThat(answer.text("/results/0/reason")).isEqualTo("window_closed");
    }
}
