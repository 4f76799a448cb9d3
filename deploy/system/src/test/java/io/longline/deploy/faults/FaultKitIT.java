package io.longline.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import io.longline.deploy.kit.SharedFaults;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the kit breaks is broken, and what it heals works again. */
@Tag("faults")
@Tag("alone")
final class FaultKitIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    static final SharedFaults shared = new SharedFaults();

    private final FaultCluster cluster = shared.cluster();
    private final String user = SharedCluster.fresh("kit");

    private static List<String> texts(JsonLink link) {
        return link.frames().pushesUntilCaughtUp().stream()
                .map(push -> push.get("text").asText())
                .toList();
    }

    @Test
    void aPartThatIsKilledStaysDownUntilItIsRestartedOnItsPort() {
        List<Part> savers = cluster.parts(PartKind.SAVER);
        shared.push(user, "before");
        long before = savers.getFirst().pid();
        savers.forEach(Part::kill);
        assertThat(savers).noneMatch(Part::isRunning);
        savers.forEach(Part::restart);
        await().atMost(PATIENCE).until(() -> savers.stream().allMatch(Part::isReady));
        assertThat(savers.getFirst().pid()).isNotEqualTo(before);
        shared.push(user, "after");
        try (JsonLink link = shared.connect(0, user)) {
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
    }

    @Test
    void everyStoreIsAProcessThatCanBeStoppedAndKilled() {
        for (Part store :
                cluster.parts().stream().filter(part -> part.kind().isStore()).toList()) {
            store.stop();
            assertThat(store.isReady()).as(store.name()).isFalse();
            store.resume();
            store.kill();
            assertThat(store.isRunning()).as(store.name()).isFalse();
            store.restart();
            await().alias(store.name()).until(store::isReady); // which a busy machine denies for a moment
            assertThat(store.log()).isNotEmptyFile();
        }
        shared.push(user, "recovered");
    }

    @Test
    void saversThatAreCutOffFromRedisRefuseAndGoOnAfterwards() {
        shared.push(user, "before");
        List<Cut> cuts = List.of(cluster.cut("saver-1", "redis"), cluster.cut("redis", "saver-2"));
        cuts.forEach(Cut::blackHole);
        assertThat(shared.api(0).push(user, "refused").status()).isEqualTo(503);
        await().until(() -> cluster.part("redis").isReady());
        cuts.forEach(Cut::heal);
        shared.push(user, "after");
        cuts.forEach(Cut::reset);
        assertThat(shared.api(0).push(user, "refused, too").status()).isEqualTo(503);
        cuts.forEach(Cut::heal);
        shared.push(user, "after that");
    }

    @Test
    void aRoomThatIsCutOffFromRegistersBindsNobodyUntilItIsHealed() {
        cluster.cut("room-1", "register-1").blackHole();
        cluster.cut("room-1", "register-2").blackHole();
        shared.push(user, "waiting");
        try (JsonLink link = JsonLink.open(cluster.rooms().getFirst().getPort())) {
            link.hello(
                    shared.journaled().id(), user, "phone", shared.journaled().token(user));
            JsonNode close = link.frames().next("close");
            assertThat(close.get("code").asInt()).isEqualTo(3003);
        }
        cluster.healAll();
        try (JsonLink link = shared.connect(0, user)) {
            assertThat(texts(link)).containsExactly("waiting");
        }
    }

    @Test
    void commitsOfMySqlAreSlowAndNothingElse() {
        shared.push(user, "fast");
        cluster.stores().slowMySql(Duration.ofMillis(1500));
        long begun = System.nanoTime();
        shared.push(user, "slow");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1400));
        Duration quickest =
                Stream.generate(this::asked).limit(3).min(Duration::compareTo).orElseThrow();
        assertThat(quickest).as("of three, as the machine may stand still").isLessThan(Duration.ofMillis(1400));
    }

    private Duration asked() {
        long begun = System.nanoTime();
        shared.api(0).user(user);
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void aRedisThatIsRolledBackOrEmptiedIsFilledAgain() {
        shared.push(user, "saved");
        cluster.stores().saveRedis();
        shared.push(user, "rolled back");
        cluster.stores().rollBackRedis();
        shared.push(user, "after");
        cluster.stores().flushRedis();
        shared.push(user, "at last");
        try (JsonLink link = shared.connect(0, user)) {
            assertThat(texts(link)).containsExactly("saved", "rolled back", "after", "at last");
        }
    }
}
