package io.longline.center.many;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.center.CenterServer;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.State;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MulticastIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
        kit.register().connect(endpoint("u1", "phone"), kit.room(), 11);
        kit.register().know(endpoint("u2", "desk"));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private Answer send(String targets, String more) {
        return kit.api()
                .post("/v1/messages:multicast", "{\"targets\":[" + targets + "],\"payload\":\"x\"" + more + "}");
    }

    private static String user(String name) {
        return "{\"user\":\"" + name + "\"}";
    }

    @Test
    void eachTargetHasItsResultsInTheOrderOfTheList() {
        Answer answer = send(
                user("u2") + "," + user("u1") + ",{\"user\":\"stranger\"},{\"user\":\"u3\",\"device\":\"tv\"}",
                ",\"message_id\":\"m-1\"");

        assertThat(answer.status()).isEqualTo(202);
        JsonNode results = answer.json().get("results");
        assertThat(answer.text("/message_id")).isEqualTo("m-1");
        assertThat(results).hasSize(4);
        assertThat(results.at("/0/status").asText()).isEqualTo("stored");
        assertThat(results.at("/0/results/0/device").asText()).isEqualTo("desk");
        assertThat(results.at("/1/status").asText()).isEqualTo("written");
        assertThat(results.at("/2/results/0/device").asText()).isEqualTo("default");
        assertThat(results.at("/3/device").asText()).isEqualTo("tv");
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(4);
        Answer message = kit.api().get("/v1/messages/m-1");
        assertThat(message.text("/status")).isEqualTo("stored");
        assertThat(message.json().get("results")).hasSize(4);
    }

    @Test
    void allWrittenIs200() {
        assertThat(send(user("u1"), "").status()).isEqualTo(200);
    }

    @Test
    void whatIsWrongOrStandsThereTwiceFailsAlone() {
        Answer answer = send(
                user("u1") + ",{\"user\":\"a/b\"}," + user("u1")
                        + ",{\"device\":\"x\"},7,{\"user\":\"u2\",\"colour\":1},"
                        + "{\"user\":\"u2\",\"device\":\"desk\"},{\"user\":\"u2\",\"device\":\"tv\"},"
                        + "{\"user\":\"u2\",\"device\":\"desk\"},{\"user\":\"u2\"}",
                ",\"message_id\":\"m-1\"");

        JsonNode results = answer.json().get("results");
        assertThat(results).hasSize(10);
        assertThat(results.at("/0/status").asText()).isEqualTo("written");
        assertThat(results.at("/1/error/details/0/field").asText()).isEqualTo("targets[1].user");
        assertThat(results.at("/2/error/message").asText()).contains("targets[2]", "targets[0]");
        assertThat(results.at("/3/error/details/0/field").asText()).isEqualTo("targets[3].user");
        assertThat(results.at("/4/error/details/0/field").asText()).isEqualTo("targets[4]");
        assertThat(results.at("/5/error/details/0/problem").asText()).contains("unknown field");
        assertThat(results.at("/6/status").asText()).isEqualTo("stored");
        assertThat(results.at("/7/status").asText()).isEqualTo("stored");
        assertThat(results.at("/8/error/reason").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(results.at("/9/error/reason").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(3);
    }

    @Test
    void whereAllAreWrongNothingIsSentAndTheIdIsFree() {
        Answer answer = send("{\"user\":\"\"}", ",\"message_id\":\"m-1\"");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/results/0/error/reason")).isEqualTo("INVALID_ARGUMENT");
        assertThat(kit.api().get("/v1/messages/m-1").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"payload":"x"}                                             | targets
            {"targets":[],"payload":"x"}                                | targets
            {"targets":{},"payload":"x"}                                | targets
            {"targets":[{"user":"u1"}]}                                 | payload
            {"targets":[{"user":"u1"}],"payload":"x","target":{}}       | target
            {"targets":[{"user":"u1"}],"payload":"x","options":{"a":1}} | options.a
            """)
    void aFrameThatIsWrongIsRefusedWhole(String body, String field) {
        Answer answer = kit.api().post("/v1/messages:multicast", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/details").findValuesAsText("field")).contains(field);
        assertThat(kit.room().handed()).isEmpty();
    }

    @Test
    void aThousandAreSentToAndOneMoreIsRefused() {
        String thousand = IntStream.range(0, 1_000).mapToObj(i -> user("n" + i)).collect(Collectors.joining(","));

        Answer sent = send(thousand, ",\"message_id\":\"m-1\"");
        Answer refused = send(thousand + "," + user("one-more"), ",\"message_id\":\"m-2\"");

        assertThat(sent.status()).isEqualTo(202);
        assertThat(sent.json().get("results")).hasSize(1_000);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1_000);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/details/0/problem")).isEqualTo("expected a list of 1 to 1000, got 1001");
        assertThat(kit.saver().messagesNamed("m-2")).isZero();
    }

    @Test
    void anInboxThatIsFullFailsAloneAndIsSentToByTheRepeat() {
        kit.saver().fill("desk");
        String targets = user("u1") + "," + user("u2");

        Answer first = send(targets, ",\"message_id\":\"m-1\"");
        kit.saver().empty("desk");
        Answer again = send(targets, ",\"message_id\":\"m-1\"");
        Answer third = send(targets, ",\"message_id\":\"m-1\"");

        assertThat(first.text("/results/1/error/reason")).isEqualTo("INBOX_FULL");
        assertThat(first.text("/results/1/user")).isEqualTo("u2");
        assertThat(first.status()).isEqualTo(200);
        assertThat(again.header("Idempotent-Replay")).contains("true");
        assertThat(again.text("/results/1/status")).isEqualTo("stored");
        assertThat(again.json().at("/results/0/results/0/seq"))
                .isEqualTo(first.json().at("/results/0/results/0/seq"));
        assertThat(third.json()).isEqualTo(again.json());
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(2);
        assertThat(kit.room().handed()).hasSize(1);
    }

    @Test
    void whatIsRecalledGoesToNobodyMoreAlsoWhereItFailedAndIsRepeated() {
        kit.saver().down("desk");
        String targets = user("u3") + "," + user("u2");
        Answer first = send(targets, ",\"message_id\":\"m-1\"");
        Answer recalled = kit.api().exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody());
        kit.saver().down(null);
        Answer again = send(targets, ",\"message_id\":\"m-1\"");

        assertThat(first.text("/results/1/error/reason")).isEqualTo("DEPENDENCY_DOWN");
        assertThat(recalled.status()).isEqualTo(200);
        assertThat(again.text("/results/0/status")).isEqualTo("recalled");
        assertThat(again.text("/results/1/status")).isEqualTo("recalled");
        assertThat(kit.saver().messagesNamed("m-1")).isZero();
    }

    @Test
    void whatIsRecalledWhileALongListIsBeingSentGoesNoFurther() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        kit.saver().gateRecords(gate);
        String targets = IntStream.range(0, 300).mapToObj(i -> user("n" + i)).collect(Collectors.joining(","));
        try (ExecutorService backEnd = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> sending = backEnd.submit(() -> send(targets, ",\"message_id\":\"m-1\""));
            await().until(() -> kit.saver().messagesNamed("m-1") == 250);
            kit.api().exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody());
            gate.countDown();

            assertThat(sending.get().json().at("/results").findValuesAsText("status"))
                    .containsOnly("recalled");
        }
        assertThat(kit.saver().messagesNamed("m-1")).isZero();
        assertThat(kit.saver().state(endpoint("n299", "default"), "m-1")).isEmpty();
    }

    @Test
    void aListThatBrokeOffIsRecalledWhole() {
        CenterServer other = kit.addCenter("center-2");
        kit.saver().gateRecords(new CountDownLatch(1));
        String targets = IntStream.range(0, 300).mapToObj(i -> user("n" + i)).collect(Collectors.joining(","));
        try (ExecutorService backEnd = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> broken = backEnd.submit(() -> send(targets, ",\"message_id\":\"m-1\""));
            await().until(() -> kit.saver().messagesNamed("m-1") == 250);
            kit.center().close();
            await().until(broken::isDone);
        }

        Answer recalled = kit.api(other, "shop").exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody());
        assertThat(recalled.json().get("results")).hasSize(300);
        assertThat(recalled.json().at("/results").findValuesAsText("status")).containsOnly("recalled");
        assertThat(kit.saver().messagesNamed("m-1")).isZero();
    }

    @Test
    void whatFailedAtOneTargetAndIsStoredThereIsRecalledWithTheOthers() {
        kit.saver().storeUnheard(1);
        Answer first = send(user("u3") + "," + user("u2"), ",\"message_id\":\"m-1\"");
        assertThat(first.json().findValuesAsText("reason")).contains("DEPENDENCY_DOWN");
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(2);

        Answer recalled = kit.api().exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody());
        assertThat(recalled.json().get("results")).hasSize(2);
        assertThat(kit.saver().messagesNamed("m-1")).isZero();
    }

    @Test
    void aTargetThatFailedIsSentToAtTheDeviceThatWasTheLatestTheFirstTime() {
        kit.register().know(endpoint("u3", "tv"));
        kit.saver().down("desk");
        String latest = ",\"message_id\":\"m-1\",\"options\":{\"devices\":\"latest\"}";
        send(user("u3") + "," + user("u2"), latest);
        kit.saver().down(null);
        kit.register().know(endpoint("u2", "pad"));

        Answer again = send(user("u3") + "," + user("u2"), latest);
        assertThat(again.text("/results/1/results/0/device")).isEqualTo("desk");
        assertThat(kit.saver().inboxOf(endpoint("u2", "pad"))).isEmpty();
    }

    @Test
    void whatIsStoredAtOneDeviceAndFailedAtAnotherIsRecalledToo() {
        kit.register().know(endpoint("u2", "pad"));
        kit.saver().down("desk");
        Answer first = send(user("u3") + "," + user("u2"), ",\"message_id\":\"m-1\"");
        assertThat(first.text("/results/1/error/reason")).isEqualTo("DEPENDENCY_DOWN");
        assertThat(kit.saver().inboxOf(endpoint("u2", "pad"))).hasSize(1);

        kit.api().exchange("DELETE", "/v1/messages/m-1", BodyPublishers.noBody());
        assertThat(kit.saver().state(endpoint("u2", "pad"), "m-1")).contains(State.RECALLED);
    }

    @Test
    void whatIsStoredAtOneDeviceAndFailedAtAnotherIsSentThereByTheRepeat() {
        kit.register().know(endpoint("u2", "pad"));
        kit.saver().down("desk");
        send(user("u3") + "," + user("u2"), ",\"message_id\":\"m-1\"");
        kit.saver().down(null);

        Answer again = send(user("u3") + "," + user("u2"), ",\"message_id\":\"m-1\"");
        assertThat(again.json().at("/results/1/results")).hasSize(2);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(3);
    }

    @Test
    void whereNothingCanBeStoredThatIsTheAnswer() {
        kit.saver().failStores(LonglineException.dependencyDown("redis", "redis does not answer", null));

        Answer answer = send(user("u1") + "," + user("u2"), "");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("/error/dependency")).isEqualTo("redis");
    }

    @Test
    void theSameIdWithAnotherListIsAConflict() {
        send(user("u1"), ",\"message_id\":\"m-1\"");

        assertThat(send(user("u2"), ",\"message_id\":\"m-1\"").status()).isEqualTo(409);
        assertThat(kit.api()
                        .send("{\"message_id\":\"m-1\",\"target\":{\"user\":\"u1\"},\"payload\":\"x\"}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void whatIsNotStoredGoesToWhoIsConnected() {
        Answer answer = send(user("u1") + "," + user("u2"), ",\"options\":{\"qos\":0}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/results/0/status")).isEqualTo("written");
        assertThat(answer.text("/results/1/results/0/reason")).isEqualTo("offline");
    }

    @Test
    void validateOnlyTellsWhatIsWrongAndSendsNothing() {
        Answer answer = send(user("u1") + ",{}", ",\"message_id\":\"m-1\",\"validate_only\":true");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/results/0/status")).isEqualTo("accepted");
        assertThat(answer.text("/results/1/error/reason")).isEqualTo("INVALID_ARGUMENT");
        assertThat(kit.room().handed()).isEmpty();
        assertThat(kit.api().get("/v1/messages/m-1").status()).isEqualTo(404);
    }
}
