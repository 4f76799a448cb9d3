package io.longline.center.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {

    private static JsonBody read(String json) {
        return JsonBody.read(json.getBytes(StandardCharsets.UTF_8), "payload");
    }

    private static FieldProblem problem(byte[] body) {
        LonglineException error = catchThrowableOfType(LonglineException.class, () -> JsonBody.read(body, "payload"));
        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(error.details()).hasSize(1);
        return error.details().getFirst();
    }

    private static FieldProblem problem(String body) {
        return problem(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aRawValueKeepsOrderAndSpellingOfNumbers() {
        JsonBody body = read("{\"payload\": {\"b\" : 1.00, \"a\":[1E3 , -0 ,\t0.10],\r\n \"c\":null} , \"x\":1}");

        assertThat(body.raw()).contains("{\"b\":1.00,\"a\":[1E3,-0,0.10],\"c\":null}");
    }

    @Test
    void whiteSpaceInsideStringsOfARawValueStays() {
        JsonBody body = read("{\"payload\": {\"a b\" : \"x \\\" y \\\\\", \"c\": \" \\u0020 \"}}");

        assertThat(body.raw()).contains("{\"a b\":\"x \\\" y \\\\\",\"c\":\" \\u0020 \"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1.50", "true", "false", "null", "[]", "{}", "12345678901234567890123", "1e400"})
    void anyValueButAStringMayBeRaw(String value) {
        assertThat(read("{\"payload\": " + value + " }").raw()).contains(value);
        assertThat(read("{\"payload\":" + value + "}").raw()).contains(value);
        assertThat(read("{\"payload\":" + value + ",\"x\":1}").raw()).contains(value);
    }

    @Test
    void aStringIsNotRaw() {
        JsonBody body = read("{\"payload\": \"a\\u00e4\\n\"}");

        assertThat(body.raw()).isEmpty();
        assertThat(body.fields().text("payload")).contains("aä\n");
    }

    @Test
    void onlyTheTopLevelFieldIsRaw() {
        assertThat(read("{\"a\": {\"payload\": 1.0}}").raw()).isEqualTo(Optional.empty());
    }

    @Test
    void charactersBeyondAsciiSurviveInARawValue() {
        assertThat(read("{\"ä😀\": 1, \"payload\": {\"ü\": \"😀\"}}").raw()).contains("{\"ü\":\"😀\"}");
    }

    @Test
    void anEmptyBodySaysSo() {
        assertThat(problem("").problem()).contains("the body is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "1", "null"})
    void anythingButAnObjectIsRefused(String body) {
        assertThat(problem(body)).isEqualTo(new FieldProblem("body", "expected a JSON object"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"a\":1",
                "{\"a\" 1}",
                "{'a':1}",
                "{\"a\":1,}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":1 /*c*/}",
                "text",
                "{\"payload\":{\"a\":}}",
                "{\"payload\":[1,2}",
                "{\"a\":\"\n\"}"
            })
    void whatIsNoJsonIsToldWithItsPlace(String body) {
        assertThat(problem(body).field()).isEqualTo("body");
        assertThat(problem(body).problem()).contains("expected JSON").contains("line");
    }

    @Test
    void somethingBehindTheObjectIsRefused() {
        assertThat(problem("{} {}").problem()).contains("something follows");
        assertThat(problem("{} x").field()).isEqualTo("body");
    }

    @Test
    void aKeyThatStandsTwiceIsNamedAtAnyDepth() {
        assertThat(problem("{\"a\":1,\"a\":2}").field()).isEqualTo("a");
        assertThat(problem("{\"target\":{\"user\":\"a\",\"user\":\"b\"}}").field())
                .isEqualTo("target.user");
        assertThat(problem("{\"payload\":{\"x\":[{\"y\":1,\"y\":1}]}}").field()).isEqualTo("payload.x[0].y");
    }

    @Test
    void bytesThatAreNoUtf8AreRefusedWhereverTheyStand() {
        byte[] latin = "{\"payload\":\"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] overlong = {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'};
        byte[] surrogate = {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'};

        assertThat(problem(latin).problem()).contains("UTF-8");
        assertThat(problem(overlong).problem()).contains("UTF-8");
        assertThat(problem(surrogate).problem()).contains("UTF-8");
        assertThat(problem("{\"a\":1}".getBytes(StandardCharsets.UTF_16)).problem())
                .contains("UTF-8");
    }

    @Test
    void nestingIsBoundedInsideARawValueToo() {
        String deep = "[".repeat(JsonBody.MAX_DEPTH) + "]".repeat(JsonBody.MAX_DEPTH);

        assertThat(problem("{\"payload\":" + deep + "}").problem()).contains("levels");
        assertThat(problem("{\"a\":" + deep + "}").problem()).contains("levels");
        assertThat(problem("[".repeat(100_000)).field()).isEqualTo("body");
    }

    @Test
    void numbersWithoutEndAreRefused() {
        assertThat(problem("{\"payload\":" + "1".repeat(2000) + "}").field()).isEqualTo("body");
    }
}
