package io.longline.center.audience;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.kit.Api;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code validate_only} tells of a broadcast and of a message to a topic. */
@Timeout(60)
class AudienceIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final String BODY = "{\"payload\":\"x\",\"validate_only\":true}";
    private static final String BROADCASTS = "/v1/broadcasts";
    private static final String NEWS = "/v1/topics/news:send";

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

    private void follow(String product, String user, String topic) {
        Answer followed =
                kit.api(product).exchange("PUT", "/v1/users/" + user + "/topics/" + topic, BodyPublishers.noBody());
        assertThat(followed.status()).isEqualTo(200);
    }

    private static List<String> sample(Answer answer) {
        return answer.json().get("sample").findValuesAsText("user");
    }

    @Test
    void aBroadcastTellsOfWhoIsConnected() {
        kit.register().connect(endpoint("u1", "phone"), kit.room(), 11);
        kit.register().connect(endpoint("u1", "desk"), kit.room(), 12);
        kit.register().connect(endpoint("u2", "phone"), kit.room(), 13);
        kit.register().connect(endpoint("news", "u9", "phone"), kit.room(), 14);
        kit.register().know(endpoint("u3", "phone"));

        Answer answer = kit.api().post(BROADCASTS, BODY);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/status")).isEqualTo("accepted");
        assertThat(answer.json().get("targeted").asInt()).isEqualTo(3);
        assertThat(answer.json().get("exact").asBoolean()).isTrue();
        assertThat(answer.json().get("users").asInt()).isEqualTo(2);
        assertThat(sample(answer)).containsExactlyInAnyOrder("u1", "u2");
        assertThat(kit.saver().jobs().size()).as("nothing is queued").isZero();
        assertThat(kit.saver().topics().messages("shop", "*")).isEmpty();
    }

    @Test
    void whereNotAllDevicesAreCountedItSaysSo() {
        for (int i = 0, found = 0; found < 65; i++) {
            String user = "crowd-" + i;
            if (Shards.of("shop", user) == 7) {
                kit.register().connect(endpoint(user, "phone"), kit.room(), ++found);
            }
        }

        Answer answer = kit.api().post(BROADCASTS, BODY);

        assertThat(answer.json().get("targeted").asInt()).isEqualTo(65);
        assertThat(answer.json().get("exact").asBoolean()).isFalse();
        assertThat(answer.json().get("users").asInt()).isEqualTo(65);
        assertThat(sample(answer)).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void aMessageToATopicTellsOfWhoFollowsIt() {
        for (int i = 0; i < 25; i++) {
            follow("shop", "u" + i, "news");
        }
        follow("shop", "u30", "sports");
        follow("news", "u31", "news");

        Answer answer = kit.api().post(NEWS, BODY);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("targeted").asInt()).isEqualTo(25);
        assertThat(answer.json().get("users").asInt()).isEqualTo(25);
        assertThat(answer.json().get("exact").asBoolean()).isTrue();
        assertThat(sample(answer))
                .hasSize(10)
                .doesNotHaveDuplicates()
                .allMatch(user -> user.matches("u([0-9]|1[0-9]|2[0-4])"));
        assertThat(kit.saver().topics().messages("shop", "news")).isEmpty();
        assertThat(kit.room().reached()).as("no room is told of anything").isEmpty();
    }

    @Test
    void whoMayOnlySendIsToldHowManyAndNotWho() {
        kit.register().connect(endpoint("u1", "phone"), kit.room(), 11);
        follow("shop", "u1", "news");
        Answer rotated = kit.operator().post("/admin/v1/products/shop:rotate", "{\"kind\":\"send\"}");
        Api sender = new Api(kit.center().httpPort(), "shop", rotated.text("/secret"));

        for (String path : List.of(BROADCASTS, NEWS)) {
            Answer answer = sender.post(path, BODY);

            assertThat(answer.json().get("users").asInt()).isEqualTo(1);
            assertThat(sample(answer)).isEmpty();
        }
    }

    @Test
    void withoutRegisterNobodyKnows() {
        kit.register().fail(LonglineException.dependencyDown("redis", "Redis is away", null));

        for (String path : List.of(BROADCASTS, NEWS)) {
            Answer answer = kit.api().post(path, BODY);

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text("/error/dependency")).isEqualTo("redis");
        }
    }
}
