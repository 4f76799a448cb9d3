package io.longline.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedRedisIT {
    /** What has ended, Java takes note of a moment later. */
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void aRestartKeepsThePortAndTheDataAndChangesTheRunId() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.in(directory, 0).start()) {
            int port = redis.port();
            String runId = runId(redis);
            assertThat(ask(redis, "SET k v")).isEqualTo("+OK");

            redis.restart();

            assertThat(redis.port()).isEqualTo(port);
            assertThat(ask(redis, "GET k")).isEqualTo("$1");
            assertThat(runId(redis)).isNotEqualTo(runId);
        }
        assertThat(directory).isDirectory();
    }

    @Test
    void aStoreLeftByAnEarlierOwnerIsEndedByTheNextStart() throws IOException {
        EmbeddedRedis left = EmbeddedRedis.in(directory, 0).start();
        ProcessHandle process = ProcessHandle.of(left.pid()).orElseThrow();
        assertThat(ask(left, "SET k v")).isEqualTo("+OK");

        try (EmbeddedRedis next = EmbeddedRedis.in(directory, left.port()).start()) {
            assertThat(process.onExit()).succeedsWithin(SOON);
            assertThat(next.pid()).isNotEqualTo(process.pid());
            assertThat(ask(next, "GET k")).isEqualTo("$1");
        }
    }

    @Test
    void aStrangerWithTheRecordedPidIsLeftAlone() throws IOException {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(directory.resolve("redis-server.pid"), stranger.pid() + "\nredis-server\n");
            try (EmbeddedRedis redis = EmbeddedRedis.in(directory, 0).start()) {
                assertThat(redis.pid()).isNotEqualTo(stranger.pid());
                assertThat(stranger.isAlive()).isTrue();
            }
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void aRecordThatDoesNotParseIsIgnored() throws IOException {
        Files.writeString(directory.resolve("redis-server.pid"), "what?");
        try (EmbeddedRedis redis = EmbeddedRedis.in(directory, 0).start()) {
            assertThat(ask(redis, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void closeLeavesNoProcessNoRecordAndNoTemporaryFolder() {
        EmbeddedRedis redis = EmbeddedRedis.temporary().start();
        ProcessHandle process = ProcessHandle.of(redis.pid()).orElseThrow();
        redis.close();
        redis.close();
        assertThat(process.onExit()).succeedsWithin(SOON);
        assertThat(redis.directory()).doesNotExist();
    }

    @Test
    void emptyingMakesItAnotherStoreAtTheSameAddress() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.in(directory, 0).start()) {
            assertThat(ask(redis, "SET k v")).isEqualTo("+OK");
            assertThatThrownBy(redis::empty).isInstanceOf(IllegalStateException.class);
            redis.kill();
            redis.empty();
            redis.start();
            assertThat(ask(redis, "GET k")).isEqualTo("$-1");
        }
    }

    @Test
    void aPausedStoreAnswersNothingUntilItIsResumed() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.temporary().start();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
            socket.setSoTimeout(200);
            redis.pause();
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            redis.resume();
            socket.setSoTimeout(30_000);
            assertThat(socket.getInputStream().read()).isEqualTo('+');
        }
    }

    @Test
    void aPortInUseIsNamedAndNothingIsStarted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EmbeddedRedis redis = EmbeddedRedis.in(directory, taken.getLocalPort())) {
            assertThatThrownBy(redis::start).hasMessageContaining("port " + taken.getLocalPort() + " is in use");
            assertThatThrownBy(redis::pid).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anOptionThatRedisRefusesIsToldWithItsOwnWords() {
        try (EmbeddedRedis redis = EmbeddedRedis.in(directory, 0, "--no-such-option", "1")) {
            assertThatThrownBy(redis::start).rootCause().hasMessageContaining("no-such-option");
        }
    }

    private static String runId(EmbeddedRedis redis) throws IOException {
        try (Socket socket = connect(redis)) {
            socket.getOutputStream().write("INFO server\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return reader.lines()
                    .filter(line -> line.startsWith("run_id:"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String ask(EmbeddedRedis redis, String command) throws IOException {
        try (Socket socket = connect(redis)) {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    private static Socket connect(EmbeddedRedis redis) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port());
        socket.setSoTimeout(30_000);
        return socket;
    }
}
