package io.longline.center.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.CenterServer;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.center.kit.FakeRoom;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.ReachRequest;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages to topics, as back ends see them. Nobody tells rooms but the sends themselves. */
@Timeout(60)
class TopicIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final String BODY = "{\"message_id\":\"m-1\",\"payload\":{\"n\":1},\"options\":{\"ttl_s\":60}}";

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        // Rooms are waited for as long as the machine needs; who tests that wait sets it.
        kit = kit(Map.of());
    }

    private static CenterKit kit(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "center.sweep.interval", "1h", "center.topics.interval", "1h", "center.topics.tell-wait", "15s"));
        all.putAll(settings);
        return new CenterKit(ZOOKEEPER.uri(), all);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private Answer send(String topic, String body) {
        return kit.api().post("/v1/topics/" + topic + ":send", body);
    }

    private Answer job(Answer sent) {
        return kit.api().get("/v1/jobs/" + sent.text("/job_id"));
    }

    private Answer delete(String path) {
        return kit.api().exchange("DELETE", path, BodyPublishers.noBody());
    }

    @Test
    void aMessageIsAppendedAndTheRoomsAreTold() {
        kit.room().follow(5, 2);

        Answer first = send("news", "{\"payload\":\"zero\"}");
        Answer sent = send("news", BODY);

        assertThat(sent.status()).isEqualTo(202);
        assertThat(sent.text("/message_id")).isEqualTo("m-1");
        assertThat(sent.header("Location")).contains("/v1/jobs/" + sent.text("/job_id"));
        long offset = sent.json().get("offset").asLong();
        assertThat(sent.text("/job_id"))
                .isEqualTo(SendId.of("shop", "news", offset).text());
        Message stored = kit.saver().topics().messages("shop", "news").getLast();
        assertThat(stored.getText()).isEqualTo("{\"n\":1}");
        ReachRequest told = kit.room().reached().getLast();
        assertThat(told.getTopic()).isEqualTo("news");
        assertThat(told.getOffset()).isEqualTo(offset);
        assertThat(told.getBefore()).isEqualTo(first.json().get("offset").asLong());
        assertThat(told.getMessage()).isEqualTo(stored);
        assertThat(told.getMessage().getExpiresAtMs() - told.getMessage().getSentAtMs())
                .isEqualTo(60_000);
    }

    @Test
    void aSendIsAJobThatTellsHowManyItReachedInEachRoom() {
        FakeRoom other = kit.addRoom("room-2");
        kit.room().follow(5, 2);
        other.follow(3, 0);

        Answer sent = send("news", BODY);
        Answer job = job(sent);

        assertThat(job.status()).isEqualTo(200);
        assertThat(job.text("/state")).isEqualTo("running");
        assertThat(job.text("/message_id")).isEqualTo("m-1");
        assertThat(job.text("/topic")).isEqualTo("news");
        assertThat(job.json().get("targeted").asInt()).isEqualTo(8);
        assertThat(job.json().get("sent").asInt()).isEqualTo(6);
        assertThat(job.json().get("per_room"))
                .hasToString("{\"room-1\":{\"followers\":5,\"written\":3},\"room-2\":{\"followers\":3,\"written\":3}}");
        assertThat(kit.api("news").get("/v1/jobs/" + sent.text("/job_id")).text("/error/reason"))
                .as("another product has none of that id")
                .isEqualTo("JOB_NOT_FOUND");
    }

    @Test
    void aJobOfASendCannotBeChanged() {
        String job = "/v1/jobs/" + send("news", BODY).text("/job_id");

        Answer changed = kit.api().exchange("PATCH", job, BodyPublishers.ofString("{\"state\":\"cancelled\"}"));
        Answer none = kit.api().exchange("PATCH", "/v1/jobs/t7-1", BodyPublishers.ofString("{\"state\":\"paused\"}"));
        Answer wrong = kit.api().exchange("PATCH", job, BodyPublishers.ofString("{\"state\":\"gone\"}"));

        assertThat(changed.status()).isEqualTo(409);
        assertThat(changed.text("/error/reason")).isEqualTo("JOB_STATE_CONFLICT");
        assertThat(none.text("/error/reason")).isEqualTo("JOB_NOT_FOUND");
        assertThat(wrong.status()).isEqualTo(400);
    }

    @Test
    void theSameIdAgainIsTheSameSendAndTellsNobody() {
        Answer first = send("news", BODY);
        Answer again = send("news", BODY.replace("{\"n\":1}", "{ \"n\" : 1 }"));

        assertThat(first.header("Idempotent-Replay")).isEmpty();
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Idempotent-Replay")).contains("true");
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(kit.saver().topics().messages("shop", "news")).hasSize(1);
        assertThat(kit.room().reached()).hasSize(1);
    }

    @Test
    void theSameIdAtAnotherCenterIsTheSameSend() {
        CenterServer other = kit.addCenter("center-2");

        Answer first = send("news", BODY);
        Answer again = kit.api(other, "shop").post("/v1/topics/news:send", BODY);

        assertThat(again.header("Idempotent-Replay")).contains("true");
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(kit.saver().topics().messages("shop", "news")).hasSize(1);
    }

    @Test
    void anIdHasOneBodyOneTopicAndIsThatOfAUsersMessageOrATopics() {
        send("news", BODY);
        kit.api().send("{\"message_id\":\"m-2\",\"target\":{\"user\":\"news\"},\"payload\":\"x\"}");

        for (Answer answer : List.of(
                send("news", BODY.replace("\"n\":1", "\"n\":2")),
                send("news", BODY.replace("60", "61")),
                send("sports", BODY),
                send("news", BODY.replace("m-1", "m-2")),
                kit.api().send("{\"message_id\":\"m-1\",\"target\":{\"user\":\"news\"},\"payload\":{\"n\":1}}"))) {
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.text("/error/reason")).isEqualTo("IDEMPOTENCY_CONFLICT");
        }
        assertThat(kit.saver().topics().messages("shop", "news")).hasSize(1);
        assertThat(kit.api("news")
                        .post("/v1/topics/news:send", BODY.replace("60", "61"))
                        .status())
                .as("another product has its own ids")
                .isEqualTo(202);
    }

    @Test
    void whatWasAppendedWithoutAnAnswerIsFoundByRepeatingTheId() {
        kit.saver().topics().publishUnheard(1);

        Answer failed = send("news", BODY);
        Answer again = send("news", BODY);

        assertThat(failed.status()).isEqualTo(503);
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Idempotent-Replay")).contains("true");
        assertThat(kit.saver().topics().messages("shop", "news")).hasSize(1);
        assertThat(job(again).status()).isEqualTo(200);
    }

    @Test
    void whatAnotherSaverHadAppendedAlreadyIsToldAsNew() {
        kit.addSaver("saver-2");
        kit.saver().topics().publishUnheard(1);

        Answer sent = send("news", BODY);

        assertThat(sent.status()).isEqualTo(202);
        assertThat(kit.saver().topics().messages("shop", "news")).hasSize(1);
        assertThat(kit.room().reached()).hasSize(1);
        assertThat(kit.room().reached().getFirst().getMessage())
                .isEqualTo(kit.saver().topics().messages("shop", "news").getFirst());
    }

    @Test
    void validateOnlyChangesNothing() {
        Answer answer = send("news", BODY.replace("\"options\"", "\"validate_only\":true,\"options\""));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json())
                .hasToString("{\"message_id\":\"m-1\",\"status\":\"accepted\",\"targeted\":0,\"exact\":true,"
                        + "\"users\":0,\"sample\":[]}");
        assertThat(kit.saver().topics().messages("shop", "news")).isEmpty();
        assertThat(send("news", BODY.replace("60", "61")).header("Idempotent-Replay"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%20b", "a%2Fb"})
    void aNameThatIsNoneIsRefusedByName(String topic) {
        Answer answer = kit.api().get("/v1/topics/" + topic + "/messages");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("/error/details/0/field")).isEqualTo("topic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "*all", "a%20b", "a%2Fb"})
    void soIsATopicOfBroadcastsWhichEverybodyFollows(String topic) {
        for (Answer answer : List.of(
                send(topic, BODY),
                kit.api().get("/v1/topics/" + topic + "/users"),
                kit.api().exchange("PUT", "/v1/users/u1/topics/" + topic, BodyPublishers.noBody()),
                delete("/v1/users/u1/topics/" + topic))) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text("/error/details/0/field")).isEqualTo("topic");
        }
    }

    @Test
    void aWrongBodyNamesItsFields() {
        Answer answer = send("news", "{\"payload\":\"x\",\"options\":{\"qos\":0,\"wait_ms\":5}}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/details").findValuesAsText("field"))
                .containsExactlyInAnyOrder("options.qos", "options.wait_ms");
    }

    @Test
    void aRoomThatDoesNotAnswerHoldsUpASendForAMomentAndNoOtherRoom() {
        kit.close();
        kit = kit(Map.of("center.topics.tell-wait", "500ms", "center.hand-over-wait", "5s"));
        FakeRoom stopped = kit.addRoom("room-2");
        kit.room().follow(5, 0);
        stopped.stop();
        long begin = System.nanoTime();

        Answer sent = send("news", BODY);

        assertThat(sent.status()).isEqualTo(202);
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .as("and not the patience of 15 s")
                .isLessThan(Duration.ofSeconds(10));
        assertThat(kit.room().reached()).hasSize(1);
        await().until(() -> job(sent).json().get("sent").asInt() == 5);
        assertThat(job(sent).json().at("/per_room").has("room-2")).isFalse();
        assertThat(job(sent).text("/state")).isEqualTo("running");
    }

    @Test
    void withoutSaverNothingIsSentAndItIsNamed() {
        kit.saver().topics().fail(LonglineException.dependencyDown("redis", "Redis is away", null));

        for (Answer answer : List.of(
                send("news", BODY),
                kit.api().get("/v1/topics"),
                kit.api().get("/v1/topics/news/messages"),
                kit.api().get("/v1/jobs/t7-1"),
                kit.api().exchange("PUT", "/v1/users/u1/topics/news", BodyPublishers.noBody()))) {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text("/error/dependency")).isEqualTo("redis");
            assertThat(answer.header("Retry-After")).isPresent();
        }
        kit.saver().topics().fail(null);
        assertThat(send("news", BODY).status()).isEqualTo(202);
        kit.withdrawSaver();
        await().until(() -> send("news", "{\"payload\":\"x\"}").status() == 503);
        assertThat(send("news", "{\"payload\":\"x\"}").text("/error/dependency"))
                .isEqualTo("saver");
    }

    @Test
    void aSendCountsAsOneMessageOfItsProductAndARepeatIsAnsweredAllTheSame() {
        kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/shop",
                        BodyPublishers.ofString("{\"limits\":{\"rate_per_s\":5,\"user_messages_per_day\":1}}"));
        kit.quotas().allow(1);

        Answer first = send("news", BODY);
        Answer over = send("news", "{\"payload\":\"x\"}");
        Answer again = send("news", BODY);

        assertThat(first.status()).isEqualTo(202);
        assertThat(over.status()).isEqualTo(429);
        assertThat(over.text("/error/reason")).isEqualTo("PRODUCT_RATE_EXCEEDED");
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(kit.quotas().spends()).as("nobody's share is touched").isEmpty();
        await().until(() -> kit.stats().counted("shop").getAccepted() == 1);
        await().until(() -> kit.stats().counted("shop").getRefused() == 1);
    }

    @Test
    void topicsAreListedOnceInPages() {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 130; i++) {
            send("topic-" + i, "{\"payload\":\"x\"}");
            expected.add("topic-" + i);
        }
        long last = send("topic-7", "{\"payload\":\"y\"}").json().get("offset").asLong();

        List<String> listed = new ArrayList<>();
        String after = "";
        while (after != null) {
            Answer page = kit.api().get("/v1/topics" + after);
            page.json().get("items").forEach(topic -> {
                listed.add(topic.get("topic").asText());
                if (topic.get("topic").asText().equals("topic-7")) {
                    assertThat(topic.get("offset").asLong()).isEqualTo(last);
                    assertThat(topic.get("messages").asInt()).isEqualTo(2);
                }
            });
            after = page.json().get("next").isNull()
                    ? null
                    : "?after=" + page.json().get("next").asText();
        }

        assertThat(listed).doesNotHaveDuplicates().hasSize(130);
        assertThat(Set.copyOf(listed)).isEqualTo(expected);
        assertThat(kit.api("news").get("/v1/topics").json()).hasToString("{\"items\":[],\"next\":null}");
    }

    @Test
    void theMessagesOfATopicAreListedInPagesWithoutTheirPayloads() {
        for (int i = 0; i < 130; i++) {
            send("news", "{\"message_id\":\"n-" + i + "\",\"payload\":\"x\",\"options\":{\"collapse_key\":\"k\"}}");
        }

        Answer first = kit.api().get("/v1/topics/news/messages");
        Answer second = kit.api()
                .get("/v1/topics/news/messages?after="
                        + first.json().get("next").asText());

        assertThat(first.json().get("items").findValuesAsText("message_id"))
                .hasSize(100)
                .startsWith("n-0")
                .endsWith("n-99");
        assertThat(first.json().has("gap")).isFalse();
        assertThat(first.json().at("/items/0").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("offset", "message_id", "sent_at_ms", "expires_at_ms", "priority", "collapse_key");
        assertThat(second.json().get("items").findValuesAsText("message_id"))
                .hasSize(30)
                .endsWith("n-129");
        assertThat(second.json().get("next").isNull()).isTrue();
        assertThat(kit.api().get("/v1/topics/nobody/messages").json()).hasToString("{\"items\":[],\"next\":null}");
    }

    @Test
    void whereMessagesLeftEarlyTheListSaysSo() {
        for (int i = 0; i < 3; i++) {
            send("news", "{\"payload\":\"x\"}");
        }
        kit.saver().topics().trim("shop", "news", 1);

        Answer all = kit.api().get("/v1/topics/news/messages");
        Answer later = kit.api()
                .get("/v1/topics/news/messages?after="
                        + all.json().at("/items/0/offset").asText());

        assertThat(all.json().get("gap")).isEqualTo(all.json().at("/items/0/offset"));
        assertThat(later.json().has("gap")).isFalse();
        assertThat(later.json().get("items")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/topics?after=yesterday",
                "/v1/topics?limit=5",
                "/v1/topics/news/messages?after=-1",
                "/v1/topics/news/messages?after=12345678901234567",
                "/v1/topics/news/messages?limit=5",
                "/v1/topics/news/users?after=300.u"
            })
    void aPageThatThereCannotBeIsRefused(String path) {
        assertThat(kit.api().get(path).status()).isEqualTo(400);
    }
}
