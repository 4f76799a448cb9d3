package io.longline.room.transport.speech;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.longline.frames.FrameLimits;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever comes in as HTTP or WebSocket is understood, waited for or refused, whole or in pieces. Here the known cases; with {@code
 * JAZZER_FUZZ=1} in the environment, one method at a time, Jazzer looks for others.
 */
class SpeechFuzzTest {
    private static final WebSocketFormats FORMATS = WebSocketFormats.of(FrameLimits.FROM_CLIENT);

    static Stream<Arguments> heads() {
        return Stream.of(
                        """
                        GET /v1/connect HTTP/1.1\r
                        Host: x\r
                        Upgrade: websocket\r
                        Connection: Upgrade\r
                        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                        Sec-WebSocket-Version: 13\r
                        Sec-WebSocket-Protocol: longline.v1.json, longline.v1\r
                        \r
                        """,
                        "GET /v1/connect HTTP/1.1\r\n\r\n",
                        "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc",
                        "GET /v1/events?product=demo&token=%zz HTTP/1.1\r\nA:\r\n: b\r\n\r\n",
                        "OPTIONS * HTTP/1.1\nHost: x\n\n",
                        "GET " + "a".repeat(RequestHead.MAX_LINE_BYTES) + " HTTP/1.1\r\n\r\n",
                        "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(RequestHead.MAX_HEADER_BYTES / 6 + 1) + "\r\n")
                .map(head -> Arguments.of((Object) head.getBytes(ISO_8859_1)));
    }

    @MethodSource("heads")
    @FuzzTest(maxDuration = "10m")
    void requests(byte[] bytes) {
        String whole = outcome(ByteBuffer.wrap(bytes), 0);
        String piecewise = "";
        for (int length = 1;
                length <= bytes.length && !piecewise.startsWith("Whole") && !piecewise.startsWith("Bad"); ) {
            piecewise = outcome(ByteBuffer.wrap(bytes, 0, length), length - 1);
            length++;
        }
        if (bytes.length > 0 && !piecewise.startsWith("Bad")) { // too much may be seen earlier where it comes in pieces
            assertThat(piecewise).isEqualTo(whole);
        }
    }

    private static String outcome(ByteBuffer in, int looked) {
        return switch (RequestParser.parse(in, looked)) {
            case RequestParser.Result.NeedMore _ -> "NeedMore";
            case RequestParser.Result.Bad _ -> "Bad";
            case RequestParser.Result.Whole request ->
                "Whole " + in.position() + " " + UpgradeAnswer.to(request.head(), FORMATS);
        };
    }

    static Stream<Arguments> frames() {
        return Stream.of(
                        "8185000000006162636465",
                        "82fe0100",
                        "88820000000003e9",
                        "89fe007e00000000",
                        "81ffffff",
                        "0180",
                        "c1")
                .map(hex -> Arguments.of((Object) HexFormat.of().parseHex(hex)));
    }

    @MethodSource("frames")
    @FuzzTest(maxDuration = "10m")
    void frameHeads(byte[] bytes) {
        for (boolean inMessage : new boolean[] {false, true}) {
            FrameHead head = FrameHead.read(ByteBuffer.wrap(bytes), inMessage);
            if (head != null && !head.equals(FrameHead.VIOLATION)) {
                assertThat(head.payloadBytes()).isNotNegative();
                assertThat(head.headBytes()).isBetween(6, 14);
            }
        }
    }
}
