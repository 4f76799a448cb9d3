package io.longline.center.callback;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CallbackIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final String ORDERS =
            "{\"kind\":\"uplink.order\",\"url\":\"https://shop.example/hook\",\"secret\":\"0123456789abcdef\"}";

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

    private static Answer put(String... callbacks) {
        return kit.api()
                .exchange(
                        "PUT",
                        "/v1/callbacks",
                        BodyPublishers.ofString("{\"callbacks\":[" + String.join(",", callbacks) + "]}"));
    }

    @Test
    void callbacksAreSetAllAtOnceAndShownWithoutTheirSecrets() {
        Answer set = put(
                ORDERS,
                "{\"kind\":\"uplink.chat\",\"url\":\"http://shop.example:8080/\",\"secret\":"
                        + "\"fedcba9876543210\",\"max_in_flight\":7,\"timeout_ms\":500}");

        assertThat(set.status()).isEqualTo(200);
        Answer shown = kit.api().get("/v1/callbacks");
        assertThat(shown.json()).isEqualTo(set.json());
        assertThat(shown.text("/callbacks/0/kind")).isEqualTo("uplink.order");
        assertThat(shown.text("/callbacks/0/url")).isEqualTo("https://shop.example/hook");
        assertThat(shown.text("/callbacks/0/secret")).isEqualTo("****");
        assertThat(shown.json().at("/callbacks/0/max_in_flight").asInt()).isEqualTo(4);
        assertThat(shown.json().at("/callbacks/0/timeout_ms").asInt()).isEqualTo(10_000);
        assertThat(shown.json().at("/callbacks/1/max_in_flight").asInt()).isEqualTo(7);
        assertThat(put("{\"kind\":\"message\",\"url\":\"https://shop.example/ends\",\"secret\":\"fedcba9876543210\"}")
                        .text("/callbacks/0/kind"))
                .isEqualTo("message");
        assertThat(put().status()).isEqualTo(200);
        assertThat(kit.api().get("/v1/callbacks").json().at("/callbacks")).isEmpty();
    }

    @Test
    void whatIsShownCanBeSetAgainAndTheSecretStays() {
        put(ORDERS);
        Answer shown = kit.api().get("/v1/callbacks");

        Answer again = kit.api()
                .exchange(
                        "PUT",
                        "/v1/callbacks",
                        BodyPublishers.ofString(shown.json().toString()));

        assertThat(again.status()).isEqualTo(200);
        assertThat(put("{\"kind\":\"uplink.order\",\"url\":\"https://other.example/\"}")
                        .status())
                .isEqualTo(200);
        Answer unknown = put("{\"kind\":\"uplink.new\",\"url\":\"https://other.example/\"}");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.text("/error/details/0/field")).isEqualTo("callbacks[0].secret");
        put();
    }

    @Test
    void whatIsWrongIsNamedAndChangesNothing() {
        put(ORDERS);

        Answer answer = put(
                ORDERS,
                "{\"kind\":\"presents\",\"url\":\"ftp://x\",\"secret\":\"short\",\"max_in_flight\":0,\"timeout_ms\":1}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/details").findValuesAsText("field"))
                .containsExactly(
                        "callbacks[1].kind",
                        "callbacks[1].url",
                        "callbacks[1].secret",
                        "callbacks[1].max_in_flight",
                        "callbacks[1].timeout_ms");
        assertThat(answer.json().toString()).doesNotContain("short");
        assertThat(put(ORDERS.replace("}", ",\"max_in_flight\":-1}")).text("/error/details/0/problem"))
                .isEqualTo("is -1, expected 1 to 1000");
        assertThat(put(ORDERS.replace("}", ",\"max_in_flight\":1001}")).text("/error/details/0/problem"))
                .isEqualTo("is 1001, expected 1 to 1000");
        assertThat(put(ORDERS.replace("}", ",\"max_in_flight\":1000}")).status())
                .isEqualTo(200);
        put(ORDERS);
        assertThat(put(ORDERS, ORDERS).text("/error/details/0/field")).isEqualTo("callbacks[1].kind");
        assertThat(put("{\"kind\":\"uplink.order\",\"url\":\"https://a\",\"colour\":1}")
                        .text("/error/details/0/field"))
                .isEqualTo("callbacks[0].colour");
        assertThat(kit.api()
                        .exchange("PUT", "/v1/callbacks", BodyPublishers.ofString("{}"))
                        .text("/error/details/0/field"))
                .isEqualTo("callbacks");
        assertThat(kit.api().get("/v1/callbacks").json().at("/callbacks")).hasSize(1);
        put();
    }

    private static String orders(String urls) {
        return "{\"kind\":\"uplink.order\",\"secret\":\"0123456789abcdef\"," + urls + "}";
    }

    @Test
    void aCallbackMayBeInSeveralPlacesWithWeights() {
        String urls = "\"urls\":[{\"url\":\"https://a.example/\",\"weight\":5},{\"url\":\"https://b.example/\"}]";
        Answer set = put(orders(urls));

        assertThat(set.status()).isEqualTo(200);
        Answer shown = kit.api().get("/v1/callbacks");
        assertThat(shown.json().at("/callbacks/0").toString())
                .isEqualTo("{\"kind\":\"uplink.order\",\"urls\":[{\"url\":\"https://a.example/\",\"weight\":5},"
                        + "{\"url\":\"https://b.example/\",\"weight\":1}],\"secret\":\"****\",\"max_in_flight\":4,"
                        + "\"timeout_ms\":10000}");
        Answer again = kit.api()
                .exchange(
                        "PUT",
                        "/v1/callbacks",
                        BodyPublishers.ofString(shown.json().toString()));
        assertThat(again.json()).isEqualTo(shown.json());

        assertThat(field(orders(urls + ",\"url\":\"https://a.example/\""))).isEqualTo("callbacks[0].url");
        assertThat(field(orders("\"urls\":[]"))).isEqualTo("callbacks[0].urls");
        assertThat(field(orders("\"urls\":[{\"weight\":1}]"))).isEqualTo("callbacks[0].urls[0].url");
        assertThat(field(orders("\"urls\":[{\"url\":\"https://a.example/\",\"weight\":0}]")))
                .isEqualTo("callbacks[0].urls[0].weight");
        assertThat(field(orders("\"urls\":[{\"url\":\"https://a.example/\"},{\"url\":\"ftp://b\"}]")))
                .isEqualTo("callbacks[0].urls[1].url");
        assertThat(field(orders("\"urls\":[{\"url\":\"https://a.example/\",\"colour\":1}]")))
                .isEqualTo("callbacks[0].urls[0].colour");
        assertThat(kit.api().get("/v1/callbacks").json()).isEqualTo(shown.json());
        put();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.1", "127.0.0.1", "169.254.169.254", "127.1", "[::1]", "[fc00::1]", "[::ffff:10.0.0.1]"})
    void anAddressThatIsNotPublicIsRefusedWhereItStandsThereItself(String host) {
        put(ORDERS);
        String url = "http://" + host + ":8080/";

        assertThat(field(ORDERS.replace("https://shop.example/hook", url))).isEqualTo("callbacks[0].url");
        assertThat(field(orders("\"urls\":[{\"url\":\"" + url + "\"}]"))).isEqualTo("callbacks[0].urls[0].url");

        assertThat(kit.api().get("/v1/callbacks").text("/callbacks/0/url")).isEqualTo("https://shop.example/hook");
        put();
    }

    private static String field(String callback) {
        Answer answer = put(callback);
        assertThat(answer.status()).isEqualTo(400);
        return answer.text("/error/details/0/field");
    }

    @Test
    void presenceIsToldOfDevicesOrOfUsers() {
        String presence = "{\"kind\":\"presence\",\"url\":\"https://shop.example/\",\"secret\":\"0123456789abcdef\"}";

        assertThat(put(presence).text("/callbacks/0/per")).isEqualTo("device");
        assertThat(put(presence.replace("}", ",\"per\":\"user\"}")).text("/callbacks/0/per"))
                .isEqualTo("user");
        assertThat(kit.api().get("/v1/callbacks").text("/callbacks/0/per")).isEqualTo("user");
        assertThat(put(presence.replace("}", ",\"per\":\"room\"}")).text("/error/details/0/field"))
                .isEqualTo("callbacks[0].per");
        assertThat(put(ORDERS.replace("}", ",\"per\":\"user\"}")).text("/error/details/0/field"))
                .isEqualTo("callbacks[0].per");
        put();
    }

    @Test
    void operatorsSayWhetherPresenceIsTold() {
        Answer changed = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/news",
                        BodyPublishers.ofString("{\"presence\":{\"events\":true,\"debounce_ms\":500}}"));

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().at("/presence/events").asBoolean()).isTrue();
        assertThat(changed.json().at("/presence/debounce_ms").asInt()).isEqualTo(500);
        Answer wrong = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/news",
                        BodyPublishers.ofString("{\"presence\":{\"events\":\"yes\",\"debounce_ms\":60001}}"));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().at("/error/details").findValuesAsText("field")).contains("presence.events");
    }

    @Test
    void operatorsSayInWhichNetworksThatAreNotPublicCallbacksMayBe() {
        Answer changed = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/news",
                        BodyPublishers.ofString("{\"callbacks\":{\"networks\":[\"10.0.0.0/8\",\"fc00::/7\"]},"
                                + "\"uplinks\":{\"rate_per_s\":100}}"));

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.text("/callbacks/networks/1")).isEqualTo("fc00::/7");
        assertThat(changed.json().at("/uplinks/rate_per_s").asInt()).isEqualTo(100);
        assertThat(changed.json().at("/uplinks/session_per_minute").asInt()).isEqualTo(600);
        Answer wrong = kit.operator()
                .exchange(
                        "PATCH",
                        "/admin/v1/products/news",
                        BodyPublishers.ofString("{\"callbacks\":{\"networks\":[\"10.0.0.1/8\"]}}"));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text("/error/details/0/field")).isEqualTo("callbacks.networks[0]");
        Answer allowed = kit.api("news")
                .exchange(
                        "PUT",
                        "/v1/callbacks",
                        BodyPublishers.ofString("{\"callbacks\":["
                                + ORDERS.replace("https://shop.example/hook", "http://10.0.0.1/") + "]}"));
        assertThat(allowed.status()).isEqualTo(200);
    }
}
