package io.longline.keeper.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.stores.OwnJava;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server in a process that may have 300 files open. */
@Timeout(60)
class FewFilesIT {
    private static final String ANSWERED = "HTTP/1.1 200";

    private final List<Socket> sockets = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private Process process;

    @SuppressWarnings("NullAway.Init")
    private BufferedReader said;

    private int port;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 300 && exec \"$0\" \"$@\"",
                        OwnJava.program(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        OwnJava.classPath(),
                        CrampedServer.class.getName())
                .redirectErrorStream(true)
                .start();
        said = process.inputReader();
        port = Integer.parseInt(heard("port ").substring("port ".length()));
    }

    @AfterEach
    void end() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        process.destroy();
    }

    private String heard(String begin) throws IOException {
        String line = "";
        while (!line.startsWith(begin)) {
            line = requireNonNull(said.readLine(), "it ended");
        }
        return line;
    }

    private void tell(String word) throws IOException {
        Writer writer = process.outputWriter();
        writer.write(word + "\n");
        writer.flush();
    }

    private Socket ask() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(socket);
        socket.getOutputStream().write("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** The first bytes of an answer; empty where none comes in time. */
    private static String answer(Socket socket, Duration patience) throws IOException {
        socket.setSoTimeout((int) patience.toMillis());
        try {
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(ANSWERED.length()), StandardCharsets.US_ASCII);
        } catch (SocketTimeoutException e) {
            return "";
        }
    }

    @Test
    void whoComesBeyondAThirdOfThemIsAcceptedWhenOthersHaveGone() throws Exception {
        for (int i = 0; i < 400; i++) {
            ask();
        }
        assertThat(answer(sockets.getFirst(), Duration.ofSeconds(20))).isEqualTo(ANSWERED);
        assertThat(answer(sockets.getLast(), Duration.ofMillis(300))).isEmpty();

        for (Socket gone : sockets.subList(0, 350)) {
            gone.close();
        }

        assertThat(answer(sockets.getLast(), Duration.ofSeconds(20))).isEqualTo(ANSWERED);
    }

    @Test
    void aPortThatWasClosedForWantOfFilesIsOpenedAgainWhenThereAreSome() throws Exception {
        assertThat(answer(ask(), Duration.ofSeconds(20))).isEqualTo(ANSWERED);
        tell("take them");
        heard("taken");
        await().until(() -> !isOpen());

        tell("give them back");
        heard("given back");

        await().atMost(Duration.ofSeconds(20)).until(() -> isAnswered());
    }

    /** Each look is a connection, which takes a file that somebody has given back since, or cannot be accepted. */
    private boolean isOpen() {
        try {
            sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isAnswered() {
        try {
            return answer(ask(), Duration.ofSeconds(5)).equals(ANSWERED);
        } catch (IOException e) {
            return false;
        }
    }
}
