package io.longline.center.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushTest {
    private static final Product SHOP = Product.create("shop", Durability.REDIS);
    private static final String BODY =
            "{\"message_id\":\"m\",\"target\":{\"user\":\"u\"},\"payload\":{\"a\":1},\"options\":{}}";

    private static String hash(String body) {
        return HexFormat.of()
                .formatHex(PushBody.read(SHOP, body.getBytes(StandardCharsets.UTF_8))
                        .bodyHash());
    }

    @Test
    void theSameBodyIsSameAfterDefaultsAndWhiteSpace() {
        assertThat(
                        hash(
                                "{ \"options\":{\"qos\":1,\"ttl_s\":86400,\"priority\":\"normal\",\"devices\":\"all\",\"pull_key\":null},"
                                        + "\"payload\":{ \"a\" : 1 },\"target\":{\"user\":\"u\",\"device\":null},\"message_id\":\"m\"}"))
                .isEqualTo(hash(BODY));
    }

    @Test
    void atOnceIsTheSameWhetherItIsSaidOrNot() {
        assertThat(hash(BODY.replace("{}", "{\"send_at_ms\":0}"))).isEqualTo(hash(BODY));
    }

    @Test
    void howLongToWaitForAcksIsNoPartOfIt() {
        assertThat(hash(BODY.replace("{}", "{\"wait_ms\":5000}"))).isEqualTo(hash(BODY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"qos\":0}",
                "{\"ttl_s\":1}",
                "{\"priority\":\"low\"}",
                "{\"devices\":\"latest\"}",
                "{\"pull_key\":\"x\"}",
                "{\"in_reply_to\":\"x\"}",
                "{\"collapse_key\":\"x\"}",
                "{\"notify_only\":true}",
                "{\"send_at_ms\":1900000000000}"
            })
    void everyOptionIsPartOfIt(String options) {
        assertThat(hash(BODY.replace("{}", options))).isNotEqualTo(hash(BODY));
    }

    @Test
    void soAreTheSpreadAndThePayloadOfOneThatTravelsWithout() {
        String notifies = BODY.replace("{}", "{\"notify_only\":true}");

        assertThat(hash(BODY.replace("{}", "{\"notify_only\":false,\"spread_s\":0}")))
                .isEqualTo(hash(BODY));
        assertThat(hash(BODY.replace("{}", "{\"notify_only\":true,\"spread_s\":1}")))
                .isNotEqualTo(hash(notifies));
        assertThat(hash(notifies.replace("{\"a\":1}", "2"))).isNotEqualTo(hash(notifies));
        assertThat(hash(notifies.replace("\"payload\":{\"a\":1},", ""))).isNotEqualTo(hash(notifies));
    }

    @Test
    void targetAndPayloadArePartOfIt() {
        assertThat(hash(BODY.replace("\"u\"", "\"v\""))).isNotEqualTo(hash(BODY));
        assertThat(hash(BODY.replace("\"user\":\"u\"", "\"user\":\"u\",\"device\":\"d\"")))
                .isNotEqualTo(hash(BODY));
        assertThat(hash(BODY.replace("{\"a\":1}", "{\"a\":1.0}"))).isNotEqualTo(hash(BODY));
        assertThat(hash(BODY.replace("\"payload\":{\"a\":1}", "\"payload_base64\":\"eyJhIjoxfQ==\"")))
                .isNotEqualTo(hash(BODY));
    }

    /** It is kept for a day: over an upgrade, the new release must find the old one's. */
    @Test
    void itsFormDoesNotChange() {
        assertThat(hash(BODY)).isEqualTo("064c1a0581096dfa03d8ac6a215188fde6dece5980c404176111d7e3aa02301a");
    }
}
