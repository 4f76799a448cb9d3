package io.longline.center.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushBodyTest {
    private static final Product SHOP = Product.create("shop", Durability.REDIS);

    private static Push read(String body) {
        return PushBody.read(SHOP, body.getBytes(StandardCharsets.UTF_8));
    }

    private static LonglineException refused(String body) {
        return catchThrowableOfType(LonglineException.class, () -> read(body));
    }

    private static List<String> wrongFields(String body) {
        LonglineException error = refused(body);
        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        return error.details().stream().map(FieldProblem::field).toList();
    }

    private static String withOptions(String options) {
        return "{\"target\":{\"user\":\"u\"},\"payload\":\"x\",\"options\":{" + options + "}}";
    }

    private static String withPayload(String field) {
        return "{\"target\":{\"user\":\"u\"}," + field + "}";
    }

    @Test
    void theSmallestBodyHasTheDefaults() {
        Push push = read("{\"target\":{\"user\":\"u1\"},\"payload\":\"hello\"}");

        assertThat(push.product()).isEqualTo("shop");
        assertThat(push.targets()).containsExactly(new Target("u1", null));
        assertThat(push.payload()).isEqualTo(new Payload.Text("hello"));
        assertThat(push.idGiven()).isFalse();
        assertThat(push.messageId()).isNotEmpty();
        assertThat(push.validateOnly()).isFalse();
        assertThat(push.options())
                .isEqualTo(new PushOptions(
                        1,
                        Duration.ofDays(1),
                        Priority.NORMAL,
                        DeviceChoice.ALL,
                        "",
                        "",
                        "",
                        false,
                        Duration.ZERO,
                        0,
                        Duration.ZERO));
    }

    @Test
    void everyFieldIsRead() {
        Push push = read("{\"message_id\":\"m-1\",\"target\":{\"user\":\"u1\",\"device\":\"phone\"},"
                + "\"payload\":{\"type\":\"order\",\"id\":8812},"
                + "\"options\":{\"qos\":0,\"ttl_s\":60,\"priority\":\"high\",\"collapse_key\":\"order-8812\",\"in_reply_to\":\"up-1\","
                + "\"devices\":\"latest\",\"send_at_ms\":\"0\",\"wait_ms\":10000,\"notify_only\":true,"
                + "\"pull_key\":\"k\",\"spread_s\":300},\"validate_only\":true}");

        assertThat(push.messageId()).isEqualTo("m-1");
        assertThat(push.idGiven()).isTrue();
        assertThat(push.targets()).containsExactly(new Target("u1", "phone"));
        assertThat(push.payload()).isEqualTo(new Payload.Text("{\"type\":\"order\",\"id\":8812}"));
        assertThat(push.validateOnly()).isTrue();
        assertThat(push.options())
                .isEqualTo(new PushOptions(
                        0,
                        Duration.ofMinutes(1),
                        Priority.HIGH,
                        DeviceChoice.LATEST,
                        "up-1",
                        "k",
                        "order-8812",
                        true,
                        Duration.ofMinutes(5),
                        0,
                        Duration.ofSeconds(10)));
    }

    @Test
    void twoPushesWithoutIdGetDifferentOnes() {
        String body = "{\"target\":{\"user\":\"u1\"},\"payload\":\"hello\"}";

        assertThat(read(body).messageId()).isNotEqualTo(read(body).messageId());
    }

    @Test
    void base64CarriesBytes() {
        Push push = read(withPayload("\"payload_base64\":\"AP/+\""));

        assertThat(push.payload())
                .isInstanceOfSatisfying(
                        Payload.Binary.class,
                        binary -> assertThat(binary.bytes()).containsExactly(0, 0xff, 0xfe));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"null|null", "1.50|1.50", "[ 1 , 2 ]|[1,2]", "\"\"|''", "\"\\u00e4\"|ä", "{ }|{}", "true|true"})
    void aPayloadArrivesAsItsCharactersOrItsJsonText(String sent, String arrives) {
        assertThat(read(withPayload("\"payload\": " + sent)).payload()).isEqualTo(new Payload.Text(arrives));
    }

    @Test
    void exactlyOnePayloadIsExpected() {
        assertThat(wrongFields("{\"target\":{\"user\":\"u\"}}")).containsExactly("payload");
        assertThat(wrongFields(withPayload("\"payload\":\"x\",\"payload_base64\":\"eA==\"")))
                .containsExactly("payload");
        assertThat(wrongFields(withPayload("\"payload\":1,\"payload_base64\":\"eA==\"")))
                .containsExactly("payload");
    }

    @Test
    void badBase64IsNamed() {
        assertThat(wrongFields(withPayload("\"payload_base64\":\"*\""))).containsExactly("payload_base64");
        assertThat(wrongFields(withPayload("\"payload_base64\":1"))).containsExactly("payload_base64");
    }

    @Test
    void halfASurrogatePairIsNoPayload() {
        assertThat(wrongFields(withPayload("\"payload\":\"\\ud83d\""))).containsExactly("payload");
    }

    @Test
    void targetAndUserAreRequired() {
        assertThat(wrongFields("{\"payload\":\"x\"}")).containsExactly("target");
        assertThat(wrongFields("{\"payload\":\"x\",\"target\":{}}")).containsExactly("target.user");
        assertThat(wrongFields("{\"payload\":\"x\",\"target\":\"u\"}")).contains("target");
        assertThat(wrongFields("{\"payload\":\"x\",\"target\":{\"user\":7}}")).containsExactly("target.user");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThat(wrongFields("{\"message_id\":\"a b\",\"target\":{\"user\":\"\",\"device\":\"x/y\",\"tenant\":1},"
                        + "\"options\":{\"qos\":2,\"ttl_s\":-1,\"priority\":\"urgent\",\"devices\":\"none\","
                        + "\"wait_ms\":10001,\"ttl\":5},\"validate_only\":\"yes\",\"topic\":\"t\"}"))
                .containsExactlyInAnyOrder(
                        "message_id",
                        "target.user",
                        "target.device",
                        "target.tenant",
                        "payload",
                        "options.qos",
                        "options.ttl_s",
                        "options.priority",
                        "options.devices",
                        "options.wait_ms",
                        "options.ttl",
                        "validate_only",
                        "topic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"ttl_s\":2592001",
                "\"ttl_s\":-1",
                "\"ttl_s\":\"60\"",
                "\"ttl_s\":1.5",
                "\"qos\":-1",
                "\"wait_ms\":-1"
            })
    void boundsAreKept(String option) {
        assertThat(wrongFields(withOptions(option))).hasSize(1);
    }

    @Test
    void theLargestTimeToLiveIs30Days() {
        assertThat(read(withOptions("\"ttl_s\":2592000")).options().ttl()).isEqualTo(Duration.ofDays(30));
        assertThat(read(withOptions("\"ttl_s\":0")).options().nowOrNever()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1900000000000", "\"1900000000000\""})
    void whatIsToBeSentLaterSaysWhen(String time) {
        assertThat(read(withOptions("\"send_at_ms\":" + time)).options().sendAtMs())
                .isEqualTo(1_900_000_000_000L);
    }

    @Test
    void onlyWhatIsStoredCanBeSentLater() {
        LonglineException error = refused(withOptions("\"qos\":0,\"send_at_ms\":1900000000000"));

        assertThat(error.details())
                .containsExactly(new FieldProblem(
                        "options.send_at_ms", "expected qos 1: what is sent later is stored until then"));
        assertThat(read(withOptions("\"qos\":0,\"send_at_ms\":0")).options().qos())
                .isZero();
    }

    @Test
    void whoOnlyNotifiesNeedsNoPayloadAndMayHaveALargeOne() {
        String large = "x".repeat(SHOP.maxPayloadBytes() + 1);

        assertThat(read("{\"target\":{\"user\":\"u\"},\"options\":{\"notify_only\":true}}")
                        .payload())
                .isEqualTo(Payload.NONE);
        assertThat(read(withOptions("\"notify_only\":true").replace("\"x\"", "\"" + large + "\""))
                        .payload())
                .isEqualTo(new Payload.Text(large));
        assertThat(wrongFields("{\"target\":{\"user\":\"u\"},\"payload\":1,\"payload_base64\":\"MQ==\","
                        + "\"options\":{\"notify_only\":true}}"))
                .containsExactly("payload");
    }

    @Test
    void whatIsOnlyNotifiedOfTravelsWithoutItsPayload() {
        assertThat(Outgoing.of(read(withOptions("\"notify_only\":true")), 0).payload())
                .isEqualTo(Payload.NONE);
        assertThat(Outgoing.of(read(withOptions("\"notify_only\":false")), 0).payload())
                .isEqualTo(new Payload.Text("x"));
    }

    @Test
    void aSpreadIsForWhatIsPulled() {
        assertThat(read(withOptions("\"notify_only\":true,\"spread_s\":86400"))
                        .options()
                        .spread())
                .isEqualTo(Duration.ofDays(1));
        assertThat(wrongFields(withOptions("\"notify_only\":true,\"spread_s\":86401")))
                .containsExactly("options.spread_s");
        assertThat(refused(withOptions("\"spread_s\":10")).details())
                .containsExactly(new FieldProblem("options.spread_s", "expected 0, or notify_only true with it"));
    }

    @Test
    void aCollapseKeyIsLikeAnId() {
        assertThat(read(withOptions("\"collapse_key\":null")).options().collapseKey())
                .isEmpty();
        assertThat(read(withOptions("\"collapse_key\":\"" + "k".repeat(128) + "\""))
                        .options()
                        .collapseKey())
                .hasSize(128);
        assertThat(wrongFields(withOptions("\"collapse_key\":\"\""))).containsExactly("options.collapse_key");
        assertThat(wrongFields(withOptions("\"collapse_key\":\"a b\""))).containsExactly("options.collapse_key");
        assertThat(wrongFields(withOptions("\"collapse_key\":\"" + "k".repeat(129) + "\"")))
                .containsExactly("options.collapse_key");
        assertThat(wrongFields(withOptions("\"collapse_key\":1"))).containsExactly("options.collapse_key");
    }

    @Test
    void aPayloadIsMeasuredAsItArrives() {
        String most = "x".repeat(SHOP.maxPayloadBytes());

        assertThat(read(withPayload("\"payload\":\"" + most + "\"")).payload().size())
                .isEqualTo(SHOP.maxPayloadBytes());
        assertThat(read(withPayload("\"payload\":[" + " ".repeat(5000) + "1]"))
                        .payload()
                        .size())
                .isEqualTo(3);
        LonglineException error = refused(withPayload("\"payload\":\"" + most + "ä\""));
        assertThat(error.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
        assertThat(error.getMessage()).contains("4096").contains("4098");
    }
}
