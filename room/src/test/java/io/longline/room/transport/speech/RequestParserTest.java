package io.longline.room.transport.speech;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.room.transport.speech.RequestParser.Result;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static RequestHead head(ByteBuffer in) {
        Result result = RequestParser.parse(in, 0);
        assertThat(result).isInstanceOf(Result.Whole.class);
        return ((Result.Whole) result).head();
    }

    @Test
    void theHeadIsConsumedAndWhatFollowsIsNot() {
        ByteBuffer in = bytes("GET /a?b HTTP/1.1\r\nX-Y: one\r\nx-y:\ttwo, three \r\n\r\nrest");

        RequestHead head = head(in);

        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.path()).isEqualTo("/a");
        assertThat(head.all("x-y")).containsExactly("one", "two, three");
        assertThat(head.words("x-y")).containsExactly("one", "two", "three");
        assertThat(head.all("z")).isEmpty();
        assertThat(StandardCharsets.US_ASCII.decode(in).toString()).isEqualTo("rest");
    }

    @Test
    void itIsReadInWhateverPiecesItComes() {
        String head = "GET / HTTP/1.1\r\nA: b\r\n\r\n";
        for (int length = 1; length < head.length(); length++) {
            ByteBuffer in = bytes(head.substring(0, length));
            assertThat(RequestParser.parse(in, length - 1)).isInstanceOf(Result.NeedMore.class);
            assertThat(in.position()).isZero();
        }
        assertThat(RequestParser.parse(bytes(head), head.length() - 1)).isInstanceOf(Result.Whole.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\r\n\r\n",
                "GET  / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1 \r\n\r\n",
                "GET /\nHTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\n: x\r\n\r\n",
                "GET / HTTP/1.1\r\nA : x\r\n\r\n",
                "GET / HTTP/1.1\r\nA: x\r\n y\r\n\r\n",
                "GET / HTTP/1.1\r\nA: x\nB: y\r\n\r\n",
                "GET / HTTP/1.1\r\nA: \0\r\n\r\n",
                "GET / HTTP/1.1\r\nA\r\n\r\n"
            })
    void whatIsNoHttpIsBad(String text) {
        assertThat(RequestParser.parse(bytes(text), 0)).isInstanceOf(Result.Bad.class);
    }

    @Test
    void aLineOrHeadersBeyondTheirLimitAreBadBeforeTheyEnd() {
        String line = "GET /" + "x".repeat(RequestHead.MAX_LINE_BYTES);
        String headers = "GET / HTTP/1.1\r\nA: ";

        assertThat(RequestParser.parse(bytes(line), 0)).isInstanceOf(Result.Bad.class);
        assertThat(RequestParser.parse(bytes(line + " HTTP/1.1\r\n\r\n"), 0)).isInstanceOf(Result.Bad.class);
        assertThat(RequestParser.parse(bytes(headers + "x".repeat(RequestHead.MAX_HEADER_BYTES - 100)), 0))
                .isInstanceOf(Result.NeedMore.class);
        assertThat(RequestParser.parse(bytes(headers + "x".repeat(RequestHead.MAX_HEADER_BYTES)), 0))
                .isInstanceOf(Result.Bad.class);
    }
}
