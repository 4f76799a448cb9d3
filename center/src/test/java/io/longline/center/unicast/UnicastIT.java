package io.longline.center.unicast;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.center.kit.FakeRoom;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.HandOverResult;
import io.longline.rpc.v1.Priority;
import io.longline.rpc.v1.State;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A push to one user, over HTTP, with real RPC to small servers in place of the others. The sweep is off: its interval is an hour. */
@Timeout(60)
class UnicastIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint PHONE = endpoint("u1", "phone");
    private static final Endpoint DESK = endpoint("u1", "desk");

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private static String body(String options) {
        return "{\"target\":{\"user\":\"u1\"},\"payload\":\"hello\",\"options\":{" + options + "}}";
    }

    /** Of three tries: a machine that stands still for a moment spoils one of them, a wait that is too long all. */
    private static Duration quickestOf3(Runnable push) {
        Duration quickest = Duration.ofDays(1);
        for (int i = 0; i < 3; i++) {
            long begin = System.nanoTime();
            push.run();
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            quickest = took.compareTo(quickest) < 0 ? took : quickest;
        }
        return quickest;
    }

    private void restartWith(String key, String value) {
        kit.close();
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h", key, value));
    }

    private void acksAtOnce(HandOverRequest request) {
        kit.saver().ack(PHONE, request.getSeq());
    }

    @Test
    void toAConnectedUserItIsWritten() {
        kit.register().connect(PHONE, kit.room(), 11);

        Answer answer = kit.api().send(body("\"priority\":\"high\",\"pull_key\":\"p\",\"collapse_key\":\"c\""));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/status")).isEqualTo("written");
        assertThat(answer.json().at("/results")).hasSize(1);
        assertThat(answer.text("/results/0/user")).isEqualTo("u1");
        assertThat(answer.text("/results/0/device")).isEqualTo("phone");
        assertThat(answer.text("/results/0/status")).isEqualTo("written");
        assertThat(answer.json().at("/results/0").has("reason")).isFalse();
        HandOverRequest hint = kit.room().handed().getFirst();
        assertThat(hint.getSeq()).isEqualTo(answer.json().at("/results/0/seq").asLong());
        assertThat(hint.getGeneration()).isEqualTo(11);
        assertThat(hint.getPlace().getSlotGeneration()).isEqualTo(3);
        assertThat(hint.getMessage().getText()).isEqualTo("hello");
        assertThat(hint.getMessage().getPriority()).isEqualTo(Priority.PRIORITY_HIGH);
        assertThat(hint.getMessage().getPullKey()).isEqualTo("p");
        assertThat(hint.getMessage().getCollapseKey()).isEqualTo("c");
        assertThat(hint.getMessage().getMessageId()).isEqualTo(answer.text("/message_id"));
        assertThat(hint.getMessage().getExpiresAtMs() - hint.getMessage().getSentAtMs())
                .isEqualTo(86_400_000);
        await().until(() -> kit.saver().state(PHONE, answer.text("/message_id")).orElseThrow() == State.WRITTEN);
    }

    @Test
    void aHintSaysWhichMessageIsBeforeIt() {
        kit.register().connect(PHONE, kit.room(), 11);
        Answer first = kit.api().send(body(""));
        kit.api().send(body(""));

        assertThat(kit.room().handed().get(0).getBefore()).isZero();
        assertThat(kit.room().handed().get(1).getBefore())
                .isEqualTo(first.json().at("/results/0/seq").asLong());
    }

    @Test
    void withWaitTheAnswerSaysAcked() {
        kit.register().connect(PHONE, kit.room(), 11);
        kit.room().answer(request -> {
            acksAtOnce(request);
            return HandOverReply.newBuilder()
                    .setResult(HandOverResult.HAND_OVER_WRITTEN)
                    .build();
        });

        Answer answer = kit.api().send(body("\"wait_ms\":10000"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/status")).isEqualTo("acked");
        assertThat(kit.api().get("/v1/messages/" + answer.text("/message_id")).text("/status"))
                .isEqualTo("acked");
        assertThat(kit.saver().inboxOf(PHONE)).isEmpty();
    }

    @Test
    void withWaitAndNoAckTheAnswerComesWhenTheTimeIsOver() {
        kit.register().connect(PHONE, kit.room(), 11);
        long begin = System.nanoTime();

        Answer answer = kit.api().send(body("\"wait_ms\":300"));

        assertThat(answer.text("/status")).isEqualTo("written");
        assertThat(System.nanoTime() - begin).isBetween(300_000_000L, 5_000_000_000L);
    }

    @Test
    void theStoreHasWhatTheAnswerSays() {
        kit.register().connect(PHONE, kit.room(), 11);
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateSettles(gate);
        CompletableFuture.delayedExecutor(80, TimeUnit.MILLISECONDS).execute(gate::countDown);

        Answer answer = kit.api().send(body(""));

        assertThat(answer.text("/status")).isEqualTo("written");
        assertThat(kit.saver().state(PHONE, answer.text("/message_id"))).contains(State.WRITTEN);
    }

    @Test
    void aStoreThatDoesNotSettleHoldsUpNoAnswerHoweverManyEndpointsThereAre() {
        restartWith("center.settle-wait", "200ms");
        kit.register().know(PHONE);
        kit.register().know(DESK);
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateSettles(gate);
        try {
            Duration took = quickestOf3(() -> {
                Answer answer = kit.api().send(body("\"ttl_s\":0"));

                assertThat(answer.json().at("/results").findValuesAsText("status"))
                        .as("no end that the store has not taken")
                        .containsExactly("stored", "stored");
            });

            assertThat(took).isLessThan(Duration.ofMillis(1500));
        } finally {
            gate.countDown();
        }
    }

    @Test
    void aLookThatHangsDoesNotOutlastTheWaitForAcks() {
        kit.register().connect(PHONE, kit.room(), 11);
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateLooks(gate);
        try {
            long begin = System.nanoTime();
            Answer answer = kit.api().send(body("\"wait_ms\":300"));

            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("and not the patience of 15 s")
                    .isBetween(Duration.ofMillis(300), Duration.ofSeconds(10));
            assertThat(answer.text("/status")).isEqualTo("written");
        } finally {
            gate.countDown();
        }
    }

    @Test
    void aStoreThatHangsIsToldOfAfterThePatienceWithoutTheWaitForAcks() {
        CountDownLatch gate = new CountDownLatch(1);
        try (CenterKit hurried = new CenterKit(ZOOKEEPER.uri(), Map.of("center.patience", "700ms"))) {
            hurried.saver().gateStores(gate);
            long begin = System.nanoTime();
            try {
                Answer answer = hurried.api().send(body("\"wait_ms\":10000"));

                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
                assertThat(answer.status()).isEqualTo(503);
            } finally {
                gate.countDown();
            }
        }
    }

    @Test
    void toAUserWhoIsAwayItIsStored() {
        kit.register().know(PHONE);

        Answer answer = kit.api().send(body(""));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/status")).isEqualTo("stored");
        assertThat(kit.saver().inboxOf(PHONE)).hasSize(1);
        await().until(() -> !kit.saver().isUnsent(PHONE));
    }

    @Test
    void aUserNeverSeenGetsItInDefault() {
        Answer answer = kit.api().send(body(""));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/results/0/device")).isEqualTo("default");
        assertThat(kit.saver().inboxOf(endpoint("u1", "default"))).hasSize(1);
    }

    @Test
    void whatWasMeantForDefaultIsHandedToItsHeir() {
        kit.register().connect(PHONE, kit.room(), 11);
        kit.saver().heir("shop", "u1", "phone");

        Answer answer = kit.api().send("{\"target\":{\"user\":\"u1\",\"device\":\"default\"},\"payload\":\"x\"}");

        assertThat(answer.text("/results/0/device")).isEqualTo("phone");
        assertThat(answer.text("/status")).isEqualTo("written");
    }

    @Test
    void aPlainTextIsSentWithTheUsualOptions() {
        kit.register().connect(PHONE, kit.room(), 11);

        Answer answer = kit.api().post("/v1/simple/u1", "Grüße \"an\" {alle}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/status")).isEqualTo("written");
        assertThat(answer.text("/results/0/device")).isEqualTo("phone");
        assertThat(kit.room().handed().getLast().getMessage().getText()).isEqualTo("Grüße \"an\" {alle}");
        assertThat(kit.api().get("/v1/messages/" + answer.text("/message_id")).status())
                .isEqualTo(200);
    }

    @Test
    void aPlainTextThatIsNoneIsRefused() {
        assertThat(kit.api().post("/v1/simple/u1", new byte[] {(byte) 0xC3}).status())
                .isEqualTo(400);
        assertThat(kit.api().post("/v1/simple/u1", "x".repeat(4_097)).text("/error/reason"))
                .isEqualTo("PAYLOAD_TOO_LARGE");
        assertThat(kit.api().post("/v1/simple/a%2Fb", "x").text("/error/details/0/field"))
                .isEqualTo("user");
    }

    @Test
    void everyKnownDeviceGetsACopy() {
        kit.register().connect(PHONE, kit.room(), 11);
        kit.register().know(DESK);

        Answer answer = kit.api().send(body(""));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/status")).isEqualTo("stored");
        assertThat(answer.json().at("/results").findValuesAsText("device")).containsExactly("desk", "phone");
        assertThat(answer.json().at("/results").findValuesAsText("status")).containsExactly("stored", "written");
    }

    @Test
    void theLatestDeviceAloneCanBeMeant() {
        kit.register().know(PHONE);
        kit.register().know(DESK);

        Answer answer = kit.api().send(body("\"devices\":\"latest\""));

        assertThat(answer.json().at("/results").findValuesAsText("device")).containsExactly("desk");
        assertThat(kit.saver().inboxOf(PHONE)).isEmpty();
    }

    @Test
    void aNamedDeviceNeedsNoExpansion() {
        kit.register().know(DESK);

        Answer answer = kit.api().send("{\"target\":{\"user\":\"u1\",\"device\":\"tablet\"},\"payload\":\"x\"}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().at("/results").findValuesAsText("device")).containsExactly("tablet");
    }

    @Test
    void nowOrNeverIsDroppedWhenNobodyIsThereAndSaysSo() {
        kit.register().know(PHONE);

        Answer answer = kit.api().send(body("\"ttl_s\":0"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/status")).isEqualTo("dropped");
        assertThat(answer.text("/results/0/reason")).isEqualTo("offline");
        assertThat(kit.saver().inboxOf(PHONE)).isEmpty();
        Answer later = kit.api().get("/v1/messages/" + answer.text("/message_id"));
        assertThat(later.text("/status")).isEqualTo("dropped");
        assertThat(later.text("/results/0/reason")).isEqualTo("offline");
    }

    @Test
    void nowOrNeverThatTheRoomRefusesIsDroppedWithItsReason() {
        kit.register().connect(PHONE, kit.room(), 11);
        kit.room()
                .answer(request -> HandOverReply.newBuilder()
                        .setResult(HandOverResult.HAND_OVER_REFUSED)
                        .setReason("window_closed")
                        .build());

        Answer answer = kit.api().send(body("\"ttl_s\":0"));

        assertThat(answer.text("/results/0/reason")).isEqualTo("window_closed");
        assertThat(kit.saver().inboxOf(PHONE)).isEmpty();
    }

    @Test
    void qos0GoesToWhoIsConnectedAndLeavesNoRecord() {
        kit.register().connect(PHONE, kit.room(), 11);
        kit.register().know(DESK);

        Answer answer = kit.api()
                .send("{\"message_id\":\"q0\",\"target\":{\"user\":\"u1\"},\"payload\":\"x\",\"options\":{\"qos\":0}}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/results").findValuesAsText("status")).containsExactly("dropped", "written");
        assertThat(answer.text("/results/0/reason")).isEqualTo("offline");
        assertThat(answer.json().at("/results/1").has("seq")).isFalse();
        assertThat(kit.room().handed().getFirst().getSeq()).isZero();
        assertThat(kit.room().handed().getFirst().getMessage().getQos()).isZero();
        assertThat(kit.saver().inboxOf(PHONE)).isEmpty();
        assertThat(kit.api().get("/v1/messages/q0").status()).isEqualTo(404);
    }

    @Test
    void qos0ToAUserNeverSeenIsDropped() {
        Answer answer = kit.api().send(body("\"qos\":0"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/status")).isEqualTo("dropped");
        assertThat(answer.text("/results/0/reason")).isEqualTo("offline");
    }

    @Test
    void aQueuedHintIsStoredAndNotUnsent() {
        kit.register().connect(PHONE, kit.room(), 11);
        kit.room().answer(HandOverResult.HAND_OVER_QUEUED);

        Answer answer = kit.api().send(body(""));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/status")).isEqualTo("stored");
        await().until(() -> !kit.saver().isUnsent(PHONE));
    }

    @Test
    void aSessionThatMovedIsLookedUpOnceMore() {
        FakeRoom other = kit.addRoom("room-2");
        other.answer(HandOverResult.HAND_OVER_STALE);
        kit.register().connect(PHONE, kit.room(), 12);
        kit.register().answerOnce(other, 11);

        Answer answer = kit.api().send(body(""));

        assertThat(answer.text("/status")).isEqualTo("written");
        assertThat(other.handed()).hasSize(1);
        assertThat(kit.room().handed()).hasSize(1);
    }

    @Test
    void aSessionThatKeepsMovingLeavesItStoredAndUnsent() {
        kit.register().connect(PHONE, kit.room(), 11);
        kit.room().answer(HandOverResult.HAND_OVER_STALE);

        Answer answer = kit.api().send(body(""));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/status")).isEqualTo("stored");
        assertThat(kit.room().handed()).hasSize(2);
        assertThat(kit.saver().isUnsent(PHONE)).isTrue();
    }

    @Test
    void aRoomThatDoesNotAnswerCostsASecondAndTheMessageIsSafe() {
        restartWith("center.hand-over-wait", "1s");
        kit.register().connect(PHONE, kit.room(), 11);
        kit.room().stop();
        long begin = System.nanoTime();

        Answer answer = kit.api().send(body(""));

        assertThat(System.nanoTime() - begin)
                .as("and not the patience of 15 s")
                .isBetween(900_000_000L, 10_000_000_000L);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/status")).isEqualTo("stored");
        assertThat(kit.saver().isUnsent(PHONE)).isTrue();
    }

    @Test
    void whileRoutesAreRebuiltTheMessageIsStoredAndNeverCalledOffline() {
        kit.register().connect(PHONE, kit.room(), 11);
        kit.register().rebuilding(true);

        Answer answer = kit.api().send(body(""));
        Answer now = kit.api().send(body("\"ttl_s\":0"));

        assertThat(answer.text("/status")).isEqualTo("stored");
        assertThat(kit.saver().isUnsent(PHONE)).isTrue();
        assertThat(now.text("/results/0/reason")).isEqualTo("no_answer");
    }

    @Test
    void withoutRegisterANamedDeviceIsStoredAndAnUnnamedOneIsRefused() {
        kit.withdrawRegister();
        await().until(() -> kit.api().send(body("")).status() == 503);

        Answer unnamed = kit.api().send(body(""));
        Answer named = kit.api().send("{\"target\":{\"user\":\"u1\",\"device\":\"phone\"},\"payload\":\"x\"}");

        assertThat(unnamed.text("/error/reason")).isEqualTo("DEPENDENCY_DOWN");
        assertThat(unnamed.text("/error/dependency")).isEqualTo("register");
        assertThat(unnamed.header("Retry-After")).isPresent();
        assertThat(named.status()).isEqualTo(202);
        assertThat(kit.saver().isUnsent(PHONE)).isTrue();
    }

    @Test
    void withoutSaverNothingIsSent() {
        kit.register().connect(PHONE, kit.room(), 11);
        kit.withdrawSaver();
        await().until(() -> kit.api().send(body("")).status() == 503);

        Answer answer = kit.api().send(body(""));

        assertThat(answer.text("/error/reason")).isEqualTo("DEPENDENCY_DOWN");
        assertThat(answer.text("/error/dependency")).isEqualTo("saver");
        assertThat(answer.json().at("/error/retryable").asBoolean()).isTrue();
        assertThat(answer.json().at("/error/retry_after_ms").asLong()).isPositive();
    }

    @Test
    void aStoreThatIsDownIsNamed() {
        kit.saver().failStores(LonglineException.dependencyDown("redis", "Redis is away", null));

        Answer answer = kit.api().send(body(""));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("/error/dependency")).isEqualTo("redis");
        assertThat(answer.header("Retry-After")).isPresent();
    }

    @Test
    void aFullInboxIs429() {
        kit.register().know(PHONE);
        kit.saver().fill("phone");

        Answer answer = kit.api().send(body(""));

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.text("/error/reason")).isEqualTo("INBOX_FULL");
        assertThat(answer.header("Retry-After")).isPresent();
    }

    @Test
    void oneFullInboxOfTwoKeepsNothingFromTheOther() {
        kit.register().connect(PHONE, kit.room(), 11);
        kit.register().know(DESK);
        kit.saver().fill("desk");

        Answer answer = kit.api().send(body(""));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/results").findValuesAsText("status")).containsExactly("dropped", "written");
        assertThat(answer.text("/results/0/reason")).isEqualTo("inbox_full");
        Answer later = kit.api().get("/v1/messages/" + answer.text("/message_id"));
        assertThat(later.json().at("/results").findValuesAsText("device")).containsExactly("phone");
    }

    @Test
    void aRecordThatIsLostDoesNotFailAPushWhoseIdWasMadeHere() {
        kit.saver().failRecords(new LonglineException(ErrorCode.OVERLOADED, "records are full"));

        assertThat(kit.api().send(body("")).status()).isEqualTo(202);
        assertThat(kit.api()
                        .send("{\"message_id\":\"mine\",\"target\":{\"user\":\"u1\"},\"payload\":\"x\"}")
                        .status())
                .isEqualTo(503);
    }

    @Test
    void validateOnlyChangesNothing() {
        kit.register().connect(PHONE, kit.room(), 11);
        String body = "{\"message_id\":\"v\",\"target\":{\"user\":\"u1\"},\"payload\":\"x\",\"validate_only\":true}";

        Answer answer = kit.api().send(body);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/status")).isEqualTo("accepted");
        assertThat(answer.text("/message_id")).isEqualTo("v");
        assertThat(kit.saver().inboxOf(PHONE)).isEmpty();
        assertThat(kit.room().handed()).isEmpty();
        assertThat(kit.api().get("/v1/messages/v").status()).isEqualTo(404);
        assertThat(kit.api()
                        .send(body.replace("\"x\"", "\"y\"").replace("true", "false"))
                        .status())
                .isEqualTo(200);
    }
}
