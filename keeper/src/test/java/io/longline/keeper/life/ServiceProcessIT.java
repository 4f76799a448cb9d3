package io.longline.keeper.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.live.ZkConfigNode;
import io.longline.stores.EmbeddedZooKeeper;
import io.longline.stores.OwnJava;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: what they print, how they end. */
@Timeout(120)
class ServiceProcessIT {
    private static final EmbeddedZooKeeper ZOOKEEPER = EmbeddedZooKeeper.temporary();

    @TempDir
    private Path folder;

    private @Nullable Process process;

    @BeforeAll
    static void startZooKeeper() {
        ZOOKEEPER.start();
    }

    @AfterAll
    static void closeZooKeeper() {
        ZOOKEEPER.close();
    }

    @AfterEach
    void endProcess() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void itRunsUntilSigtermAndClosesWhatItStarted() throws Exception {
        Process running = start("--echo.size=3");
        await().atMost(Duration.ofSeconds(30)).until(() -> output().contains("running size=3 from=default"));
        running.destroy();
        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).isEqualTo(143);
        assertThat(output()).contains("closed");
    }

    @Test
    void everyErrorOfTheConfigurationIsToldAtOnceWithCodeOne() throws Exception {
        Process refused = start("--echo.size=99", "--echo.frm=here");
        assertThat(refused.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(refused.exitValue()).isEqualTo(1);
        assertThat(errors())
                .contains("echo was not started")
                .contains("echo.size")
                .contains("expected a number from 1 to 10")
                .contains("unknown key echo.frm, did you mean echo.from?");
        assertThat(output()).doesNotContain("running");
    }

    @Test
    void withoutZooKeeperWhatIsWrongHereIsToldAllTheSameAndSoon() throws Exception {
        long begin = System.nanoTime();
        Process refused = start("--zookeeper.hosts=127.0.0.1:1", "--echo.size=99");
        assertThat(refused.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(13));
        assertThat(refused.exitValue()).isEqualTo(1);
        assertThat(errors()).contains("echo was not started").contains("echo.size");
    }

    @Test
    void whatZooKeeperSaysMakesGoodWhatIsWrongInTheFile() throws Exception {
        Path file = Files.writeString(folder.resolve("echo.properties"), "echo.size = 99\n");
        ZkConfig config = new ZkConfig("127.0.0.1:" + ZOOKEEPER.port(), "good", Duration.ofSeconds(6));
        try (ZkSession session = new ZkSession(config)) {
            session.start();
            new ZkConfigNode(session, "echo").write(Map.of("echo.size", "4"));
        }
        start("--cluster=good", "--config", file.toString());
        await().atMost(Duration.ofSeconds(30)).until(() -> output().contains("running size=4"));
    }

    @Test
    void aServiceThatCannotStartSaysWhyWithCodeOne() throws Exception {
        Process failed = start("--echo.broken=true");
        assertThat(failed.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(failed.exitValue()).isEqualTo(1);
        assertThat(errors()).contains("echo could not be started: the port is taken");
    }

    @Test
    void theLayersAreFileZooKeeperEnvironmentAndFlags() throws Exception {
        Path file = Files.writeString(folder.resolve("echo.properties"), "echo.from = file\necho.size = 2\n");
        ZkConfig config = new ZkConfig("127.0.0.1:" + ZOOKEEPER.port(), "layers", Duration.ofSeconds(6));
        try (ZkSession session = new ZkSession(config)) {
            session.start();
            new ZkConfigNode(session, "echo").write(Map.of("echo.from", "zookeeper"));
        }
        start("--cluster=layers", "--config", file.toString());
        await().atMost(Duration.ofSeconds(30)).until(() -> output().contains("running size=2 from=zookeeper"));
        endProcess();
        start("--cluster=layers", "--config=" + file, "--echo.from=flag");
        await().atMost(Duration.ofSeconds(30)).until(() -> output().contains("running size=2 from=flag"));
    }

    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                OwnJava.program(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                EchoMain.class.getName(),
                "--zookeeper.hosts=127.0.0.1:" + ZOOKEEPER.port()));
        command.addAll(List.of(args));
        Process started = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        process = started;
        return started;
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    private String errors() throws IOException {
        return Files.readString(folder.resolve("err"));
    }
}
