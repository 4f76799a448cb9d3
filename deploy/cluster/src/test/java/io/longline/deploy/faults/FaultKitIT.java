package io.longline.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.SharedCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One small cluster of processes, broken in turn. */
final class FaultKitIT {

    @TempDir
    static Path folder;

    private static FaultCluster cluster;
    private static CenterApi api;

    private final String user = SharedCluster.fresh("user");

    @BeforeAll
    static void start() {
        cluster = FaultCluster.start(FaultPlan.in(folder));
        api = new CenterApi(cluster.centers().getFirst(), "demo", "demo-secret");
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    private void push(String text) {
        String id = SharedCluster.fresh("push");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> api.pushWithId(id, user, text, "{}").status() / 100 == 2);
    }

    @Test
    void aPartThatIsKilledStaysDownUntilItIsRestartedAndKeepsItsPort() {
        Part saver = cluster.part("saver-1");
        long before = saver.pid();
        push("before");
        saver.kill();
        assertThat(saver.isRunning()).isFalse();
        saver.restart();
        await().atMost(Duration.ofMinutes(1)).until(saver::isReady);
        assertThat(saver.pid()).isNotEqualTo(before);
        push("after");
        assertThat(saver.metric("process_start_time_seconds")).isPositive();
    }

    @Test
    void aPartThatIsStoppedSaysNothingUntilItIsResumed() {
        Part register = cluster.part("register-1");
        register.stop();
        assertThat(register.isRunning()).isTrue();
        assertThat(register.isReady()).isFalse();
        register.resume();
        await().until(register::isReady);
        push("resumed");
    }
}
