package io.longline.deploy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A part {@code echo} that says what it hears; this process is the part {@code me}. */
final class NetworkIT {
    private static final Rule BOTH_WAYS = new Rule("me", "echo", true);

    private final Network network =
            new Network(() -> Map.of("me", ProcessHandle.current().pid()));
    private final AtomicLong heard = new AtomicLong();
    private ServerSocket echo;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
        port = network.open("echo", echo.getLocalPort(), Network.Callers.PARTS);
    }

    @AfterEach
    void close() throws IOException {
        network.close();
        echo.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = echo.accept();
                Thread.ofVirtual().start(() -> answer(client));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private void answer(Socket client) {
        try (client) {
            byte[] buffer = new byte[8192];
            for (int read = client.getInputStream().read(buffer);
                    read >= 0;
                    read = client.getInputStream().read(buffer)) {
                heard.addAndGet(read);
                client.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException e) {
            // it was reset
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void say(Socket socket, String word) throws IOException {
        socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hear(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    private static void hearNothing(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        assertThatThrownBy(() -> hear(socket, 1)).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(30_000);
    }

    @Test
    void whatIsSaidIsHeardAndTheEndIsToldBothWays() throws IOException {
        try (Socket socket = connect()) {
            say(socket, "hello");
            socket.shutdownOutput();
            assertThat(hear(socket, 100)).isEqualTo("hello");
        }
    }

    @Test
    void aBlackHoleKeepsConnectionsAndWhatWasSaidAndHealingLetsItAllGoOn() throws IOException {
        try (Socket old = connect()) {
            say(old, "a");
            assertThat(hear(old, 1)).isEqualTo("a");
            network.set("cut", BOTH_WAYS, Terms.BLACK_HOLE);
            say(old, "b");
            hearNothing(old);
            try (Socket fresh = connect()) {
                say(fresh, "c");
                hearNothing(fresh);
                assertThat(heard).hasValue(1);
                network.heal("cut");
                assertThat(hear(old, 1)).isEqualTo("b");
                assertThat(hear(fresh, 1)).isEqualTo("c");
            }
        }
    }

    @Test
    void oneWayLetsTheOtherWayPass() throws IOException {
        try (Socket socket = connect()) {
            say(socket, "a");
            assertThat(hear(socket, 1)).isEqualTo("a");
            network.set("cut", new Rule("echo", "me", false), Terms.BLACK_HOLE);
            say(socket, "b");
            await().until(() -> heard.get() == 2);
            hearNothing(socket);
            network.heal("cut");
            assertThat(hear(socket, 1)).isEqualTo("b");
        }
    }

    @Test
    void aResetEndsConnectionsAndNewOnesUntilItIsHealed() throws IOException {
        try (Socket socket = connect()) {
            say(socket, "a");
            assertThat(hear(socket, 1)).isEqualTo("a");
            network.set("cut", BOTH_WAYS, Terms.RESET);
            assertThatThrownBy(() -> hear(socket, 1)).isInstanceOf(SocketException.class);
        }
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> {
                        say(socket, "b");
                        hear(socket, 1);
                    })
                    .isInstanceOf(SocketException.class);
        }
        network.heal("cut");
        try (Socket socket = connect()) {
            say(socket, "c");
            assertThat(hear(socket, 1)).isEqualTo("c");
        }
    }

    @Test
    void latencyIsAddedInEachDirectionAndDelaysNotTheOneBehindTheOther() throws IOException {
        network.set("cut", BOTH_WAYS, Terms.latency(Duration.ofMillis(100)));
        try (Socket socket = connect()) {
            List<Duration> took = new ArrayList<>();
            for (int i = 0; i < 3; i++) { // the machine may stand still meanwhile
                took.add(saidAndHeard(socket));
            }

            assertThat(took).allSatisfy(each -> assertThat(each).isGreaterThanOrEqualTo(Duration.ofMillis(200)));
            assertThat(took).anySatisfy(each -> assertThat(each).isLessThan(Duration.ofSeconds(1)));
        }
    }

    private static Duration saidAndHeard(Socket socket) throws IOException {
        long begun = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            say(socket, "x");
        }
        assertThat(hear(socket, 10)).hasSize(10);
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void bandwidthHoldsAndBackPressureIsPassedOn() throws Exception {
        network.set("cut", new Rule("me", "echo", false), Terms.bandwidth(100_000));
        Socket socket = connect();
        Thread writer = Thread.ofVirtual().start(() -> flood(socket));
        long begun = System.nanoTime();
        await().until(() -> heard.get() >= 50_000);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(400));
        assertThat(writer.isAlive()).isTrue(); // 64 MiB are not held in between
        socket.close();
        writer.join();
    }

    private static void flood(Socket socket) {
        try {
            OutputStream out = socket.getOutputStream();
            byte[] some = new byte[64 << 10];
            for (int i = 0; i < 1024; i++) {
                out.write(some);
            }
        } catch (IOException e) {
            // closed by the test
        }
    }

    @Test
    void aCutOfOtherPartsIsNotOurs() throws IOException {
        network.set("cut", new Rule("room-1", "echo", true), Terms.BLACK_HOLE);
        try (Socket socket = connect()) {
            say(socket, "a");
            assertThat(hear(socket, 1)).isEqualTo("a");
        }
        network.set("all", new Rule("*", "echo", true), Terms.RESET);
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> {
                        say(socket, "b");
                        hear(socket, 1);
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void whereNobodyListensAConnectionIsReset() throws IOException {
        echo.close();
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> hear(socket, 1)).isInstanceOf(SocketException.class);
        }
    }
}
