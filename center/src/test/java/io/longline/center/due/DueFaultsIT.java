package io.longline.center.due;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.CenterServer;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is due while something fails: sent later, once, and recalled truthfully. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class DueFaultsIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint PHONE = endpoint("u1", "phone");
    private static final Endpoint PAD = endpoint("u2", "pad");

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(
                ZOOKEEPER.uri(),
                Map.of("center.sweep.interval", "1h", "center.schedule.interval", "100ms", "center.patience", "4s"));
        kit.register().connect(PHONE, kit.room(), 11);
        kit.register().connect(PAD, kit.room(), 12);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    /** To the phone of one and the pad of another, in two seconds. */
    private void schedule(String id, String moreOptions) {
        Answer answer = kit.api()
                .post(
                        "/v1/messages:multicast",
                        "{\"message_id\":\"" + id
                                + "\",\"targets\":[{\"user\":\"u1\",\"device\":\"phone\"},{\"user\":\"u2\"}],\"payload\":\"x\",\"options\":{\"send_at_ms\":"
                                + (System.currentTimeMillis() + 2000) + moreOptions + "}}");
        assertThat(answer.status()).isEqualTo(202);
    }

    private Answer message(String id) {
        return kit.api().get("/v1/messages/" + id);
    }

    private Answer recall(String id) {
        return kit.api().exchange("DELETE", "/v1/messages/" + id, BodyPublishers.noBody());
    }

    private void awaitTried(String id, int times) {
        await().until(() -> kit.saver().schedule().tries("shop", id) >= times);
    }

    private void awaitSent() {
        await().until(() -> kit.saver().schedule().size() == 0);
    }

    @Test
    void whereAnInboxIsFullItIsTriedAgainAndTheOthersHaveItAtOnce() {
        kit.saver().fill("pad");
        schedule("m-1", "");
        await().until(() -> kit.saver().messagesNamed("m-1") == 1);
        awaitTried("m-1", 2);

        Answer meanwhile = message("m-1");
        assertThat(meanwhile.text("/status")).isEqualTo("scheduled");
        assertThat(meanwhile.json().toString())
                .contains("{\"user\":\"u2\",\"status\":\"scheduled\"}")
                .contains("\"device\":\"phone\",\"status\":\"written\"");
        kit.saver().empty("pad");
        awaitSent();
        assertThat(kit.saver().inboxOf(PAD)).hasSize(1);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(2);
        assertThat(message("m-1").text("/status")).isEqualTo("written");
        assertThat(kit.room().handed()).as("each once").hasSize(2);
    }

    @Test
    void itIsRecalledWhereItDoesNotStandYetAndStaysWhereItWasWritten() {
        kit.saver().fill("pad");
        schedule("m-1", "");
        awaitTried("m-1", 1);
        await().untilAsserted(() -> assertThat(recall("m-1").json().toString())
                .contains("{\"user\":\"u2\",\"status\":\"recalled\"}")
                .contains("\"device\":\"phone\",\"status\":\"written\""));

        kit.saver().empty("pad");
        assertThat(kit.saver().schedule().size()).isZero();
        assertThat(kit.saver().inboxOf(PAD)).isEmpty();
    }

    @Test
    void whatFailsForAWhileIsSentOnceWhenItIsWellAgain() {
        kit.saver().failStores(LonglineException.dependencyDown("redis", "redis is away", null));
        schedule("m-1", "");
        awaitTried("m-1", 2);
        assertThat(message("m-1").text("/status")).isEqualTo("scheduled");
        assertThat(kit.saver().schedule().size()).isEqualTo(1);

        kit.saver().failStores(null);
        awaitSent();
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(2);
        assertThat(message("m-1").text("/status")).isEqualTo("written");
    }

    @Test
    void whileNobodyCanSayWhetherItIsStoredItIsNotSaidToBeRecalled() {
        kit.saver().failStores(LonglineException.dependencyDown("redis", "redis is away", null));
        schedule("m-1", "");
        awaitTried("m-1", 1);

        Answer refused = recall("m-1");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.text("/error/retryable")).isEqualTo("true");
        assertThat(message("m-1").text("/status")).isEqualTo("scheduled");
        kit.saver().failStores(null);
        awaitSent();
        assertThat(recall("m-1").text("/status")).isEqualTo("written");
    }

    @Test
    void aRecallThatComesWhileItIsBeingSentTellsWhatBecameOfIt() {
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateStores(gate);
        schedule("m-1", "");
        awaitTried("m-1", 1);
        CompletableFuture<Answer> recalled = CompletableFuture.supplyAsync(() -> recall("m-1"));
        await().until(() -> kit.saver().schedule().refusedRecalls() > 0);
        gate.countDown();

        assertThat(recalled.join().text("/status")).isEqualTo("written");
    }

    @Test
    void whatWasBegunAndNotFinishedIsSentAgainAndNothingTwice() {
        kit.saver().schedule().begunAtMost(Duration.ofMillis(500));
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateStoreAnswers(gate);
        schedule("m-1", "");
        awaitTried("m-1", 2);
        assertThat(kit.saver().messagesNamed("m-1")).as("stored, and not told").isPositive();
        gate.countDown();
        awaitSent();

        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(2);
        assertThat(message("m-1").text("/status")).isEqualTo("written");
    }

    @Test
    void whenTheCenterThatSendsWhatIsDueEndsAnotherDoes() {
        CenterServer other = kit.addCenter("center-2");
        schedule("m-1", "");
        kit.center().close();
        awaitSent();

        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(2);
        assertThat(kit.api(other, "shop").get("/v1/messages/m-1").text("/status"))
                .isEqualTo("written");
    }

    @Test
    void whatIsStillNotStoredAtTheEndOfItsTimeHasExpired() {
        kit.saver().fill("pad");
        schedule("m-1", ",\"ttl_s\":2");
        awaitSent();

        assertThat(message("m-1").json().toString()).contains("{\"user\":\"u2\",\"status\":\"expired\"}");
        assertThat(kit.saver().inboxOf(PAD)).isEmpty();
    }

    @Test
    void whatFailsForGoodIsDroppedAndHoldsUpNobody() {
        kit.saver().failStores(new LonglineException(ErrorCode.INVALID_ARGUMENT, "no such inbox"));
        schedule("m-1", "");
        awaitSent();
        kit.saver().failStores(null);
        schedule("m-2", "");
        awaitSent();

        assertThat(message("m-1").text("/status")).isEqualTo("dropped");
        assertThat(message("m-1").text("/results/0/reason")).isEqualTo("failed");
        assertThat(message("m-2").text("/status")).isEqualTo("written");
    }

    @Test
    void aRecordThatFailsIsWrittenByTheNextTry() {
        kit.saver().failRecords(LonglineException.dependencyDown("redis", "redis is away", null));
        schedule("m-1", "");
        awaitTried("m-1", 2);
        kit.saver().failRecords(null);
        awaitSent();

        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(2);
        assertThat(message("m-1").json().get("results")).hasSize(2);
    }

    @Test
    void whatWasDueWhileNoSaverWasThereIsSentWhenOneIs() {
        kit.saver().failStores(LonglineException.dependencyDown("redis", "redis is away", null));
        kit.register().fail(LonglineException.dependencyDown("redis", "redis is away", null));
        schedule("m-1", ",\"ttl_s\":3600");
        awaitTried("m-1", 2);
        kit.register().fail(null);
        kit.saver().failStores(null);
        awaitSent();

        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(2);
    }
}
