package io.longline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.OwnHome;
import io.longline.deploy.kit.Program;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import io.longline.deploy.service.OwnProcesses;
import io.longline.deploy.service.ServiceKind;
import io.longline.sdk.LonglineClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --processes}: each service in a process of its own, which is killed in turn while a client listens. */
final class ProcessesIT {

    @TempDir
    Path folder;

    private final String user = SharedCluster.fresh("steady");
    private final List<String> output = new CopyOnWriteArrayList<>();

    @Test
    void aServiceThatIsKilledIsStartedAgainAndNoPushIsLost() {
        ClusterOptions options =
                ClusterOptions.in(folder.resolve("data")).withRooms(2).withPorts(ClusterPorts.ANY);
        List<String> got = Collections.synchronizedList(new ArrayList<>());
        List<String> pushed = new ArrayList<>();
        try (OwnHome _ = new OwnHome(folder.resolve("home"));
                LocalCluster cluster =
                        new LocalCluster(options, OwnProcesses.revived(options.data(), output::add), line -> {})) {
            cluster.start();
            CenterApi api = new CenterApi(cluster.center(0), "demo", "demo-secret");
            try (LonglineClient client = client(cluster, got)) {
                client.start();
                for (ServiceKind kind : List.of(ServiceKind.ROOM, ServiceKind.REGISTER, ServiceKind.SAVER)) {
                    kill(kind.word() + "-1");
                    IntStream.range(0, 10).forEach(i -> pushed.add(push(api, kind.word() + i)));
                    await().atMost(Duration.ofMinutes(1)).until(() -> alive(kind.word() + "-1"));
                }
                await().atMost(Duration.ofMinutes(1)).until(() -> got.size() >= pushed.size());
            }
        }
        assertThat(got).isEqualTo(pushed);
        assertThat(output).anyMatch(line -> line.startsWith("[room-1] ended with exit code 137"));
        await().untilAsserted(() ->
                assertThat(Program.processesWith(folder.toString())).isEmpty());
    }

    private String push(CenterApi api, String text) {
        String id = SharedCluster.fresh("push");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> api.pushWithId(id, user, text, "{}").status() / 100 == 2);
        return text;
    }

    private void kill(String instance) {
        children(instance).forEach(ProcessHandle::destroyForcibly);
    }

    private boolean alive(String instance) {
        return !children(instance).isEmpty();
    }

    /** Of this cluster; another one may run its services as children of this process, too. */
    private List<ProcessHandle> children(String instance) {
        List<ProcessHandle> ofThisCluster =
                Program.processesWith(folder.toString()).toList();
        return Program.processesWith("--instance=" + instance)
                .filter(ofThisCluster::contains)
                .toList();
    }

    private LonglineClient client(LocalCluster cluster, List<String> got) {
        return LonglineClient.builder()
                .dispatcher(cluster.dispatcher().toString())
                .product("demo")
                .user(user)
                .token(() -> TestProduct.DEMO.token(user))
                .listener(message -> got.add(String.valueOf(message.text())))
                .build();
    }
}
