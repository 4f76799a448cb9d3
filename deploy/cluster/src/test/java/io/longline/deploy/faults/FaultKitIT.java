package io.longline.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.Answer;
import io.longline.deploy.kit.CenterApi;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.TestProduct;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One small cluster of processes, broken in turn: what the kit breaks is broken, and what it heals works again. */
final class FaultKitIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

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
        List<Long> pids = cluster.parts().stream().map(Part::pid).toList();
        cluster.close();
        assertThat(pids).allMatch(pid -> !Files.exists(Path.of("/proc", Long.toString(pid), "exe")));
    }

    @AfterEach
    void heal() {
        cluster.healAll();
    }

    private Answer push(String text) {
        String id = SharedCluster.fresh("push");
        return await().atMost(PATIENCE)
                .until(() -> api.pushWithId(id, user, text, "{}"), answer -> answer.status() / 100 == 2);
    }

    private JsonLink connect() {
        return await().atMost(PATIENCE).ignoreExceptions().until(this::connectOnce, link -> !link.isClosed());
    }

    private JsonLink connectOnce() {
        JsonLink link = JsonLink.open(cluster.rooms().getFirst().getPort());
        link.hello("demo", user, "phone", TestProduct.DEMO.token(user));
        link.frames().next("welcome");
        return link;
    }

    private static List<String> texts(JsonLink link) {
        return link.frames().pushesUntilCaughtUp().stream()
                .map(push -> push.get("text").asText())
                .toList();
    }

    @Test
    void aPartThatIsKilledStaysDownUntilItIsRestartedOnItsPort() {
        Part saver = cluster.part("saver-1");
        push("before");
        long before = saver.pid();
        saver.kill();
        assertThat(saver.isRunning()).isFalse();
        saver.restart();
        await().atMost(PATIENCE).until(saver::isReady);
        assertThat(saver.pid()).isNotEqualTo(before);
        push("after");
        try (JsonLink link = connect()) {
            assertThat(texts(link)).containsExactly("before", "after");
        }
    }

    @Test
    void aPartThatIsStoppedSaysNothingUntilItIsResumed() {
        Part register = cluster.part("register-1");
        register.stop();
        assertThat(register.isRunning()).isTrue();
        assertThat(register.isReady()).isFalse();
        register.resume();
        await().atMost(PATIENCE).until(register::isReady);
        assertThat(register.metric("jvm_threads_live_threads")).isPositive();
        push("resumed");
    }

    @Test
    void everyStoreIsAProcessThatCanBeStoppedAndKilled() {
        for (Part store :
                cluster.parts().stream().filter(part -> part.kind().isStore()).toList()) {
            assertThat(store.isReady()).as(store.name()).isTrue();
            store.stop();
            assertThat(store.isReady()).as(store.name()).isFalse();
            store.resume();
            store.kill();
            assertThat(store.isRunning()).isFalse();
            store.restart();
            assertThat(store.isReady()).as(store.name()).isTrue();
            assertThat(store.log()).isNotEmptyFile();
        }
        await().atMost(PATIENCE).until(() -> cluster.parts().stream().allMatch(Part::isReady));
        push("recovered");
    }

    @Test
    void aSaverThatIsCutOffFromRedisRefusesAndGoesOnAfterwards() {
        push("before");
        Cut cut = cluster.cut("saver-1", "redis");
        cut.blackHole();
        assertThat(api.push(user, "refused").status()).isEqualTo(503);
        assertThat(cluster.part("redis").isReady()).isTrue();
        cut.heal();
        push("after");
        cut.reset();
        assertThat(api.push(user, "refused, too").status()).isEqualTo(503);
        cut.heal();
        push("after that");
    }

    @Test
    void aRoomThatIsCutOffFromRegisterBindsNobodyUntilItIsHealed() {
        cluster.cut("room-1", "register-1").blackHole();
        push("waiting");
        try (JsonLink link = JsonLink.open(cluster.rooms().getFirst().getPort())) {
            link.hello("demo", user, "phone", TestProduct.DEMO.token(user));
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(2))
                    .until(() -> link.frames().isEmpty() || isRefusal(link));
        }
        cluster.healAll();
        try (JsonLink link = connect()) {
            assertThat(texts(link)).containsExactly("waiting");
        }
    }

    private static boolean isRefusal(JsonLink link) {
        JsonNode close = link.frames().next("close");
        return close.get("code").asInt() == 3003;
    }

    @Test
    void commitsOfMySqlAreSlowAndNothingElse() {
        push("fast");
        cluster.stores().slowMySql(Duration.ofMillis(1500));
        long begun = System.nanoTime();
        push("slow");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1400));
        begun = System.nanoTime();
        api.user(user);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(1400));
        cluster.stores().slowMySql(Duration.ZERO);
    }

    @Test
    void aRedisThatIsRolledBackOrEmptiedIsFilledAgain() {
        push("saved");
        cluster.stores().saveRedis();
        push("rolled back");
        cluster.stores().rollBackRedis();
        push("after");
        cluster.stores().emptyRedis();
        push("after that");
        cluster.stores().flushRedis();
        push("at last");
        try (JsonLink link = connect()) {
            assertThat(texts(link)).containsExactly("saved", "rolled back", "after", "after that", "at last");
        }
    }
}
