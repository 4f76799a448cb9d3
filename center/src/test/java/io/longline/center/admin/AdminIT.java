package io.longline.center.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.kit.Api;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.stores.junit.ZooKeeperExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class AdminIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @SuppressWarnings("NullAway.Init")
    private static CenterKit kit;

    @BeforeAll
    static void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
    }

    @AfterAll
    static void stop() {
        kit.close();
    }

    @Test
    void aNewProductCanBeUsedWithTheSecretsItWasShownOnce() {
        Answer made = kit.operator()
                .post(
                        "/admin/v1/products",
                        "{\"product\":\"games\",\"durability\":\"redis\",\"window\":16,\"heartbeat\":{\"min_s\":10}}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).contains("/admin/v1/products/games");
        assertThat(made.text("/durability")).isEqualTo("redis");
        assertThat(made.json().at("/window").asInt()).isEqualTo(16);
        assertThat(made.json().at("/heartbeat/min_s").asInt()).isEqualTo(10);
        assertThat(made.json().at("/heartbeat/max_s").asInt()).isEqualTo(600);
        assertThat(made.text("/client_secret").length()).isGreaterThanOrEqualTo(32);
        Api games = new Api(kit.center().httpPort(), "games", made.text("/api_secret"));
        assertThat(games.send("{\"target\":{\"user\":\"u1\"},\"payload\":\"x\"}")
                        .status())
                .isEqualTo(202);
        Answer shown = kit.operator().get("/admin/v1/products/games");
        assertThat(shown.text("/product")).isEqualTo("games");
        assertThat(shown.json().toString()).doesNotContain("secret");
    }

    @Test
    void aProductIsChangedInUse() {
        Answer changed = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/news",
                        BodyPublishers.ofString("{\"max_payload_bytes\":10,\"heartbeat\":{\"min_s\":7}}"));

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().at("/max_payload_bytes").asInt()).isEqualTo(10);
        assertThat(changed.json().at("/heartbeat/min_s").asInt()).isEqualTo(7);
        assertThat(changed.json().at("/heartbeat/max_s").asInt()).isEqualTo(600);
        assertThat(changed.text("/durability")).isEqualTo("redis");
        assertThat(kit.api("news").post("/v1/simple/u1", "more than ten").status())
                .isEqualTo(413);
    }

    @Test
    void aChangeThatIsWrongChangesNothing() {
        Answer answer = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/bank",
                        BodyPublishers.ofString("{\"window\":0,\"inbox_limit\":5,\"product\":\"x\"}"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/details").findValuesAsText("field"))
                .containsExactlyInAnyOrder("window", "product");
        assertThat(kit.operator()
                        .get("/admin/v1/products/bank")
                        .json()
                        .at("/inbox_limit")
                        .asInt())
                .isEqualTo(10_000);
        assertThat(kit.operator()
                        .exchange("PATCH", "/admin/v1/products/nothing", BodyPublishers.ofString("{}"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void limitsAreTakenAndShownAndChangedEachByItself() {
        Answer made = kit.operator()
                .post(
                        "/admin/v1/products",
                        "{\"product\":\"limited\",\"limits\":{\"rate_per_s\":5000,\"daily_quota\":8600000000}}");
        Answer changed = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/limited",
                        BodyPublishers.ofString("{\"limits\":{\"rate_per_s\":50,\"user_bytes_per_day\":9000}}"));
        Answer wrong = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/limited",
                        BodyPublishers.ofString("{\"limits\":{\"user_bytes_per_hour\":10,\"colour\":1}}"));

        assertThat(made.json().at("/limits/rate_per_s").asLong()).isEqualTo(5000);
        assertThat(made.json().at("/limits/user_messages_per_hour").asLong(-1)).isZero();
        assertThat(changed.json().at("/limits").toString())
                .isEqualTo("{\"rate_per_s\":50,\"daily_quota\":8600000000,\"user_messages_per_hour\":0,"
                        + "\"user_messages_per_day\":0,\"user_bytes_per_hour\":0,\"user_bytes_per_day\":9000}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().at("/error/details").findValuesAsText("field"))
                .containsExactlyInAnyOrder("limits.user_bytes_per_hour", "limits.colour");
        assertThat(kit.operator().get("/admin/v1/products/limited").json().at("/limits"))
                .isEqualTo(changed.json().at("/limits"));
    }

    @Test
    void whatHappensToASecondDeviceIsTakenAndShownAndChangedByItsParts() {
        Answer made = kit.operator()
                .post("/admin/v1/products", "{\"product\":\"strict\",\"second_device\":{\"policy\":\"refuse\"}}");
        Answer changed = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/strict",
                        BodyPublishers.ofString("{\"second_device\":{\"most\":2}}"));
        Answer wrong = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/strict",
                        BodyPublishers.ofString("{\"second_device\":{\"policy\":\"ask\",\"most\":0}}"));

        assertThat(made.json().at("/second_device").toString()).isEqualTo("{\"policy\":\"refuse\",\"most\":1}");
        assertThat(changed.json().at("/second_device").toString()).isEqualTo("{\"policy\":\"refuse\",\"most\":2}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().at("/error/details").findValuesAsText("field"))
                .containsExactlyInAnyOrder("second_device.policy", "second_device.most");
        assertThat(kit.operator().get("/admin/v1/products/strict").json().at("/second_device"))
                .isEqualTo(changed.json().at("/second_device"));
    }

    @Test
    void theLimitsOfLogsAreTakenAndShownAndChangedByTheirParts() {
        Answer made =
                kit.operator().post("/admin/v1/products", "{\"product\":\"brief\",\"topic_log\":{\"messages\":500}}");
        Answer changed = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/brief",
                        BodyPublishers.ofString(
                                "{\"topic_log\":{\"bytes\":\"3000000000\",\"topics\":{\"chat*\":{\"ttl_s\":60}}}}"));
        Answer kept = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/brief",
                        BodyPublishers.ofString("{\"topic_log\":{\"ttl_s\":3600}}"));
        Answer wrong = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/brief",
                        BodyPublishers.ofString("{\"topic_log\":{\"messages\":1000001,\"topics\":"
                                + "{\"a\":{\"ttl_s\":-1},\"b\":{\"colour\":1},\"c\":5}}}"));

        assertThat(made.json().at("/topic_log").toString())
                .isEqualTo("{\"messages\":500,\"bytes\":0,\"ttl_s\":0,\"topics\":{}}");
        String chat = "\"topics\":{\"chat*\":{\"messages\":0,\"bytes\":0,\"ttl_s\":60}}}";
        assertThat(changed.json().at("/topic_log").toString())
                .isEqualTo("{\"messages\":500,\"bytes\":3000000000,\"ttl_s\":0," + chat);
        assertThat(kept.json().at("/topic_log").toString())
                .isEqualTo("{\"messages\":500,\"bytes\":3000000000,\"ttl_s\":3600," + chat);
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().at("/error/details").findValuesAsText("field"))
                .contains(
                        "topic_log.messages",
                        "topic_log.topics.a.ttl_s",
                        "topic_log.topics.b.colour",
                        "topic_log.topics.c");
        assertThat(kit.operator().get("/admin/v1/products/brief").json().at("/topic_log"))
                .isEqualTo(kept.json().at("/topic_log"));
    }

    @Test
    void thePaceOfBroadcastsIsTakenAndShownAndChangedByItsParts() {
        Answer made = kit.operator()
                .post("/admin/v1/products", "{\"product\":\"calm\",\"broadcasts\":{\"default_per_s\":500}}");
        Answer changed = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/calm",
                        BodyPublishers.ofString("{\"broadcasts\":{\"most_per_s\":2000,\"most_bytes_per_s\":9000000}}"));
        Answer wrong = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/calm",
                        BodyPublishers.ofString(
                                "{\"broadcasts\":{\"most_per_s\":1000001,\"default_bytes_per_s\":2000000001,\"colour\":1}}"));

        assertThat(made.json().at("/broadcasts").toString())
                .isEqualTo("{\"default_per_s\":500,\"most_per_s\":0,\"default_bytes_per_s\":0,\"most_bytes_per_s\":0}");
        assertThat(changed.json().at("/broadcasts").toString())
                .isEqualTo(
                        "{\"default_per_s\":500,\"most_per_s\":2000,\"default_bytes_per_s\":0,\"most_bytes_per_s\":9000000}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().at("/error/details").findValuesAsText("field"))
                .containsExactlyInAnyOrder(
                        "broadcasts.most_per_s", "broadcasts.default_bytes_per_s", "broadcasts.colour");
    }

    @Test
    void whetherClientsMayAskWhoIsOnlineIsTakenAndShownAndChanged() {
        Answer made =
                kit.operator().post("/admin/v1/products", "{\"product\":\"social\",\"presence\":{\"clients\":true}}");
        Answer changed = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/social",
                        BodyPublishers.ofString("{\"presence\":{\"clients\":false}}"));
        Answer wrong = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/social",
                        BodyPublishers.ofString("{\"presence\":{\"clients\":\"yes\"}}"));

        assertThat(made.json().at("/presence/clients").asBoolean()).isTrue();
        assertThat(changed.json().at("/presence/clients").asBoolean(true)).isFalse();
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text("/error/details/0/field")).isEqualTo("presence.clients");
    }

    @Test
    void mergeWindowsAreTakenAndShownAndChangedByTheirParts() {
        Answer made = kit.operator()
                .post(
                        "/admin/v1/products",
                        "{\"product\":\"dense\",\"merge\":{\"topics\":{\"news*\":100,\"chat\":0}}}");
        Answer changed = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/dense",
                        BodyPublishers.ofString("{\"merge\":{\"window_ms\":1000}}"));
        Answer replaced = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/dense",
                        BodyPublishers.ofString("{\"merge\":{\"topics\":{\"sport\":5}}}"));
        Answer wrong = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/dense",
                        BodyPublishers.ofString(
                                "{\"merge\":{\"window_ms\":1001,\"topics\":{\"a\":-1,\"b\":1001},\"colour\":1}}"));
        Answer noNumber = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/dense",
                        BodyPublishers.ofString("{\"merge\":{\"topics\":{\"c\":\"x\",\"d\":null}}}"));

        assertThat(made.json().at("/merge").toString())
                .isEqualTo("{\"window_ms\":0,\"topics\":{\"chat\":0,\"news*\":100}}");
        assertThat(changed.json().at("/merge").toString())
                .isEqualTo("{\"window_ms\":1000,\"topics\":{\"chat\":0,\"news*\":100}}");
        assertThat(replaced.json().at("/merge").toString()).isEqualTo("{\"window_ms\":1000,\"topics\":{\"sport\":5}}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().at("/error/details").findValuesAsText("field"))
                .containsExactlyInAnyOrder("merge.window_ms", "merge.topics.a", "merge.topics.b", "merge.colour");
        assertThat(noNumber.json().at("/error/details").findValuesAsText("field"))
                .containsExactlyInAnyOrder("merge.topics.c", "merge.topics.d");
    }

    @Test
    void aSecretIsChangedWhileTheOneBeforeItIsStillGood() {
        Answer rotated = kit.operator().post("/admin/v1/products/bank:rotate", "{\"kind\":\"full\"}");
        Api fresh = new Api(kit.center().httpPort(), "bank", rotated.text("/secret"));

        assertThat(rotated.json().at("/keys/full").asInt()).isEqualTo(2);
        assertThat(fresh.get("/v1/users/nobody").status()).isEqualTo(404);
        assertThat(kit.api("bank").get("/v1/users/nobody").status()).isEqualTo(404);
        Answer retired = kit.operator().post("/admin/v1/products/bank:retire", "{\"kind\":\"full\"}");
        assertThat(retired.json().at("/keys/full").asInt()).isEqualTo(1);
        assertThat(kit.api("bank").get("/v1/users/nobody").status()).isEqualTo(401);
        assertThat(fresh.get("/v1/users/nobody").status()).isEqualTo(404);
        assertThat(kit.operator()
                        .post("/admin/v1/products/bank:rotate", "{\"kind\":\"gold\"}")
                        .text("/error/details/0/field"))
                .isEqualTo("kind");
    }

    @Test
    void aSecretIsGoodForItsScopeOnly() {
        Api sender = withSecretOf("send");
        Api reader = withSecretOf("read");

        assertThat(sender.post("/v1/simple/u1", "x").status()).isEqualTo(202);
        assertThat(sender.get("/v1/users/u1").text("/error/reason")).isEqualTo("PERMISSION_DENIED");
        assertThat(sender.get("/v1/users/u1").text("/error/message"))
                .isEqualTo("this secret is for send, expected one for read or full");
        assertThat(sender.exchange("DELETE", "/v1/users/u1", BodyPublishers.noBody())
                        .text("/error/message"))
                .isEqualTo("this secret is for send, expected one for full");
        assertThat(reader.get("/v1/users/nobody").status()).isEqualTo(404);
        assertThat(reader.post("/v1/simple/u1", "x").status()).isEqualTo(403);
        assertThat(reader.post("/v1/tokens", "{\"user\":\"u1\"}").status()).isEqualTo(403);
        assertThat(sender.post("/v1/tokens", "{\"user\":\"u1\"}").status()).isEqualTo(403);
    }

    private static Api withSecretOf(String kind) {
        Answer rotated = kit.operator().post("/admin/v1/products/shop:rotate", "{\"kind\":\"" + kind + "\"}");
        return new Api(kit.center().httpPort(), "shop", rotated.text("/secret"));
    }

    @Test
    void aProductIsMadeOnce() {
        Answer again = kit.operator().post("/admin/v1/products", "{\"product\":\"shop\"}");

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text("/error/reason")).isEqualTo("ALREADY_EXISTS");
    }

    @Test
    void everythingWrongWithAProductIsToldAtOnce() {
        Answer answer = kit.operator()
                .post(
                        "/admin/v1/products",
                        "{\"product\":\"admin\",\"window\":0,\"durability\":\"paper\",\"colour\":1,"
                                + "\"heartbeat\":{\"min_s\":0},\"client_public_keys\":[\"none\"]}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/details").findValuesAsText("field"))
                .containsExactlyInAnyOrder(
                        "product", "window", "durability", "colour", "heartbeat.min_s", "client_public_keys[0]");
    }

    @Test
    void anUnknownProductIsNotFound() {
        assertThat(kit.operator().get("/admin/v1/products/nothing").status()).isEqualTo(404);
        assertThat(kit.operator().get("/admin/v1/products").json().at("/items").findValuesAsText("product"))
                .contains("shop", "news");
    }

    @Test
    void everyNodeIsListed() {
        await().until(() -> kit.operator()
                        .get("/admin/v1/nodes")
                        .json()
                        .at("/items")
                        .findValuesAsText("service")
                        .size()
                >= 4);

        Answer nodes = kit.operator().get("/admin/v1/nodes");

        assertThat(nodes.json().at("/items").findValuesAsText("service"))
                .contains("register", "saver", "center", "room");
        assertThat(nodes.json().at("/items").findValuesAsText("instance")).contains("center-1", "room-1");
        assertThat(nodes.json().get("next").isNull()).isTrue();
    }
}
