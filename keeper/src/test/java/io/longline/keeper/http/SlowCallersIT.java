package io.longline.keeper.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that do not come to an end with what they send or read; idle is a second here. */
@Timeout(60)
class SlowCallersIT {
    private static final int LARGE = 16 << 20;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final HttpServer server = new HttpServer(
            new HttpConfig(0, 1 << 20, 8, 100, Duration.ofSeconds(1), Duration.ofSeconds(1)),
            metrics,
            new HttpRoutes()
                    .get(
                            "/hello",
                            request -> HttpResponse.of(200, "text/plain", "hello".getBytes(StandardCharsets.US_ASCII)))
                    .get("/large", request -> HttpResponse.of(200, "text/plain", new byte[LARGE])));

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What comes until the connection is closed, or reset. */
    private static String rest(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                text.append((char) next);
            }
        } catch (SocketException e) {
            text.append("(reset)");
        }
        return text.toString();
    }

    @Test
    void aConnectionWithoutARequestIsClosed() throws Exception {
        try (Socket socket = connect()) {
            assertThat(rest(socket)).isIn("", "(reset)");
        }
    }

    @Test
    void aHeadThatStopsInTheMiddleIsGivenUp() throws Exception {
        for (String begin : new String[] {"GET /he", "GET /hello HTTP/1.1\r\n", "GET /hello HTTP/1.1\r\nHost: x\r\n"}) {
            try (Socket socket = connect()) {
                write(socket, begin);
                assertThat(rest(socket)).as(begin).doesNotContain("200");
            }
        }
    }

    @Test
    void oneThatComesInDripsTooAlsoBehindARequest() throws Exception {
        for (String before : new String[] {"", "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"}) {
            try (Socket socket = connect()) {
                write(socket, before + "GET /hello HTTP/1.1\r\n");
                Thread dripping = Thread.ofVirtual().start(() -> drip(socket));
                assertThat(rest(socket).split("HTTP/1.1 200", -1)).hasSize(before.isEmpty() ? 1 : 2);
                dripping.join();
            }
        }
    }

    private static void drip(Socket socket) {
        try {
            for (int i = 0; i < 1_000; i++) {
                write(socket, i == 0 ? "X-Slow: " : "x");
                Thread.sleep(100);
            }
        } catch (IOException | InterruptedException e) {
            assertThat(e).isNotNull(); // closed, as it should be
        }
    }

    @Test
    void aHeadMayComeInPartsAndAConnectionIsOfUseForMany() throws Exception {
        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                write(socket, "GET /hello HTTP/1.1\r\n");
                Thread.sleep(400);
                write(socket, "Host: x\r\n\r\n");
                byte[] answer = new byte[1];
                while (answer[0] != 'o' || socket.getInputStream().available() > 0) { // the last letter of its body
                    assertThat(socket.getInputStream().read(answer)).isOne();
                }
            }
        }
    }

    @Test
    void whoDoesNotReadHisAnswerGivesBackThePlaceOfHisRequest() throws Exception {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            write(socket, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
            await().until(() -> depth() == 1);
            await().atMost(Duration.ofSeconds(20)).until(() -> depth() == 0);
        }
    }

    private double depth() {
        return metrics.get("longline.http.depth").gauge().value();
    }
}
