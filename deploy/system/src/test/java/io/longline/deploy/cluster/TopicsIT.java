package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.keeper.product.Durability;
import io.longline.sdk.ConnectionListener;
import io.longline.sdk.LonglineBuilder;
import io.longline.sdk.LonglineClient;
import io.longline.sdk.Message;
import io.longline.sdk.state.MemoryStateStore;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics through the whole cluster. The clients of {@code demo} may follow any. */
final class TopicsIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("follower");
    private final String topic = SharedCluster.fresh("topic");
    private final List<Message> got = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    // ---- what tests say and see ----

    private Answer send(String text) {
        return send(text, "{}");
    }

    private Answer send(String text, String options) {
        return send(cluster.api(), text, options);
    }

    private Answer send(CenterApi api, String text, String options) {
        Answer answer = api.sendToTopic(SharedCluster.fresh("send"), topic, text, options);
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
        return answer;
    }

    private static long offset(Answer sent) {
        return sent.body().get("offset").asLong();
    }

    private static String jobId(Answer sent) {
        return sent.body().get("job_id").asText();
    }

    /** All rooms have been told of it. */
    private static JsonNode done(Answer sent) {
        return await().atMost(SOON)
                .until(
                        () -> cluster.api().get("/v1/jobs/" + jobId(sent)).body(),
                        job -> job.path("state").asText().equals("done"));
    }

    private JsonLink connected(int room) {
        return connected(room, "phone");
    }

    private JsonLink connected(int room, String device) {
        JsonLink link = cluster.connect(room, TestProduct.DEMO, user, device);
        link.frames().skipTo("caught_up", "subscribed");
        return link;
    }

    private JsonLink following(int room) {
        JsonLink link = connected(room);
        link.subscribe(topic, "").frames().next("subscribed");
        return link;
    }

    private static String text(JsonNode push) {
        return push.get("text").asText();
    }

    private LonglineBuilder builder(MemoryStateStore store) {
        return LonglineClient.builder()
                .dispatcher(cluster.dispatcher().toString())
                .product("demo")
                .user(user)
                .device("phone")
                .token(() -> TestProduct.DEMO.token(user))
                .stateStore(store)
                .listener(got::add)
                .connectionListener(new ConnectionListener() {
                    @Override
                    public void onFollowing(String product, String ofUser, String name, long offset) {
                        heard.add("following " + name);
                    }

                    @Override
                    public void onTopicRefused(
                            String product, String ofUser, String name, String reason, String message) {
                        heard.add(reason + " " + name);
                    }
                });
    }

    private List<String> texts() {
        return got.stream().map(message -> String.valueOf(message.text())).toList();
    }

    private void awaitTexts(String... texts) {
        await().atMost(SOON).untilAsserted(() -> assertThat(texts()).containsExactly(texts));
    }

    // ---- following, on a link by hand ----

    @Test
    void whatIsSentArrivesIsAcknowledgedAndDoesNotComeAgain() {
        try (JsonLink link = connected(0)) {
            link.subscribe(topic, "");
            JsonNode subscribed = link.frames().next("subscribed");
            assertThat(subscribed.get("ref").asInt()).isEqualTo(1);
            assertThat(subscribed.get("topic").asText()).isEqualTo(topic);

            Answer sent = send("hello", "{\"ttl_s\":600,\"priority\":\"high\"}");

            assertThat(offset(sent)).isGreaterThan(subscribed.get("offset").asLong());
            assertThat(jobId(sent)).matches("t[0-9]+-" + offset(sent));
            JsonNode push = link.frames().next("push");
            assertThat(text(push)).isEqualTo("hello");
            assertThat(push.get("topic").asText()).isEqualTo(topic);
            assertThat(push.get("offset").asLong()).isEqualTo(offset(sent));
            assertThat(push.get("message_id").asText()).isEqualTo(sent.messageId());
            assertThat(push.has("seq")).isFalse();
            assertThat(push.get("qos").asInt()).isEqualTo(1);
            assertThat(push.get("priority").asText()).isEqualTo("high");
            assertThat(push.get("ttl_ms").asLong()).isBetween(1L, 600_000L);

            JsonNode job = done(sent);
            assertThat(job.get("message_id").asText()).isEqualTo(sent.messageId());
            assertThat(job.get("topic").asText()).isEqualTo(topic);
            assertThat(job.get("targeted").asLong()).isEqualTo(1);
            assertThat(job.get("sent").asLong()).isEqualTo(1);
            link.ackTopic(topic, offset(sent));
        }
        await().atMost(SOON).until(() -> beginsBehind(offset(send("later"))) == 0);
    }

    /**
     * How many messages of the topic come to a fresh link before the one with this offset, which it acknowledges; the follow is the server's,
     * nothing is asked for.
     */
    private int beginsBehind(long upto) {
        try (JsonLink link = cluster.connect(1, user)) {
            int before = 0;
            JsonNode push = link.frames().skipTo("push", "caught_up", "subscribed");
            while (push.get("offset").asLong() < upto) {
                before++;
                push = link.frames().skipTo("push", "caught_up", "subscribed");
            }
            assertThat(push.get("offset").asLong()).isEqualTo(upto);
            link.ackTopic(topic, upto);
            return before;
        }
    }

    @Test
    void whoFollowsOnSeveralRoomsGetsAllInOrderWhicheverCenterSends() {
        int messages = 50;
        List<Long> offsets = new ArrayList<>();
        try (JsonLink here = following(0);
                JsonLink there = cluster.connect(1, SharedCluster.fresh("follower"))) {
            there.frames().next("caught_up");
            there.subscribe(topic, "").frames().next("subscribed");
            for (int i = 0; i < messages; i++) {
                offsets.add(offset(send(cluster.api(TestProduct.DEMO, i % 2), "m" + i, "{}")));
            }
            for (JsonLink link : List.of(here, there)) {
                List<Long> arrived = IntStream.range(0, messages)
                        .mapToObj(i -> link.frames().next("push").get("offset").asLong())
                        .toList();
                assertThat(arrived).isEqualTo(offsets).isSorted().doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void aClientBeginsWhereItSays() {
        List<Answer> sent = IntStream.range(0, 5).mapToObj(i -> send("m" + i)).toList();
        try (JsonLink link = connected(0)) {
            link.subscribe(topic, ",\"last\":2");
            assertThat(link.frames().next("subscribed").get("offset").asLong())
                    .isBetween(offset(sent.get(2)), offset(sent.get(3)) - 1);
            assertThat(text(link.frames().next("push"))).isEqualTo("m3");
            assertThat(text(link.frames().next("push"))).isEqualTo("m4");

            link.subscribe(topic, ",\"after\":" + offset(sent.get(0)));
            assertThat(link.frames().next("subscribed").get("offset").asLong()).isEqualTo(offset(sent.get(0)));
            for (int i = 1; i < 5; i++) {
                assertThat(text(link.frames().next("push"))).isEqualTo("m" + i);
            }
        }
        try (JsonLink other = cluster.connect(1, SharedCluster.fresh("follower"))) {
            other.frames().next("caught_up");
            other.subscribe(topic, "");
            assertThat(other.frames().next("subscribed").get("offset").asLong()).isEqualTo(offset(sent.get(4)));
            send("from now on");
            assertThat(text(other.frames().next("push"))).isEqualTo("from now on");
        }
    }

    @Test
    void aBindThatNamesAnOffsetGoesOnBehindIt() {
        try (JsonLink link = following(0)) {
            Answer first = send("first");
            send("second");
            assertThat(text(link.frames().next("push"))).isEqualTo("first");
            assertThat(text(link.frames().next("push"))).isEqualTo("second");
            try (JsonLink next = JsonLink.open(cluster.cluster().room(1))) {
                next.say(
                        ("{\"hello\":{\"device\":\"phone\",\"bind\":[{\"ref\":1,\"product\":\"demo\",\"user\":\"%s\",\"token\":\"%s\","
                                        + "\"topics\":[{\"topic\":\"%s\",\"after\":%d}]}]}}")
                                .formatted(user, TestProduct.DEMO.token(user), topic, offset(first)));
                next.frames().next("welcome");
                JsonNode push = next.frames().skipTo("push", "caught_up", "subscribed");
                assertThat(text(push)).isEqualTo("second");
            }
        }
    }

    @Test
    void whoUnsubscribesIsSentNothingMore() {
        try (JsonLink link = following(0)) {
            link.unsubscribe(topic);
            await().atMost(SOON)
                    .until(() -> done(send("too late")).get("targeted").asLong() == 0);
            // Those that came before the room had read it.
            while (!link.frames().isEmpty()) {
                assertThat(text(link.frames().next("push"))).isEqualTo("too late");
            }
            await().atMost(SOON).untilAsserted(() -> assertThat(topicsOf(user)).isEmpty());
        }
        send("while away");
        try (JsonLink link = connected(1)) {
            Answer direct = cluster.api().push(user, "to the user");
            assertThat(link.frames().next("push").get("message_id").asText()).isEqualTo(direct.messageId());
        }
    }

    private static List<String> topicsOf(String user) {
        List<String> topics = new ArrayList<>();
        cluster.api().user(user).body().path("topics").forEach(each -> topics.add(each.asText()));
        return topics;
    }

    // ---- away, on the SDK ----

    @Test
    void whatIsSentWhileTheAppIsAwayArrivesOnceWithinItsTimeToLive() {
        MemoryStateStore store = new MemoryStateStore();
        try (LonglineClient client = builder(store).build()) {
            client.topics().follow(topic);
            client.start();
            await().atMost(SOON).until(() -> heard.contains("following " + topic));
            send("one");
            awaitTexts("one");
        }
        send("brief", "{\"ttl_s\":1}");
        long expired = System.currentTimeMillis() + 1_100;
        send("two");
        send("three");
        await().until(() -> System.currentTimeMillis() > expired);
        try (LonglineClient client = builder(store).build()) {
            client.start(); // what is followed the server knows
            awaitTexts("one", "two", "three");
            send("four");
            awaitTexts("one", "two", "three", "four");
            assertThat(got).noneMatch(Message::maybeRepeated);
            assertThat(got).extracting(Message::topic).containsOnly(topic);
        }
    }

    @Test
    void theAppMayAskForTheLastOnesAgain() {
        try (LonglineClient client = builder(new MemoryStateStore()).build()) {
            client.topics().follow(topic);
            client.start();
            await().atMost(SOON).until(() -> heard.contains("following " + topic));
            send("one");
            send("two");
            awaitTexts("one", "two");
            client.topics().followLast(topic, 1);
            awaitTexts("one", "two", "two");
            send("three");
            awaitTexts("one", "two", "two", "three");

            client.topics().unfollow(topic);
            await().atMost(SOON).until(() -> done(send("four")).get("targeted").asLong() == 0);
        }
    }

    // ---- the back end decides ----

    @Test
    void aBackEndHasAConnectedUserFollowOnAllDevicesAndEndsIt() {
        try (JsonLink phone = connected(0);
                JsonLink tablet = connected(1, "tablet")) {
            Answer follows = cluster.api().follow(user, topic);
            assertThat(follows.status()).isEqualTo(200);
            assertThat(follows.body().get("user").asText()).isEqualTo(user);
            assertThat(follows.body().get("topic").asText()).isEqualTo(topic);
            assertThat(phone.frames().next("subscribed").get("topic").asText()).isEqualTo(topic);
            assertThat(tablet.frames().next("subscribed").get("topic").asText()).isEqualTo(topic);

            Answer sent = send("to both");
            assertThat(text(phone.frames().next("push"))).isEqualTo("to both");
            assertThat(text(tablet.frames().next("push"))).isEqualTo("to both");
            assertThat(done(sent).get("targeted").asLong()).isEqualTo(2);
            assertThat(topicsOf(user)).containsExactly(topic);
            assertThat(usersOf(topic)).containsExactly(user);

            assertThat(cluster.api().unfollow(user, topic).status()).isEqualTo(200);
            assertThat(topicsOf(user)).isEmpty();
            assertThat(usersOf(topic)).isEmpty();
            await().atMost(SOON)
                    .until(() -> done(send("too late")).get("targeted").asLong() == 0);
        }
        send("while away");
        try (JsonLink phone = connected(1)) {
            Answer direct = cluster.api().push(user, "to the user");
            assertThat(phone.frames().next("push").get("message_id").asText()).isEqualTo(direct.messageId());
        }
    }

    @Test
    void aBackEndHasAUserFollowWhoWasNeverSeen() {
        send("before");
        assertThat(cluster.api().follow(user, topic).status()).isEqualTo(200);
        send("after it");
        send("and this");
        try (JsonLink link = cluster.connect(0, user)) {
            JsonNode first = link.frames().skipTo("push", "caught_up", "subscribed");
            assertThat(text(first)).isEqualTo("after it");
            assertThat(text(link.frames().skipTo("push", "caught_up"))).isEqualTo("and this");
        }
    }

    private static List<String> usersOf(String topic) {
        return items("/v1/topics/" + topic + "/users", "user");
    }

    /** Of all pages. */
    private static List<String> items(String path, String field) {
        List<String> items = new ArrayList<>();
        JsonNode page = cluster.api().get(path).body();
        while (true) {
            page.get("items").forEach(item -> items.add(item.get(field).asText()));
            if (!page.hasNonNull("next")) {
                return items;
            }
            page = cluster.api()
                    .get(path + "?after=" + URLEncoder.encode(page.get("next").asText(), StandardCharsets.UTF_8))
                    .body();
        }
    }

    // ---- promise 4 ----

    @Test
    void theTopicOfThatNameOfAnotherProductIsAnotherOne() {
        TestProduct other = cluster.product(Durability.REDIS, 64);
        try (JsonLink ours = following(0);
                JsonLink theirs = JsonLink.open(cluster.cluster().room(0))) {
            theirs.hello(other.id(), user, "phone", other.tokenOfTopics(user, "*"));
            theirs.frames().next("welcome");
            theirs.frames().next("caught_up");
            theirs.subscribe(topic, ",\"after\":0").frames().next("subscribed");

            Answer toOurs = send("ours");
            send(cluster.api(other, 1), "theirs", "{}");
            send("ours again");

            assertThat(text(ours.frames().next("push"))).isEqualTo("ours");
            assertThat(text(ours.frames().next("push"))).isEqualTo("ours again");
            assertThat(text(theirs.frames().next("push"))).isEqualTo("theirs");
            assertThat(cluster.api(other, 0).get("/v1/jobs/" + jobId(toOurs)).status())
                    .isEqualTo(404);
            assertThat(usersOf(topic)).containsExactly(user);

            // What comes last shows that nothing else was on its way.
            send(cluster.api(other, 0), "theirs again", "{}");
            assertThat(text(theirs.frames().next("push"))).isEqualTo("theirs again");
            assertThat(ours.frames().isEmpty()).isTrue();
        }
    }

    @Test
    void aClientFollowsOnlyWhatItsTokenOrItsBackEndAllows() {
        TestProduct closed = cluster.product(Durability.REDIS, 64);
        CenterApi api = cluster.api(closed, 0);
        try (JsonLink link = JsonLink.open(cluster.cluster().room(0))) {
            link.hello(closed.id(), user, "phone", closed.tokenOfTopics(user, "news*"));
            link.frames().next("welcome");
            link.frames().next("caught_up");

            link.subscribe(topic, "");
            JsonNode refused = link.frames().next("error");
            assertThat(refused.get("ref").asInt()).isEqualTo(1);
            assertThat(refused.get("topic").asText()).isEqualTo(topic);
            assertThat(refused.get("reason").asText()).isEqualTo("PERMISSION_DENIED");
            assertThat(refused.has("retry_after_ms")).isFalse();

            String allowed = SharedCluster.fresh("news");
            link.subscribe(allowed, "");
            assertThat(link.frames().next("subscribed").get("topic").asText()).isEqualTo(allowed);

            send(api, "for nobody", "{}");
            api.follow(user, topic);
            assertThat(link.frames().next("subscribed").get("topic").asText()).isEqualTo(topic);
            send(api, "the back end wants it", "{}");
            assertThat(text(link.frames().next("push"))).isEqualTo("the back end wants it");
            assertThat(link.isClosed()).isFalse();
        }
    }

    @Test
    void theSdkTellsItsAppOfATopicThatIsRefusedAndGoesOn() {
        TestProduct closed = cluster.product(Durability.REDIS, 64);
        LonglineBuilder builder =
                builder(new MemoryStateStore()).product(closed.id()).token(() -> closed.token(user));
        try (LonglineClient client = builder.build()) {
            client.topics().follow(topic);
            client.start();
            await().atMost(SOON).until(() -> heard.contains("PERMISSION_DENIED " + topic));
            cluster.api(closed, 0).push(user, "to the user");
            awaitTexts("to the user");
        }
    }

    // ---- requests ----

    @Test
    void aRepeatedIdHasNoSecondEffectAndAnotherBodyIsAConflict() {
        String id = SharedCluster.fresh("send");
        try (JsonLink link = following(0)) {
            Answer first = cluster.api().sendToTopic(id, topic, "once", "{}");
            Answer again = cluster.api(TestProduct.DEMO, 1).sendToTopic(id, topic, "once", "{}");
            Answer other = cluster.api().sendToTopic(id, topic, "twice", "{}");

            assertThat(first.status()).isEqualTo(202);
            assertThat(first.header("Idempotent-Replay")).isEmpty();
            assertThat(again.status()).isEqualTo(202);
            assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(other.status()).isEqualTo(409);
            assertThat(other.reason()).isEqualTo("IDEMPOTENCY_CONFLICT");

            send("the next");
            assertThat(text(link.frames().next("push"))).isEqualTo("once");
            assertThat(text(link.frames().next("push"))).isEqualTo("the next");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"qos\":0}",
                "{\"ttl_s\":0}",
                "{\"ttl_s\":2592001}",
                "{\"wait_ms\":1000}",
                "{\"devices\":\"latest\"}",
                "{\"in_reply_to\":\"u1\"}",
                "{\"colour\":\"red\"}"
            })
    void whatIsNoOptionOfATopicIsRefusedByName(String options) {
        Answer refused = cluster.api().sendToTopic(SharedCluster.fresh("send"), topic, "x", options);
        assertThat(refused.status()).as("%s", refused.body()).isEqualTo(400);
        assertThat(refused.reason()).isEqualTo("INVALID_ARGUMENT");
        String field = options.substring(2, options.indexOf("\":"));
        assertThat(refused.body().toString()).contains(field);
        assertThat(items("/v1/topics", "topic")).doesNotContain(topic);
    }

    @Test
    void broadcastsAreNeitherSentNorFollowedAsTopicsAre() {
        assertThat(cluster.api()
                        .sendToTopic(SharedCluster.fresh("send"), "*", "x", "{}")
                        .reason())
                .isEqualTo("INVALID_ARGUMENT");
        assertThat(cluster.api().follow(user, "*urgent").reason()).isEqualTo("INVALID_ARGUMENT");
        assertThat(cluster.api().unfollow(user, "*").reason()).isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void aTopicIsListedWithItsMessagesAndASendIsNoJobToBeChanged() {
        List<String> ids =
                IntStream.range(0, 3).mapToObj(i -> send("m" + i).messageId()).toList();
        assertThat(items("/v1/topics", "topic")).contains(topic).doesNotHaveDuplicates();
        assertThat(items("/v1/topics/" + topic + "/messages", "message_id")).isEqualTo(ids);

        Answer last = send("last");
        assertThat(items("/v1/topics/" + topic + "/messages?after=" + (offset(last) - 1), "message_id"))
                .containsExactly(last.messageId());
        Answer changed = cluster.api().exchange("PATCH", "/v1/jobs/" + jobId(last), "{\"state\":\"paused\"}");
        assertThat(changed.status()).isEqualTo(409);
        assertThat(changed.reason()).isEqualTo("JOB_STATE_CONFLICT");
        assertThat(cluster.api().get("/v1/jobs/t1-1").status()).isEqualTo(404);
    }
}
