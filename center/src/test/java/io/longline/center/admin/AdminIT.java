package io.longline.center.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.kit.Api;
import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.stores.junit.ZooKeeperExtension;
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
    }
}
