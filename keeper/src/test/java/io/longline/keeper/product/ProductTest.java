package io.longline.keeper.product;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProductTest {

    private static final Product SHOP = Product.create("shop", Durability.REDIS)
            .withSecrets(new ProductSecrets("api-1", "a client secret of 32 bytes or more"))
            .withHeartbeat(new Heartbeats(10, 1, 600))
            .withOpenTopics(List.of("*"));

    @Test
    void hasTheUsualLimits() {
        Product product = Product.create("shop", Durability.MYSQL);

        assertThat(product.window()).isEqualTo(64);
        assertThat(product.inboxLimit()).isEqualTo(10_000);
        assertThat(product.maxPayloadBytes()).isEqualTo(4096);
        assertThat(product.heartbeat()).isEqualTo(new Heartbeats(240, 30, 600));
        assertThat(product.deviceTtlDays()).isEqualTo(90);
        assertThat(product.openTopics()).isEmpty();
        assertThat(product.limits()).isEqualTo(new SendLimits(0, 0, 0, 0, 0, 0));
        assertThat(product.limits().ofProduct()).isFalse();
        assertThat(product.limits().ofUsers()).isFalse();
        assertThat(product.secondDevice()).isEqualTo(new SecondDevice(SecondDevice.Policy.ALLOW, 1));
        assertThat(product.broadcasts()).isEqualTo(new BroadcastLimits(0, 0));
        assertThat(product.merge()).isEqualTo(new MergeWindows(0, Map.of()));
    }

    @Test
    void thePaceOfItsBroadcastsSurvivesItsJsonAndIsNoneWhereItIsLeftOut() {
        Product paced = SHOP.with("broadcasts", new BroadcastLimits(500, 2_000, 90_000, 800_000));

        assertThat(Product.fromJson(paced.toJson())).isEqualTo(paced);
        assertThat(new String(paced.toJson(), UTF_8))
                .contains("\"broadcasts\":{\"default_per_s\":500,\"most_per_s\":2000,\"default_bytes_per_s\":90000,"
                        + "\"most_bytes_per_s\":800000}");
        byte[] earlier = "{\"id\":\"shop\",\"broadcasts\":{\"default_per_s\":500,\"most_per_s\":9}}".getBytes(UTF_8);
        assertThat(Product.fromJson(earlier).broadcasts()).isEqualTo(new BroadcastLimits(500, 9));
        assertThat(Product.fromJson("{\"id\":\"shop\"}".getBytes(UTF_8)).broadcasts())
                .isEqualTo(BroadcastLimits.NONE);
    }

    @Test
    void theLimitsOfItsLogsSurviveItsJsonAndThereAreNoneWhereTheyAreLeftOut() {
        Product limited =
                SHOP.with("topic_log", new LogLimits(1_000, 1 << 20, 3_600, Map.of("chat*", new LogBounds(50, 0, 60))));

        assertThat(Product.fromJson(limited.toJson())).isEqualTo(limited);
        assertThat(new String(limited.toJson(), UTF_8))
                .contains("\"topic_log\":{\"messages\":1000,\"bytes\":1048576,\"ttl_s\":3600,\"topics\":"
                        + "{\"chat*\":{\"messages\":50,\"bytes\":0,\"ttl_s\":60}}}");
        assertThat(Product.fromJson("{\"id\":\"shop\"}".getBytes(UTF_8)).topicLog())
                .isEqualTo(LogLimits.NONE);
    }

    @Test
    void itsMergeWindowsSurviveItsJsonAndThereAreNoneWhereTheyAreLeftOut() {
        Product merging = SHOP.with("merge", new MergeWindows(20, Map.of("sport*", 1_000, "chat", 0)));

        assertThat(Product.fromJson(merging.toJson())).isEqualTo(merging);
        assertThat(new String(merging.toJson(), UTF_8))
                .contains("\"merge\":{\"window_ms\":20,\"topics\":{\"chat\":0,\"sport*\":1000}}");
        assertThat(Product.fromJson("{\"id\":\"shop\"}".getBytes(UTF_8)).merge())
                .isEqualTo(MergeWindows.NONE);
        assertThat(Product.fromJson("{\"id\":\"shop\",\"merge\":{\"window_ms\":20}}".getBytes(UTF_8))
                        .merge())
                .isEqualTo(new MergeWindows(20, Map.of()));
    }

    @Test
    void whatHappensToASecondDeviceSurvivesItsJson() {
        Product strict = SHOP.with("second_device", new SecondDevice(SecondDevice.Policy.REFUSE, 3));

        assertThat(Product.fromJson(strict.toJson())).isEqualTo(strict);
        assertThat(new String(strict.toJson(), UTF_8)).contains("\"second_device\":{\"policy\":\"refuse\",\"most\":3}");
    }

    @Test
    void itsLimitsSurviveItsJsonAndThoseLeftOutAreNone() {
        Product limited = SHOP.with("limits", new SendLimits(5000, 8_600_000_000L, 1, 2, 4096, 10_000_000_000L));
        Product some = Product.fromJson("{\"id\":\"shop\",\"limits\":{\"daily_quota\":7}}".getBytes(UTF_8));

        assertThat(Product.fromJson(limited.toJson())).isEqualTo(limited);
        assertThat(new String(limited.toJson(), UTF_8))
                .contains("\"rate_per_s\":5000", "\"daily_quota\":8600000000", "\"user_bytes_per_hour\":4096");
        assertThat(some.limits()).isEqualTo(new SendLimits(0, 7, 0, 0, 0, 0));
        assertThat(some.limits().ofProduct()).isTrue();
        assertThat(some.limits().ofUsers()).isFalse();
    }

    @Test
    void aLimitThatAMessageAloneMayBeOverIsRefused() {
        assertThat(catchThrowableOfType(
                                LonglineException.class,
                                () -> SHOP.with("limits", new SendLimits(1_000_001, -1, -1, 0, 4095, 1)))
                        .details())
                .extracting(FieldProblem::field)
                .containsExactly(
                        "limits.rate_per_s",
                        "limits.daily_quota",
                        "limits.user_messages_per_hour",
                        "limits.user_bytes_per_hour",
                        "limits.user_bytes_per_day");
    }

    @Test
    void survivesItsJson() {
        assertThat(Product.fromJson(SHOP.toJson())).isEqualTo(SHOP);
        assertThat(new String(SHOP.toJson(), UTF_8))
                .contains("\"durability\":\"redis\"", "\"inbox_limit\":10000", "\"interval_s\":10")
                .doesNotContain("api-1");
    }

    @Test
    void absentFieldsHaveTheirUsualValueAndUnknownOnesAreIgnored() {
        Product product = Product.fromJson("{\"id\":\"shop\",\"window\":8,\"colour\":\"red\"}".getBytes(UTF_8));

        assertThat(product.window()).isEqualTo(8);
        assertThat(product.durability()).isEqualTo(Durability.MYSQL);
        assertThat(product.heartbeat()).isEqualTo(Heartbeats.DEFAULT);
    }

    @Test
    void callbacksAreKeptWithTheirSecretsAndFoundByTheTypeOfAnUplink() {
        Callback orders = new Callback("uplink.order", "https://shop.example/hook", "0123456789abcdef", 4, 10_000);
        Callback messages = new Callback(Callback.MESSAGE, "https://shop.example/ends", "0123456789abcdef", 4, 10_000);
        Product product = SHOP.with("callbacks", new Callbacks(List.of(orders, messages), List.of("10.0.0.0/8")));

        assertThat(Product.fromJson(product.toJson())).isEqualTo(product);
        assertThat(product.callbacks().ofKind("uplink.order")).contains(orders);
        assertThat(product.callbacks().ofKind("message")).contains(messages);
        assertThat(product.callbacks().ofKind("uplink.orders")).isEmpty();
        assertThat(product.callbacks()).asString().doesNotContain("0123456789abcdef");
        assertThat(SHOP.callbacks()).isEqualTo(Callbacks.NONE);
        assertThat(SHOP.uplinks()).isEqualTo(new UplinkLimits(600, 0));
    }

    @Test
    void presenceIsToldWhereItIsWantedOrHasACallbackAndByDeviceWhereNobodySaysOtherwise() {
        Callback hook = new Callback(
                "presence", "https://shop.example/hook", "0123456789abcdef", 4, 10_000, List.of(), Callback.Per.USER);
        Product called = SHOP.with("callbacks", new Callbacks(List.of(hook), List.of()));
        String before = new String(called.toJson(), UTF_8).replace(",\"per\":\"user\"", "");

        assertThat(SHOP.presence()).isEqualTo(new PresenceRules(false, false, 3_000));
        assertThat(SHOP.tellsPresence()).isFalse();
        assertThat(SHOP.with("presence", new PresenceRules(false, true, 0)).tellsPresence())
                .isTrue();
        assertThat(called.tellsPresence()).isTrue();
        assertThat(called.presencePer()).isEqualTo(Callback.Per.USER);
        assertThat(Product.fromJson(called.toJson())).isEqualTo(called);
        assertThat(before).isNotEqualTo(new String(called.toJson(), UTF_8));
        assertThat(Product.fromJson(before.getBytes(UTF_8)).presencePer()).isEqualTo(Callback.Per.DEVICE);
    }

    @Test
    void aCallbackInSeveralPlacesIsKeptAndReleasesBeforeFindTheFirst() {
        List<WeightedUrl> places =
                List.of(new WeightedUrl("https://a.example/", 5), new WeightedUrl("https://b.example/", 1));
        Callback orders = new Callback(
                "uplink.order", "https://a.example/", "0123456789abcdef", 4, 10_000, places, Callback.Per.DEVICE);
        Product product = SHOP.with("callbacks", new Callbacks(List.of(orders), List.of()));

        assertThat(Product.fromJson(product.toJson())).isEqualTo(product);
        assertThat(new String(product.toJson(), UTF_8)).contains("\"url\":\"https://a.example/\"");
        assertThat(orders.places()).isEqualTo(places);
        String before =
                "{\"id\":\"shop\",\"callbacks\":{\"targets\":[{\"kind\":\"uplink.order\",\"url\":\"https://a.example/\","
                        + "\"secret\":\"0123456789abcdef\",\"max_in_flight\":4,\"timeout_ms\":10000}],\"networks\":[]}}";
        assertThat(Product.fromJson(before.getBytes(UTF_8)).callbacks().targets())
                .containsExactly(new Callback("uplink.order", "https://a.example/", "0123456789abcdef", 4, 10_000));
        assertThat(Product.fromJson(before.getBytes(UTF_8))
                        .callbacks()
                        .targets()
                        .getFirst()
                        .places())
                .containsExactly(new WeightedUrl("https://a.example/", 1));
    }

    @Test
    void whatIsWrongWithOneOfSeveralPlacesIsNamed() {
        List<WeightedUrl> places = List.of(
                new WeightedUrl("https://a.example/", 0),
                new WeightedUrl("ftp://b.example/", 101),
                new WeightedUrl("https://a.example/", 1));
        Callback orders = new Callback(
                "uplink.order", "https://a.example/", "0123456789abcdef", 4, 10_000, places, Callback.Per.DEVICE);

        LonglineException refused = catchThrowableOfType(
                LonglineException.class, () -> SHOP.with("callbacks", new Callbacks(List.of(orders), List.of())));

        assertThat(refused.details())
                .extracting(FieldProblem::field)
                .containsExactly(
                        "callbacks.targets[0].urls[0].weight",
                        "callbacks.targets[0].urls[1].url",
                        "callbacks.targets[0].urls[1].weight",
                        "callbacks.targets[0].urls[2].url");
    }

    @Test
    void secretsFromBeforeTheyHadScopesAreGoodForEverything() {
        String hash = SHOP.apiKeys().getFirst().hash();
        Product product =
                Product.fromJson(("{\"id\":\"shop\",\"api_secret_hashes\":[\"" + hash + "\"]}").getBytes(UTF_8));

        assertThat(product.scopeOf("api-1")).contains(ApiScope.FULL);
        assertThat(Product.fromJson(product.toJson())).isEqualTo(product);
    }

    @Test
    @SuppressWarnings("NullAway") // a policy that is missing
    void everyProblemIsToldAtOnce() {
        LonglineException refused = catchThrowableOfType(
                LonglineException.class,
                () -> new Product(
                        "Shop",
                        Durability.REDIS,
                        List.of(new ApiKey(ApiScope.FULL, "abc")),
                        List.of("short"),
                        List.of("no key"),
                        0,
                        0,
                        70_000,
                        new Heartbeats(10, 30, 20),
                        0,
                        List.of(""),
                        new SendLimits(-1, 0, 0, 0, 0, 0),
                        new SecondDevice(null, 0),
                        new BroadcastLimits(-1, 1_000_001, -1, 2_000_000_001),
                        new MergeWindows(1_001, Map.of("news", -1, "", 5)),
                        new LogLimits(1_000_001, -1, 2_592_001, Map.of("news", new LogBounds(-1, 0, 0))),
                        new UplinkLimits(-1, 1_000_001),
                        new Callbacks(
                                List.of(
                                        new Callback("uplink.order", "ftp://a", "short", 0, 1),
                                        new Callback(
                                                "uplink.order",
                                                "http://u@a/",
                                                "0123456789abcdef",
                                                1,
                                                100,
                                                List.of(),
                                                Callback.Per.USER)),
                                List.of("10.1/8")),
                        new PresenceRules(false, true, 60_001)));

        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refused.details())
                .extracting(FieldProblem::field)
                .containsExactly(
                        "product",
                        "api_keys[0].hash",
                        "client_secrets[0]",
                        "client_public_keys[0]",
                        "window",
                        "inbox_limit",
                        "max_payload_bytes",
                        "heartbeat.interval_s",
                        "device_ttl_days",
                        "open_topics",
                        "limits.rate_per_s",
                        "second_device.policy",
                        "second_device.most",
                        "broadcasts.default_per_s",
                        "broadcasts.most_per_s",
                        "broadcasts.default_bytes_per_s",
                        "broadcasts.most_bytes_per_s",
                        "merge.window_ms",
                        "merge.topics",
                        "merge.topics.news",
                        "topic_log.messages",
                        "topic_log.bytes",
                        "topic_log.ttl_s",
                        "topic_log.topics.news.messages",
                        "uplinks.session_per_minute",
                        "uplinks.rate_per_s",
                        "callbacks.targets[0].url",
                        "callbacks.targets[0].secret",
                        "callbacks.targets[0].max_in_flight",
                        "callbacks.targets[0].timeout_ms",
                        "callbacks.targets[1].url",
                        "callbacks.targets[1].per",
                        "callbacks.targets[1].kind",
                        "callbacks.networks[0]",
                        "presence.debounce_ms");
        assertThat(refused.details())
                .contains(new FieldProblem("client_secrets[0]", "has 5 bytes, expected 32 or more"));
    }

    @Test
    void jsonThatIsNoProductIsRefused() {
        for (String json : List.of(
                "",
                "[]",
                "{",
                "{\"window\":1}",
                "{\"id\":\"shop\",\"open_topics\":null}",
                "{\"id\":\"shop\",\"heartbeat\":null}",
                "{\"id\":\"shop\",\"limits\":null}",
                "{\"id\":\"shop\",\"second_device\":null}",
                "{\"id\":\"shop\",\"broadcasts\":null}",
                "{\"id\":\"shop\",\"merge\":null}",
                "{\"id\":\"shop\",\"merge\":{\"topics\":{\"news\":null}}}",
                "{\"id\":\"shop\",\"uplinks\":null}",
                "{\"id\":\"shop\",\"callbacks\":null}",
                "{\"id\":\"shop\",\"presence\":null}",
                "{\"id\":\"shop\",\"second_device\":{\"policy\":\"ask\",\"most\":1}}",
                "{\"id\":\"shop\",\"durability\":\"paper\"}")) {
            assertThatThrownBy(() -> Product.fromJson(json.getBytes(UTF_8)))
                    .as(json)
                    .isInstanceOfSatisfying(
                            LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    @Test
    void aSecretIsGoodForItsScopeAndNoOtherIsGoodForAnything() {
        Product product = SHOP.rotated(ApiScope.SEND, "sender").rotated(ApiScope.READ, "reader");

        assertThat(product.scopeOf("api-1")).contains(ApiScope.FULL);
        assertThat(product.scopeOf("sender")).contains(ApiScope.SEND);
        assertThat(product.scopeOf("reader")).contains(ApiScope.READ);
        assertThat(product.scopeOf("api-2")).isEmpty();
        assertThat(product.scopeOf("")).isEmpty();
        assertThat(product.scopeOf(product.apiKeys().getFirst().hash())).isEmpty();
        assertThat(Product.create("shop", Durability.MYSQL).scopeOf("")).isEmpty();
        assertThat(ApiScope.FULL.allows(ApiScope.SEND)).isTrue();
        assertThat(ApiScope.SEND.allows(ApiScope.READ)).isFalse();
        assertThat(ApiScope.READ.allows(ApiScope.FULL)).isFalse();
    }

    @Test
    void twoSecretsOfAScopeAreGoodWhileOneIsBeingChanged() {
        Product second = SHOP.rotated(ApiScope.SEND, "sender").rotated(ApiScope.FULL, "api-2");
        Product third = second.rotated(ApiScope.FULL, "api-3");
        Product retired = third.retired(ApiScope.FULL);

        assertThat(second.scopeOf("api-1")).contains(ApiScope.FULL);
        assertThat(second.scopeOf("api-2")).contains(ApiScope.FULL);
        assertThat(third.scopeOf("api-1")).isEmpty();
        assertThat(third.scopeOf("api-2")).contains(ApiScope.FULL);
        assertThat(retired.scopeOf("api-2")).isEmpty();
        assertThat(retired.scopeOf("api-3")).contains(ApiScope.FULL);
        assertThat(retired.scopeOf("sender")).contains(ApiScope.SEND);
        assertThat(third.rotated(ApiScope.FULL, "api-3")).isEqualTo(third);
    }

    @Test
    void clientSecretsAreChangedLikewise() {
        String old = SHOP.clientSecrets().getFirst();
        Product changed = SHOP.clientSecretRotated("another client secret of 32 bytes or more");

        assertThat(changed.clientSecrets()).containsExactly("another client secret of 32 bytes or more", old);
        assertThat(changed.clientSecretRetired().clientSecrets())
                .containsExactly("another client secret of 32 bytes or more");
        assertThat(changed.clientSecretRotated("a third client secret of 32 bytes or more")
                        .clientSecrets())
                .doesNotContain(old);
    }

    @Test
    void aChangeIsCheckedLikeAnyOther() {
        assertThat(SHOP.with("window", 8).window()).isEqualTo(8);
        assertThatThrownBy(() -> SHOP.with("window", 0)).hasMessageContaining("window");
        assertThatThrownBy(() -> SHOP.with("colour", "red")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void freshSecretsAreLongAndNeverTheSame() {
        ProductSecrets a = ProductSecrets.fresh();
        ProductSecrets b = ProductSecrets.fresh();

        assertThat(List.of(a.apiSecret(), a.clientSecret(), b.apiSecret(), b.clientSecret()))
                .doesNotHaveDuplicates()
                .allSatisfy(secret ->
                        assertThat(Base64.getUrlDecoder().decode(secret)).hasSize(32));
    }

    @Test
    void secretsStayOutOfLogs() {
        assertThat(SHOP.toString()).isEqualTo("Product[shop, REDIS]");
        assertThat(new ProductSecrets("hush", "hush").toString()).doesNotContain("hush");
    }
}
