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
    void everyProblemIsToldAtOnce() {
        LonglineException refused = catchThrowableOfType(
                LonglineException.class,
                () -> new Product(
                        "Shop",
                        Durability.REDIS,
                        List.of("abc"),
                        List.of("short"),
                        List.of("no key"),
                        0,
                        0,
                        70_000,
                        new Heartbeats(10, 30, 20),
                        0,
                        List.of("")));

        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refused.details())
                .extracting(FieldProblem::field)
                .containsExactly(
                        "product",
                        "api_secret_hashes",
                        "client_secrets[0]",
                        "client_public_keys[0]",
                        "window",
                        "inbox_limit",
                        "max_payload_bytes",
                        "heartbeat.interval_s",
                        "device_ttl_days",
                        "open_topics");
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
                "{\"id\":\"shop\",\"durability\":\"paper\"}")) {
            assertThatThrownBy(() -> Product.fromJson(json.getBytes(UTF_8)))
                    .as(json)
                    .isInstanceOfSatisfying(
                            LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    @Test
    void acceptsItsApiSecretsAndNoOthers() {
        Product rotated = SHOP.withSecrets(new ProductSecrets("api-2", "another client secret of 32 bytes or more"));

        assertThat(SHOP.acceptsApiSecret("api-1")).isTrue();
        assertThat(SHOP.acceptsApiSecret("api-2")).isFalse();
        assertThat(SHOP.acceptsApiSecret("")).isFalse();
        assertThat(SHOP.acceptsApiSecret(SHOP.apiSecretHashes().getFirst())).isFalse();
        assertThat(rotated.acceptsApiSecret("api-1")).isTrue();
        assertThat(rotated.acceptsApiSecret("api-2")).isTrue();
        assertThat(Product.create("shop", Durability.MYSQL).acceptsApiSecret(""))
                .isFalse();
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
