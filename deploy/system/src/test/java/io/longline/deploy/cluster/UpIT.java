package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.Program;
import io.longline.deploy.kit.SharedCluster;
import io.longline.stores.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The real program as an operator runs it: started, stopped, killed, started again. */
final class UpIT {
    private static final List<String> ANY_PORTS =
            List.of("--dispatcher-port", "0", "--room-port", "0", "--center-port", "0", "--admin-port", "0");

    private static final String WRITTEN = "\"status\":\"written\"";

    @TempDir
    Path folder;

    private final String user = SharedCluster.fresh("operator");
    private final List<ProcessHandle> services = new ArrayList<>();

    @AfterEach
    void nothingIsLeftBehind() {
        try {
            await().untilAsserted(() ->
                    assertThat(Program.processesWith(folder.toString())).isEmpty());
        } finally {
            Program.processesWith(folder.toString()).forEach(ProcessHandle::destroyForcibly); // of a test that failed
        }
    }

    private Program up(String... options) {
        List<String> arguments = new ArrayList<>(List.of("up", "--data", data().toString()));
        arguments.addAll(ANY_PORTS);
        arguments.addAll(List.of(options));
        return Program.run(home(), arguments.toArray(String[]::new));
    }

    private Path home() {
        return folder.resolve("home");
    }

    private Path data() {
        return folder.resolve("my data");
    }

    private static CenterApi api(Program up) {
        String line = up.lines().stream()
                .map(String::strip)
                .filter(each -> each.startsWith("center-1 ") && each.contains(" admin http://"))
                .findFirst()
                .orElseThrow();
        return new CenterApi(URI.create(line.split(" +", -1)[1]), "demo", "demo-secret");
    }

    @Test
    void theLinesThatItPrintsWorkAsTheyStand() {
        try (Program up = up()) {
            up.awaitLine("installing MariaDB");
            assertThat(up.awaitLine("longline is up")).isEqualTo("longline is up");
            assertThat(up.lines()).anyMatch(line -> line.contains("redis://127.0.0.1:"));
            assertThat(up.lines()).anyMatch(line -> line.contains("jdbc:mysql://127.0.0.1:"));
            assertThat(up.lines()).anyMatch(line -> line.contains("zookeeper 127.0.0.1:"));
            try (Program listen = Program.shell(home(), up.lineAfter("listen:"))) {
                listen.awaitLine("caught up");
                String answer = "";
                for (int i = 0; i < 3 && !answer.contains(WRITTEN); i++) { // the machine may stand still for its second
                    try (Program curl = Program.shell(home(), up.lineAfter("push:"))) {
                        assertThat(curl.awaitEnd()).isZero();
                        answer = curl.toString();
                    }
                }
                assertThat(answer).contains(WRITTEN);
                assertThat(listen.awaitLine("\"text\":\"hello\"")).contains("\"user\":\"alice\"");
            }
            assertThat(up.terminate()).isIn(0, 143);
            assertThat(up.lines()).contains("stopped");
        }
    }

    private void run(String... arguments) {
        try (Program command = Program.run(home(), arguments)) {
            assertThat(command.awaitEnd()).as("%s", command).isZero();
        }
    }

    @Test
    void afterSigtermEverythingIsFoundAgain() {
        String id = SharedCluster.fresh("kept");
        long seq;
        try (Program first = up()) {
            first.awaitLine("longline is up");
            seq = push(first, id).result().get("seq").asLong();
            assertThat(first.awaitLine("API secret")).contains("demo-secret", "admin-secret");
            run("config", "set", "operator.secret=another-secret");
            first.terminate();
            assertThat(Program.processesWith(data().toString())).isEmpty();
        }
        Program again = assertFound(id, seq);
        assertThat(again.awaitLine("API secret"))
                .as("as it was changed")
                .contains("demo-secret", "(changed since)")
                .doesNotContain("admin-secret");
    }

    @Test
    void afterAKillOfTheWholeUpEverythingIsFoundAgainAndStoresThatWereLeftAreEnded() throws IOException {
        String id = SharedCluster.fresh("kept");
        Program first = up();
        first.awaitLine("longline is up");
        long seq = push(first, id).result().get("seq").asLong();
        List<ProcessHandle> stores = List.of(recorded("redis/redis-server.pid"), recorded("mariadb/mariadbd.pid"));
        first.kill();
        assertThat(stores).allMatch(ProcessHandle::isAlive);

        Program _ = assertFound(id, seq);

        assertThat(stores)
                .noneMatch(store -> store.isAlive() && store.info().command().isPresent());
    }

