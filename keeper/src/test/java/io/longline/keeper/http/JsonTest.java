package io.longline.keeper.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void recordsAreWrittenInSnakeCase() {
        record Answer(String messageId, long sentAtMs) {}
        assertThat(new String(Json.bytes(new Answer("m-1", 5)), StandardCharsets.UTF_8))
                .isEqualTo("{\"message_id\":\"m-1\",\"sent_at_ms\":5}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":1} x", "{\"a\":1,\"a\":2}", "nul", "{'a':1}", "\u0000"})
    void whatIsNotExactlyOneJsonValueIsInvalid(String text) {
        assertThatThrownBy(() -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(LonglineException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(error.details().getFirst().field()).isEqualTo("body");
                });
    }

    @Test
    void theFaultIsToldWithItsPlace() {
        assertThatThrownBy(() -> Json.parse("{\n  \"a\": ]".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("line 2, column");
    }

    @Test
    void bytesThatAreNotUtf8AreInvalid() {
        assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) 0xff, '"'}))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void deepNestingIsRefusedAndNotFollowed() {
        String deep = "[".repeat(100_000);
        assertThatThrownBy(() -> Json.parse(deep.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(LonglineException.class);
    }
}
