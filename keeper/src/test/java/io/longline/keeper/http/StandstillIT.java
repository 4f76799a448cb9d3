package io.longline.keeper.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that was stopped, as its clock tells it, and reads what was sent to it meanwhile. */
@Timeout(60)
class StandstillIT {
    private static final Duration STOPPED = Standstill.LONGEST_PAUSE.plusMillis(1);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // it may overflow
    private final AtomicInteger emptied = new AtomicInteger();
    private final HttpServer server = new HttpServer(
            new HttpConfig(0, 1 << 20, 8, 100, Duration.ofSeconds(30), Duration.ofSeconds(1)),
            new SimpleMeterRegistry(),
            new HttpRoutes()
                    .get("/pending", request -> HttpResponse.text(200, "some"))
                    .delete("/pending", request -> HttpResponse.text(200, "emptied " + emptied.incrementAndGet())),
            0,
            nanos::get);

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String method, String... more) throws IOException {
        String request = method + " /pending HTTP/1.1\r\nHost: x\r\n" + String.join("", more) + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** All that comes until the connection is closed. */
    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String asked(String method) throws IOException {
        try (Socket socket = connect()) {
            send(socket, method, "Connection: close\r\n");
            return rest(socket);
        }
    }

    @Test
    void whatWaitedInItsSocketsIsNotCarriedOut() throws Exception {
        assertThat(asked("DELETE")).contains("emptied 1");
        try (Socket socket = connect()) {
            passes(STOPPED);
            send(socket, "DELETE");
            send(socket, "DELETE");

            assertThat(rest(socket))
                    .startsWith("HTTP/1.1 503")
                    .containsOnlyOnce("HTTP/1.1")
                    .contains("Retry-After: 1\r\n")
                    .containsIgnoringCase("connection: close\r\n")
                    .contains("\"reason\":\"OVERLOADED\"");
        }
        assertThat(emptied).hasValue(1);
    }

    @Test
    void aMomentLaterItIsAsBefore() throws Exception {
        passes(STOPPED);
        assertThat(asked("DELETE")).startsWith("HTTP/1.1 503");
        passes(Standstill.READING_OFF.minusMillis(1));
        assertThat(asked("DELETE")).startsWith("HTTP/1.1 503");
        passes(Duration.ofMillis(1));
        assertThat(asked("DELETE")).contains("emptied 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void whatChangesNothingIsAnswered(String method) throws Exception {
        passes(STOPPED);
        assertThat(asked(method)).startsWith("HTTP/1.1 200");
    }

    @Test
    void aPauseThatABusyMachineMakesIsNone() throws Exception {
        passes(Standstill.LONGEST_PAUSE);
        assertThat(asked("DELETE")).contains("emptied 1");
    }
}
