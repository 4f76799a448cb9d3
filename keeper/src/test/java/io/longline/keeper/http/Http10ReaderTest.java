package io.longline.keeper.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.common.buffers.DataReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class Http10ReaderTest {
    private static final int MAX_LINE = 50;
    private static final int MAX_HEAD = 100;

    @Test
    void aRequestInPiecesBecomesOneOfHttp11ThatAsksForTheEnd() {
        assertThat(read(
                        "GET /x HT",
                        "TP/1.0\r",
                        "\nA: 1\r\nConnection: keep-alive\r\nHost: h\r\n",
                        "\r\n",
                        "body",
                        "more"))
                .containsExactly("GET /x HTTP/1.1\r\nConnection: close\r\nA: 1\r\nHost: h\r\n\r\n", "body", "more");
    }

    @Test
    void aHostIsMadeUpWhereNoneIsNeeded() {
        assertThat(read("GET /x HTTP/1.0\r\n\r\nbody"))
                .containsExactly("GET /x HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\n\r\nbody");
    }

    @Test
    void allElseComesThroughAsItIs() {
        for (String text :
                List.of("GET /x HTTP/1.1\r\nHost: h\r\n", "GET /x HTTP/1.0\n\n", "nothing", "\n", "HTTP/1.0\r\n")) {
            assertThat(String.join("", read(text, "more"))).isEqualTo(text + "more");
        }
        assertThat(read()).isEmpty();
    }

    @Test
    void onlyTheFirstRequestIsLookedAt() {
        assertThat(read("GET /x HTTP/1.1\r\n", "GET /x HTTP/1.0\r\n\r\n")).endsWith("GET /x HTTP/1.0\r\n\r\n");
    }

    @Test
    void aLineOrHeadWithoutEndIsNotWaitedFor() {
        assertThat(read("x".repeat(MAX_LINE + 1), "more")).hasSize(2);
        assertThat(read("GET /x HTTP/1.0\r\n" + "x".repeat(MAX_HEAD), "more")).hasSize(2);
        assertThat(read("GET /x HTTP/1.0\r\nHost")).containsExactly("GET /x HTTP/1.1\r\nConnection: close\r\nHost");
    }

    /** What comes out, piece by piece, until the end. */
    private static List<String> read(String... pieces) {
        Iterator<String> wire = Arrays.asList(pieces).iterator();
        try (BodyWatch watch = new BodyWatch(Duration.ofMinutes(1))) {
            Http10Reader reader = new Http10Reader(
                    DataReader.create(() -> wire.hasNext() ? wire.next().getBytes(StandardCharsets.US_ASCII) : null),
                    new HeadWatch(watch, Duration.ofMinutes(1)),
                    MAX_LINE,
                    MAX_HEAD);
            return Stream.generate(reader)
                    .takeWhile(Objects::nonNull)
                    .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
                    .toList();
        }
    }
}