    /** Whoever holds a port when the next one looks is waited for. */
    @Test
    @EnabledIfSystemProperty(named = "longline.test.long", matches = "true")
    void servicesOfAKilledUpEndByThemselvesAndTheNextUpOnTheirPortsStartsAtOnce() throws IOException {
        String[] command = {
            "up",
            "--processes",
            "--data",
            data().toString(),
            "--dispatcher-port",
            freePorts(1),
            "--room-port",
            freePorts(1),
            "--center-port",
            freePorts(1),
            "--admin-port",
            freePorts(6)
        };
        Program up = Program.run(home(), command);
        up.awaitLine("longline is up");
        ProcessHandle.of(up.pid()).orElseThrow().children().forEach(this::rememberService);
        assertThat(services).hasSize(6);
        aStoreThatDiesIsStartedAgain(up);

        up.kill();
        try (Program next = Program.run(home(), command)) {
            next.awaitLine("longline is up");
            assertThat(services)
                    .noneMatch(service ->
                            service.isAlive() && service.info().command().isPresent());
            assertThat(push(next, SharedCluster.fresh("alive")).state()).isEqualTo("stored");
        }
    }

    private void aStoreThatDiesIsStartedAgain(Program up) throws IOException {
        recorded("redis/redis-server.pid").destroyForcibly();
        up.awaitLine("Redis ended with exit code 137, starting it again");
        up.awaitLine("Redis is back");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> api(up).pushWithId(SharedCluster.fresh("alive"), user, "kept", "{}")
                                .status()
                        == 202);
    }

    private void rememberService(ProcessHandle child) {
        if (child.info().command().orElse("").endsWith("java")) {
            services.add(child);
        }
    }

    /** The first of so many in a row. */
    private static String freePorts(int count) {
        while (true) {
            int first = Ports.free();
            if (IntStream.range(first, first + count).allMatch(UpIT::isFree)) {
                return Integer.toString(first);
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private Answer push(Program up, String id) {
        Answer answer = api(up).pushWithId(id, user, "kept", "{}");
        assertThat(answer.status()).isEqualTo(202);
        return answer;
    }

    private ProcessHandle recorded(String file) throws IOException {
        String pid = Files.readAllLines(data().resolve(file)).getFirst();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    /** The id is remembered, and the message arrives, once. */
    private Program assertFound(String id, long seq) {
        try (Program again = up()) {
            again.awaitLine("longline is up");
            assertThat(again.toString()).doesNotContain("installing MariaDB");
            Answer repeated = api(again).pushWithId(id, user, "kept", "{}");
            assertThat(repeated.header("Idempotent-Replay")).isEqualTo("true");
            assertThat(repeated.result().get("seq").asLong()).isEqualTo(seq);
            try (Program listen = Program.run(home(), "listen", "--product", "demo", "--user", user, "--count", "1")) {
                listen.awaitLine("\"message_id\":\"" + id + "\"");
                assertThat(listen.awaitEnd()).isZero();
            }
            await().until(() -> api(again).message(id).state().equals("acked"));
            assertThat(api(again).pending(user, "default")).isZero();
            return again;
        }
    }

    @Test
    void aSecondUpOnTheSameDataAtTheSameTimeIsRefused() {
        try (Program first = up()) {
            first.awaitLine("longline is up");
            Program second = up();
            assertThat(second.awaitEnd()).isEqualTo(1);
            assertThat(second.awaitLine("longline:")).contains(data().toString(), "is in use", "--data");
            assertThat(push(first, SharedCluster.fresh("alive")).status()).isEqualTo(202);
        }
    }

    /** {@link #nothingIsLeftBehind} is the rest of it. */
    @Test
    void sigtermWhileItStartsStopsItToo() {
        Program up = up();
        up.awaitLine("installing MariaDB");
        assertThat(up.terminate()).isEqualTo(143);
        assertThat(up.lines()).doesNotContain("longline is up").contains("stopped");
    }

    @Test
    void aPortInUseIsNamedWithItsOption() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Program up = Program.run(
                    home(), "up", "--data", data().toString(), "--center-port", port, "--dispatcher-port", "0");
            assertThat(up.awaitEnd()).isEqualTo(1);
            assertThat(up.awaitLine("longline:")).contains(port, "--center-port");
        }
    }

    @Test
    void freshForgetsAndWorksThroughALinkFromAnotherFolder() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("ll"), Program.script());
        String id = SharedCluster.fresh("forgotten");
        try (Program first = up()) {
            first.awaitLine("longline is up");
            push(first, id);
        }
        List<String> command =
                new ArrayList<>(List.of("bash", "-c", "cd / && exec \"$0\" \"$@\"", link.toString(), "up", "--fresh"));
        command.addAll(List.of("--data", data().toString()));
        command.addAll(ANY_PORTS);
        try (Program fresh = Program.runCommand(home(), command)) {
            fresh.awaitLine("longline is up");
            assertThat(api(fresh).message(id).status()).isEqualTo(404);
        }
    }
}
