package io.longline.center.follow;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Back ends that have users follow topics. */
@Timeout(60)
class FollowIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h", "center.topics.interval", "1h"));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private Answer put(String user, String topic) {
        return put(user, topic, BodyPublishers.noBody());
    }

    private Answer put(String user, String topic, BodyPublisher body) {
        return kit.api().exchange("PUT", "/v1/users/" + user + "/topics/" + topic, body);
    }

    private Answer delete(String user, String topic) {
        return kit.api().exchange("DELETE", "/v1/users/" + user + "/topics/" + topic, BodyPublishers.noBody());
    }

    private static Endpoint all(String user) {
        return endpoint(user, "");
    }

    @Test
    void aUserFollowsATopicFromItsEndOn() {
        long end = kit.api()
                .post("/v1/topics/news:send", "{\"payload\":\"before\"}")
                .json()
                .get("offset")
                .asLong();

        Answer answer = put("u1", "news");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).hasToString("{\"user\":\"u1\",\"topic\":\"news\"}");
        assertThat(kit.register().followsFrom(all("u1"), "news")).hasValue(end);
    }

    @Test
    void oneThatNothingWasSentToIsFollowedFromTheFirstMessageOn() {
        put("u1", "quiet");

        assertThat(kit.register().followsFrom(all("u1"), "quiet")).hasValue(0);
    }

    @Test
    void followingTwiceAndNotFollowingTwiceAnswerTheSame() {
        put("u1", "news");
        kit.api().post("/v1/topics/news:send", "{\"payload\":\"x\"}");

        assertThat(put("u1", "news").status()).isEqualTo(200);
        assertThat(kit.register().followsFrom(all("u1"), "news"))
                .as("what was sent meanwhile is not missed")
                .hasValue(0);
        assertThat(delete("u1", "news").json()).hasToString("{\"user\":\"u1\",\"topic\":\"news\"}");
        assertThat(delete("u1", "news").status()).isEqualTo(200);
        assertThat(kit.register().followsFrom(all("u1"), "news")).isEmpty();
    }

    @Test
    void aUserIsShownWithTopicsAlsoWithoutADevice() {
        put("u1", "sports");
        put("u1", "news");
        kit.register().know(endpoint("u2", "phone"));
        put("u2", "news");

        assertThat(kit.api().get("/v1/users/u1").json())
                .hasToString("{\"user\":\"u1\",\"online\":false,\"devices\":[],\"topics\":[\"news\",\"sports\"]}");
        Answer many = kit.api().post("/v1/users:batchGet", "{\"users\":[\"u2\",\"u3\"]}");
        assertThat(many.json().at("/users/0/topics")).hasToString("[\"news\"]");
        assertThat(many.json().at("/users/1/topics")).hasToString("[]");
        delete("u1", "sports");
        delete("u1", "news");
        assertThat(kit.api().get("/v1/users/u1").text("/error/reason")).isEqualTo("USER_NOT_FOUND");
    }

    @Test
    void whoFollowsATopicIsListedOnceInPages() {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 130; i++) {
            put("reader" + i, "news");
            expected.add("reader" + i);
        }
        put("other", "sports");

        List<String> listed = new ArrayList<>();
        String after = "";
        while (after != null) {
            Answer page = kit.api().get("/v1/topics/news/users" + after);
            page.json().get("items").forEach(user -> listed.add(user.get("user").asText()));
            after = page.json().get("next").isNull()
                    ? null
                    : "?after=" + page.json().get("next").asText();
        }

        assertThat(listed).doesNotHaveDuplicates().hasSize(130);
        assertThat(Set.copyOf(listed)).isEqualTo(expected);
        assertThat(kit.api("news").get("/v1/topics/news/users").json()).hasToString("{\"items\":[],\"next\":null}");
    }

    @Test
    void aUserThatIsNoneAndABodyThatSaysSomethingAreRefused() {
        assertThat(put("a%20b", "news").text("/error/details/0/field")).isEqualTo("user");
        assertThat(delete("a%20b", "news").text("/error/details/0/field")).isEqualTo("user");
        assertThat(put("u1", "news", BodyPublishers.ofString("{\"from\":1}")).text("/error/details/0/field"))
                .isEqualTo("from");
        assertThat(put("u1", "news", BodyPublishers.ofString("{}")).status()).isEqualTo(200);
    }

    @Test
    void whoFollowsAsManyAsOneMayIsTold() {
        for (int i = 0; i < 200; i++) {
            assertThat(put("u1", "topic-" + i).status()).isEqualTo(200);
        }

        Answer answer = put("u1", "one-more");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.text("/error/reason")).isEqualTo("QUEUE_FULL");
        assertThat(put("u1", "topic-7").status()).isEqualTo(200);
    }

    @Test
    void withoutRegisterItIsNamed() {
        kit.register().fail(LonglineException.dependencyDown("register", "nobody is reached", null));

        for (Answer answer :
                List.of(put("u1", "news"), delete("u1", "news"), kit.api().get("/v1/topics/news/users"))) {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text("/error/dependency")).isEqualTo("register");
            assertThat(answer.header("Retry-After")).isPresent();
        }
    }
}
