package io.longline.center.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.LogBounds;
import io.longline.keeper.product.LogLimits;
import io.longline.keeper.product.Product;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicBodyTest {
    private static final Product SHOP = Product.create("shop", Durability.REDIS);

    private static TopicPush read(String body) {
        return PushBody.readTopic(SHOP, "news", body.getBytes(StandardCharsets.UTF_8));
    }

    private static TopicPush readWith(String options) {
        return read("{\"message_id\":\"m\",\"payload\":\"x\",\"options\":{" + options + "}}");
    }

    private static List<String> wrongFields(String body) {
        LonglineException error = catchThrowableOfType(LonglineException.class, () -> read(body));
        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        return error.details().stream().map(FieldProblem::field).toList();
    }

    @Test
    void theSmallestBodyHasTheDefaults() {
        TopicPush push = read("{\"payload\":{\"a\": 1}}");

        assertThat(push.product()).isEqualTo("shop");
        assertThat(push.topic()).isEqualTo("news");
        assertThat(push.payload()).isEqualTo(new Payload.Text("{\"a\":1}"));
        assertThat(push.idGiven()).isFalse();
        assertThat(push.messageId()).isNotEmpty();
        assertThat(push.options()).isEqualTo(PushOptions.USUAL);
        assertThat(push.validateOnly()).isFalse();
    }

    @Test
    void itsTimeIsTheStoresWhenItIsAppended() {
        Outgoing outgoing = readWith("\"ttl_s\":60").outgoing(0);

        assertThat(outgoing.sentAtMs()).isZero();
        assertThat(outgoing.expiresAtMs()).isEqualTo(60_000);
    }

    @Test
    void withNotifyOnlyThePayloadDoesNotTravel() {
        TopicPush push = readWith("\"notify_only\":true,\"pull_key\":\"k\",\"spread_s\":30");

        assertThat(push.outgoing(0).payload()).isEqualTo(Payload.NONE);
        assertThat(push.options().spread()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"qos\":0 | options.qos",
                "\"ttl_s\":0 | options.ttl_s",
                "\"ttl_s\":2592001 | options.ttl_s",
                "\"devices\":\"latest\" | options.devices",
                "\"in_reply_to\":\"u-1\" | options.in_reply_to",
                "\"send_at_ms\":1 | options.send_at_ms",
                "\"wait_ms\":1 | options.wait_ms",
                "\"spread_s\":1 | options.spread_s",
                "\"rate_per_s\":1 | options.rate_per_s"
            })
    void anOptionThatATopicHasNotIsNamed(String option, String field) {
        assertThat(wrongFields("{\"payload\":\"x\",\"options\":{" + option + "}}"))
                .containsExactly(field);
    }

    @Test
    void theDefaultsOfThoseMayBeSpelledOut() {
        assertThat(readWith("\"qos\":1,\"devices\":\"all\",\"in_reply_to\":null,\"send_at_ms\":0,\"wait_ms\":0")
                        .options())
                .isEqualTo(PushOptions.USUAL);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThat(wrongFields(
                        "{\"message_id\":\"a b\",\"target\":{\"user\":\"u\"},\"options\":{\"qos\":0,\"wait_ms\":5}}"))
                .containsExactlyInAnyOrder("message_id", "target", "options.qos", "options.wait_ms", "payload");
    }

    @Test
    void aPayloadThatIsTooLargeIsRefusedAsAnywhere() {
        LonglineException error =
                catchThrowableOfType(LonglineException.class, () -> read("{\"payload\":\"" + "x".repeat(4097) + "\"}"));

        assertThat(error.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    }

    @Test
    void theSameBodyIsTheSameTopicPayloadAndOptions() {
        TopicPush push = readWith("");

        assertThat(readWith("\"ttl_s\":86400").bodyHash()).isEqualTo(push.bodyHash());
        assertThat(readWith("\"ttl_s\":1").bodyHash()).isNotEqualTo(push.bodyHash());
        assertThat(PushBody.readTopic(SHOP, "other", "{\"payload\":\"x\"}".getBytes(StandardCharsets.UTF_8))
                        .bodyHash())
                .isNotEqualTo(push.bodyHash());
    }

    @Test
    void aMessageToAUserOfThatNameIsAnother() {
        byte[] body = "{\"target\":{\"user\":\"news\"},\"payload\":\"x\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(PushBody.read(SHOP, body).bodyHash())
                .isNotEqualTo(read("{\"payload\":\"x\"}").bodyHash());
    }

    @Test
    void itStaysNoLongerThanTheLogOfItsTopicLetsIt() {
        Product brief = SHOP.with("topic_log", new LogLimits(0, 0, 0, Map.of("ne*", new LogBounds(0, 0, 60))));
        byte[] body = "{\"payload\":\"x\"}".getBytes(StandardCharsets.UTF_8);

        TopicPush push = PushBody.readTopic(brief, "news", body);
        assertThat(push.outgoing(1_000).expiresAtMs()).isEqualTo(61_000);
        assertThat(push.bodyHash())
                .isEqualTo(PushBody.readTopic(SHOP, "news", body).bodyHash());
        assertThat(PushBody.readTopic(brief, "other", body).ttl()).isEqualTo(PushOptions.USUAL.ttl());
    }
}
