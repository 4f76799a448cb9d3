package io.longline.center.faults;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.center.kit.FakeRoom;
import io.longline.rpc.v1.Endpoint;
import io.longline.stores.junit.ZooKeeperExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes that were stopped: their connections stay, and nothing comes back. The sweep is off. */
@Timeout(60)
class StoppedPeersIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint PHONE = endpoint("u1", "phone");
    private static final String UNNAMED = "{\"target\":{\"user\":\"u1\"},\"payload\":\"x\"}";
    private static final String NAMED = "{\"target\":{\"user\":\"u1\",\"device\":\"phone\"},\"payload\":\"x\"}";
    private static final Duration PATIENCE = Duration.ofMillis(1500);

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(
                ZOOKEEPER.uri(),
                Map.of(
                        "center.sweep.interval", "1h",
                        "center.patience", PATIENCE.toMillis() + "ms",
                        "center.max-requests", "60",
                        "center.max-requests-per-product", "40",
                        "center.max-hints-per-room", "10"));
        kit.register().connect(PHONE, kit.room(), 11);
        assertThat(kit.api().send(UNNAMED).status()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private record Timed(Answer answer, Duration took) {}

    private static Timed timed(Supplier<Answer> request) {
        long begin = System.nanoTime();
        Answer answer = request.get();
        return new Timed(answer, Duration.ofNanos(System.nanoTime() - begin));
    }

    private String metrics() {
        return new String(kit.api().get("/metrics").response().body(), StandardCharsets.UTF_8);
    }

    private static void assertDown(Timed timed, String dependency) {
        assertThat(timed.took()).isLessThan(PATIENCE.plusSeconds(1));
        assertThat(timed.answer().status()).isEqualTo(503);
        assertThat(timed.answer().text("/error/reason")).isEqualTo("DEPENDENCY_DOWN");
        assertThat(timed.answer().text("/error/dependency")).isEqualTo(dependency);
        assertThat(timed.answer().header("Retry-After")).isPresent();
        assertThat(timed.answer().json().at("/error/retry_after_ms").asLong()).isPositive();
    }

    @Test
    void aSaverThatIsStoppedIsNamedWithinThePatienceAndAllGoesOnAfterwards() {
        kit.pipe("saver-1").hold();
        String claimed = UNNAMED.replace("{\"target", "{\"message_id\":\"m-1\",\"target");

        assertDown(timed(() -> kit.api().send(UNNAMED)), "saver");
        assertDown(timed(() -> kit.api().send(claimed)), "saver");
        assertDown(timed(() -> kit.api().get("/v1/messages/m-0")), "saver");
        assertDown(timed(() -> kit.api().get("/v1/users/u1")), "saver");
        Timed token = timed(() -> kit.api().post("/v1/tokens", "{\"user\":\"u1\"}"));
        assertThat(token.answer().status()).isEqualTo(200);
        assertThat(token.took()).isLessThan(Duration.ofSeconds(1));

        kit.pipe("saver-1").goOn();
        await().until(() -> kit.api().send(claimed).status() == 200);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
    }

    @Test
    void aRegisterThatIsStoppedLeavesANamedDeviceStoredAndIsNamedOtherwise() {
        kit.pipe("register-1").hold();

        Timed named = timed(() -> kit.api().send(NAMED));
        assertThat(named.answer().status()).isEqualTo(202);
        assertThat(named.answer().text("/status")).isEqualTo("stored");
        assertThat(named.took()).isLessThan(Duration.ofSeconds(2));
        assertThat(kit.saver().isUnsent(PHONE)).isTrue();
        assertDown(timed(() -> kit.api().send(UNNAMED)), "register");
        assertDown(timed(() -> kit.api().get("/v1/users/u1")), "register");

        kit.pipe("register-1").goOn();
        await().until(() -> kit.api().send(UNNAMED).status() == 200);
    }

    @Test
    void aRoomThatIsStoppedHoldsUpItsShareOfThePushesAndNoOther() throws Exception {
        FakeRoom stopped = kit.addRoom("room-2");
        await().until(() ->
                kit.operator().get("/admin/v1/nodes").json().toString().contains("room-2"));
        kit.register().connect(endpoint("stuck", "phone"), stopped, 1);
        kit.pipe("room-2").hold();
        String toStuck = UNNAMED.replace("u1", "stuck");

        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Timed>> stuck = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                stuck.add(others.submit(() -> timed(() -> kit.api().send(toStuck))));
            }
            List<Duration> alive = new ArrayList<>();
            for (Future<Timed> one : stuck) {
                Timed other = timed(() -> kit.api().send(UNNAMED));
                assertThat(other.answer().text("/status")).isEqualTo("written");
                alive.add(other.took());
                assertThat(one.get().answer().status()).isEqualTo(202);
                assertThat(one.get().took()).isLessThan(PATIENCE.plusSeconds(1));
            }
            assertThat(alive.stream().sorted().toList().get(alive.size() / 2)).isLessThan(Duration.ofMillis(700));
        }
        assertThat(metrics())
                .containsPattern("longline_center_hints_rejected_total\\{.*room_full.*} [1-9]")
                .containsPattern("longline_center_hints_limit\\{.*} 10\\.0");
        kit.pipe("room-2").goOn();
        await().until(() -> kit.api().send(toStuck).text("/status").equals("written"));
    }

    @Test
    void whatWaitsForAStoppedSaverIsBoundedAndTheRestIsRefusedAtOnce() throws Exception {
        kit.pipe("saver-1").hold();
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Timed>> sent = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                String product = i % 2 == 0 ? "shop" : "news";
                sent.add(others.submit(() -> timed(() -> kit.api(product).send(UNNAMED))));
            }
            int waited = 0;
            for (Future<Timed> one : sent) {
                Timed timed = one.get();
                assertThat(timed.answer().status()).isIn(429, 503);
                assertThat(timed.answer().header("Retry-After")).isPresent();
                waited += timed.answer().text("/error/reason").equals("DEPENDENCY_DOWN") ? 1 : 0;
            }
            assertThat(waited).isBetween(1, 60);
        }
        kit.pipe("saver-1").goOn();
        await().until(() -> kit.api().send(UNNAMED).status() == 200);
        assertThat(kit.api("news").send(UNNAMED).status()).isEqualTo(202);
    }
}
