package io.longline.center.due;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.Message;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code send_at_ms}, where nothing fails. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class ScheduledIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint PHONE = endpoint("u1", "phone");
    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;

    private final long now = System.currentTimeMillis();

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(
                ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h", "center.schedule.interval", "100ms"));
        kit.register().connect(PHONE, kit.room(), 11);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private static String body(long sendAtMs) {
        return body(sendAtMs, "");
    }

    private static String body(long sendAtMs, String moreOptions) {
        return "{\"message_id\":\"m-1\",\"target\":{\"user\":\"u1\"},\"payload\":\"x\",\"options\":{\"send_at_ms\":"
                + sendAtMs + moreOptions + "}}";
    }

    private Answer message() {
        return kit.api().get("/v1/messages/m-1");
    }

    private Answer recall() {
        return kit.api().exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody());
    }

    private void awaitSent() {
        await().until(() -> kit.saver().schedule().size() == 0);
    }

    @Test
    void untilItIsDueItIsScheduledAndNobodyHasIt() {
        Answer answer = kit.api().send(body(now + HOUR_MS));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().toString())
                .isEqualTo(
                        "{\"message_id\":\"m-1\",\"status\":\"scheduled\",\"results\":[{\"user\":\"u1\",\"status\":\"scheduled\"}]}");
        assertThat(message().json()).isEqualTo(answer.json());
        assertThat(kit.saver().inboxOf(PHONE)).isEmpty();
        assertThat(kit.room().handed()).isEmpty();
        Answer named = kit.api()
                .send(body(now + HOUR_MS).replace("m-1", "m-2").replace("\"u1\"", "\"u1\",\"device\":\"phone\""));
        assertThat(named.text("/results/0/device")).isEqualTo("phone");
    }

    @Test
    void whenItIsDueItIsSentToWhoIsThereThen() {
        long sendAt = System.currentTimeMillis() + 3000;
        kit.saver().schedule().hold(true);
        Answer answer = kit.api().send(body(sendAt, ",\"ttl_s\":60"));
        assertThat(answer.text("/status")).isEqualTo("scheduled");
        kit.register().connect(endpoint("u1", "pad"), kit.room(), 12);
        kit.saver().schedule().hold(false);
        awaitSent();

        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(sendAt);
        Message message = kit.saver().inboxOf(PHONE).getFirst();
        assertThat(message.getSentAtMs()).isEqualTo(sendAt);
        assertThat(message.getExpiresAtMs()).isEqualTo(sendAt + 60_000);
        assertThat(kit.saver().inboxOf(endpoint("u1", "pad"))).hasSize(1);
        assertThat(kit.room().handed()).hasSize(2);
        assertThat(message().text("/status")).isEqualTo("written");
        assertThat(message().json().get("results")).hasSize(2);
    }

    @Test
    void aTimeThatHasPassedMeansAtOnce() {
        Answer answer = kit.api().send(body(now - HOUR_MS));

        assertThat(answer.text("/status")).isEqualTo("written");
        assertThat(kit.saver().inboxOf(PHONE).getFirst().getSentAtMs()).isGreaterThanOrEqualTo(now);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void moreThan30DaysAheadIsRefused(String validateOnly) {
        String tooFar = body(now + 30 * DAY_MS + HOUR_MS);
        Answer answer =
                kit.api().send(tooFar.substring(0, tooFar.length() - 1) + ",\"validate_only\":" + validateOnly + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("/error/details/0/field")).isEqualTo("options.send_at_ms");
        assertThat(answer.text("/error/details/0/problem")).contains("at most 30 days ahead");
        assertThat(kit.saver().schedule().size()).isZero();
    }

    @Test
    void thirtyDaysAheadIsNotAndToValidateKeepsNothing() {
        String far = body(now + 30 * DAY_MS - HOUR_MS);
        Answer validated = kit.api().send(far.substring(0, far.length() - 1) + ",\"validate_only\":true}");
        assertThat(validated.status()).isEqualTo(200);
        assertThat(validated.text("/status")).isEqualTo("accepted");
        assertThat(kit.saver().schedule().size()).isZero();
        assertThat(kit.api().send(far).status()).isEqualTo(202);
    }

    @Test
    void theWaitForAcksIsNotForIt() {
        long began = System.nanoTime();
        assertThat(kit.api().send(body(now + HOUR_MS, ",\"wait_ms\":10000")).text("/status"))
                .isEqualTo("scheduled");
        assertThat(System.nanoTime() - began).isLessThan(9_000_000_000L);
    }

    @Test
    void theSameIdAgainIsAnsweredWithWhatBecameOfIt() {
        long sendAt = System.currentTimeMillis() + 4000;
        Answer first = kit.api().send(body(sendAt));
        Answer again = kit.api().send(body(sendAt));

        assertThat(first.header("Idempotent-Replay")).isEmpty();
        assertThat(again.header("Idempotent-Replay")).contains("true");
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(kit.api().send(body(sendAt + 1)).status()).isEqualTo(409);
        assertThat(kit.api().send(body(0)).status()).isEqualTo(409);
        awaitSent();
        Answer later = kit.api().send(body(sendAt));
        assertThat(later.header("Idempotent-Replay")).contains("true");
        assertThat(later.text("/status")).isEqualTo("written");
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
    }

    @Test
    void whatIsRecalledNobodyGets() {
        long sendAt = System.currentTimeMillis() + 3000;
        kit.api().send(body(sendAt));

        Answer recalled = recall();
        assertThat(recalled.status()).isEqualTo(200);
        assertThat(recalled.json().toString())
                .isEqualTo(
                        "{\"message_id\":\"m-1\",\"status\":\"recalled\",\"results\":[{\"user\":\"u1\",\"status\":\"recalled\"}]}");
        assertThat(recall().json()).isEqualTo(recalled.json());
        assertThat(message().json()).isEqualTo(recalled.json());
        Answer other = kit.api().send(body(sendAt).replace("m-1", "m-2"));
        assertThat(other.text("/status")).isEqualTo("scheduled");
        awaitSent(); // the other one, which was due at the same moment
        assertThat(kit.saver().messagesNamed("m-1")).isZero();
        Answer again = kit.api().send(body(sendAt));
        assertThat(again.text("/status")).isEqualTo("recalled");
        assertThat(kit.saver().messagesNamed("m-1")).isZero();
    }

    @Test
    void aListIsOneMessageThatIsSentToEachWhenItIsDue() {
        long sendAt = System.currentTimeMillis() + 3000;
        Answer answer = kit.api()
                .post(
                        "/v1/messages:multicast",
                        "{\"message_id\":\"m-1\",\"targets\":[{\"user\":\"u1\"},{\"user\":\"a/b\"},{\"user\":\"u2\",\"device\":\"tv\"}],"
                                + "\"payload\":\"x\",\"options\":{\"send_at_ms\":" + sendAt + "}}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/results/0/status")).isEqualTo("scheduled");
        assertThat(answer.text("/results/1/error/reason")).isEqualTo("INVALID_ARGUMENT");
        assertThat(answer.text("/results/2/results/0/device")).isEqualTo("tv");
        assertThat(message().json().get("results")).hasSize(2);
        awaitSent();
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(2);
        assertThat(message().text("/status")).isEqualTo("stored");
    }

    @Test
    void entriesOfABatchAreKeptEachByItself() {
        long sendAt = System.currentTimeMillis() + 3000;
        Answer answer = kit.api()
                .post(
                        "/v1/messages:batch",
                        "{\"messages\":[" + body(sendAt) + "," + body(0).replace("m-1", "m-2") + ","
                                + body(now + 40 * DAY_MS).replace("m-1", "m-3") + "]}");

        assertThat(answer.text("/responses/0/status")).isEqualTo("scheduled");
        assertThat(answer.text("/responses/1/status")).isEqualTo("written");
        assertThat(answer.text("/responses/2/error/reason")).isEqualTo("INVALID_ARGUMENT");
        awaitSent();
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
    }

    @Test
    void manyThatAreDueAtTheSameMomentAreAllSent() {
        long sendAt = System.currentTimeMillis() + 4000;
        StringBuilder messages = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            messages.append(i == 0 ? "" : ",").append(body(sendAt).replace("m-1", "many-" + i));
        }
        Answer answer = kit.api().post("/v1/messages:batch", "{\"messages\":[" + messages + "]}");
        assertThat(answer.json().get("success_count").asInt()).isEqualTo(400);
        awaitSent();

        assertThat(kit.saver().inboxOf(PHONE)).hasSize(400);
    }
}
