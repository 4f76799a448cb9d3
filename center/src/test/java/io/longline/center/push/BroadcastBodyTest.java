package io.longline.center.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.LogLimits;
import io.longline.keeper.product.Product;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BroadcastBodyTest {
    private static final Product SHOP = Product.create("shop", Durability.REDIS);

    private static BroadcastHead read(String body) {
        return PushBody.readBroadcast(SHOP, body.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> wrongFields(String body) {
        LonglineException error = catchThrowableOfType(LonglineException.class, () -> read(body));
        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        return error.details().stream().map(FieldProblem::field).toList();
    }

    @Test
    void theSmallestBodyHasTheDefaults() {
        BroadcastHead head = read("{\"payload\":{\"a\": 1}}");

        assertThat(head.topic()).isEqualTo("*");
        assertThat(head.ratePerS()).isZero();
        assertThat(head.bytesPerS()).isZero();
        assertThat(head.canaryPermille()).isZero();
        assertThat(head.push().payload()).isEqualTo(new Payload.Text("{\"a\":1}"));
        assertThat(head.push().idGiven()).isFalse();
        assertThat(head.push().messageId()).isNotEmpty();
        assertThat(head.push().options()).isEqualTo(PushOptions.USUAL);
        assertThat(head.push().targets()).isEmpty();
    }

    @Test
    void topicPaceAndCanaryAreItsOwn() {
        BroadcastHead head = read(
                "{\"payload_base64\":\"AQI=\",\"topic\":\"*urgent\",\"rate_per_s\":5000,\"bytes_per_s\":640000,\"canary_permille\":1000,"
                        + "\"message_id\":\"m\",\"validate_only\":true}");

        assertThat(head.topic()).isEqualTo("*urgent");
        assertThat(head.ratePerS()).isEqualTo(5_000);
        assertThat(head.bytesPerS()).isEqualTo(640_000);
        assertThat(head.canaryPermille()).isEqualTo(1_000);
        assertThat(head.push().validateOnly()).isTrue();
        assertThat(head.push().idGiven()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"topic\":\"news\" | topic",
                "\"topic\":\"*a b\" | topic",
                "\"rate_per_s\":-1 | rate_per_s",
                "\"rate_per_s\":1000001 | rate_per_s",
                "\"bytes_per_s\":-1 | bytes_per_s",
                "\"bytes_per_s\":2000000001 | bytes_per_s",
                "\"canary_permille\":1001 | canary_permille",
                "\"canary_permille\":0.5 | canary_permille",
                "\"target\":{\"user\":\"u\"} | target",
                "\"message_id\":\"a b\" | message_id",
                "\"options\":{\"qos\":0} | options.qos",
                "\"options\":{\"ttl_s\":0} | options.ttl_s",
                "\"options\":{\"devices\":\"latest\"} | options.devices",
                "\"options\":{\"in_reply_to\":\"u-1\"} | options.in_reply_to",
                "\"options\":{\"send_at_ms\":1} | options.send_at_ms",
                "\"options\":{\"wait_ms\":1} | options.wait_ms"
            })
    void whatABroadcastHasNotIsNamed(String more, String field) {
        assertThat(wrongFields("{\"payload\":\"x\"," + more + "}")).containsExactly(field);
    }

    @Test
    void eachSessionTakesThePayloadOfTheBytesASecondAndWhatIsAroundIt() {
        assertThat(BroadcastHead.bytesEach(
                        read("{\"payload\":\"" + "ü".repeat(18) + "\"}").push()))
                .isEqualTo(100);
        assertThat(BroadcastHead.bytesEach(read("{\"payload\":\"xyz\",\"options\":{\"notify_only\":true}}")
                        .push()))
                .isEqualTo(64);
    }

    @Test
    void itStaysNoLongerThanTheLogsOfItsProductLetIt() {
        Product brief = SHOP.with("topic_log", new LogLimits(0, 0, 60, Map.of()));
        byte[] body = "{\"payload\":\"x\"}".getBytes(StandardCharsets.UTF_8);

        BroadcastHead head = PushBody.readBroadcast(brief, body);
        assertThat(head.ttl()).isEqualTo(Duration.ofMinutes(1));
        assertThat(head.bodyHash())
                .as("it is the same body as before the product was changed")
                .isEqualTo(PushBody.readBroadcast(SHOP, body).bodyHash());
        assertThat(read("{\"payload\":\"x\"}").ttl()).isEqualTo(PushOptions.USUAL.ttl());
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThat(wrongFields("{\"topic\":\"news\",\"canary_permille\":-1,\"options\":{\"qos\":0}}"))
                .containsExactlyInAnyOrder("topic", "canary_permille", "options.qos", "payload");
    }

    @Test
    void theSameBodyIsTheSameTopicPayloadAndOptions() {
        byte[] hash = read("{\"payload\":\"x\"}").bodyHash();

        assertThat(read("{\"payload\":\"x\",\"topic\":\"*\",\"options\":{\"ttl_s\":86400}}")
                        .bodyHash())
                .isEqualTo(hash);
        assertThat(read("{\"payload\":\"x\",\"rate_per_s\":5,\"bytes_per_s\":99,\"canary_permille\":7}")
                        .bodyHash())
                .isEqualTo(hash);
        assertThat(read("{\"payload\":\"x\",\"topic\":\"*a\"}").bodyHash()).isNotEqualTo(hash);
        assertThat(read("{\"payload\":\"y\"}").bodyHash()).isNotEqualTo(hash);
        assertThat(PushBody.readTopic(SHOP, "*", "{\"payload\":\"x\"}".getBytes(StandardCharsets.UTF_8))
                        .bodyHash())
                .isNotEqualTo(hash);
    }
}
