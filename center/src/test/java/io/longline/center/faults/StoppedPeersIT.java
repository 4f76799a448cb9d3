package io.longline.center.faults;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.center.kit.Api;
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
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** A machine may stand still for a moment; whoever is not told within the patience here is told after 30 s, by the breaker. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(
                ZOOKEEPER.uri(),
                Map.of(
                        "center.sweep.interval", "1h",
                        "center.patience", PATIENCE.toMillis() + "ms",
                        "rpc.silence", "30s",
                        "center.max-requests", "60",
                        "center.max-requests-per-product", "40",
                        "center.max-hints-per-room", "10"));
        kit.register().connect(PHONE, kit.room(), 11);
        await().until(() -> kit.api().send(UNNAMED).status() == 200); // the first takes long
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

    /** All at once. */
    @SafeVarargs
    private static void assertAllDown(String dependency, Supplier<Answer>... requests) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Timed>> sent = new ArrayList<>();
            for (Supplier<Answer> request : requests) {
                sent.add(callers.submit(() -> timed(request)));
            }
            for (Future<Timed> each : sent) {
                assertDown(each.get(), dependency);
            }
        }
    }

    private static void assertDown(Timed timed, String dependency) {
        assertThat(timed.took()).isLessThan(PATIENCE.plus(SLACK));
        assertThat(timed.answer().status()).isEqualTo(503);
        assertThat(timed.answer().text("/error/reason")).isEqualTo("DEPENDENCY_DOWN");
        assertThat(timed.answer().text("/error/dependency")).isEqualTo(dependency);
        assertThat(timed.answer().header("Retry-After")).isPresent();
        assertThat(timed.answer().json().at("/error/retry_after_ms").asLong()).isPositive();
    }

    @Test
    void aSaverThatIsStoppedIsNamedWithinThePatienceAndAllGoesOnAfterwards() throws Exception {
        kit.pipe("saver-1").hold();
        String claimed = UNNAMED.replace("{\"target", "{\"message_id\":\"m-1\",\"target");

        assertAllDown(
                "saver",
                () -> kit.api().send(UNNAMED),
                () -> kit.api().send(claimed),
                () -> kit.api().get("/v1/messages/m-0"),
                () -> kit.api().get("/v1/users/u1"));
        Timed token = timed(() -> kit.api().post("/v1/tokens", "{\"user\":\"u1\"}"));
        assertThat(token.answer().status()).isEqualTo(200);
        assertThat(token.took()).isLessThan(PATIENCE);
        kit.pipe("saver-1").goOn();
        await().until(() -> kit.api().send(claimed).status() == 200);
        assertThat(kit.saver().messagesNamed("m-1")).isEqualTo(1);
    }

    @Test
    void aRegisterThatIsStoppedLeavesANamedDeviceStoredAndIsNamedOtherwise() throws Exception {
        kit.pipe("register-1").hold();

        Timed named = timed(() -> kit.api().send(NAMED));
        assertThat(named.answer().status()).isEqualTo(202);
        assertThat(named.answer().text("/status")).isEqualTo("stored");
        assertThat(named.took()).isLessThan(PATIENCE.plus(SLACK));
        assertThat(kit.saver().isUnsent(PHONE)).isTrue();
        assertAllDown("register", () -> kit.api().send(UNNAMED), () -> kit.api().get("/v1/users/u1"));
        kit.pipe("register-1").goOn();
        await().until(() -> kit.api().send(UNNAMED).status() == 200);
    }

    @Test
    void aRoomThatIsStoppedHoldsUpItsShareOfThePushesAndNoOther() throws Exception {
        FakeRoom stopped = kit.addRoom("room-2");
        kit.register().connect(endpoint("stuck", "phone"), stopped, 1);
        kit.pipe("room-2").hold();
        String toStuck = UNNAMED.replace("u1", "stuck");

        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Timed>> stuck = new ArrayList<>();
            Api api = kit.api();
            for (int i = 0; i < 30; i++) {
                stuck.add(others.submit(() -> timed(() -> api.send(toStuck))));
            }
            List<Duration> alive = new ArrayList<>();
            for (Future<Timed> one : stuck) {
                Timed other = timed(() -> kit.api().send(UNNAMED));
                assertThat(other.answer().text("/status")).isEqualTo("written");
                alive.add(other.took());
                assertThat(one.get().answer().status()).isEqualTo(202);
                assertThat(one.get().took()).isLessThan(PATIENCE.plus(SLACK));
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
            Api[] products = {kit.api("shop"), kit.api("news")}; // all are there before the first is told
            for (int i = 0; i < 150; i++) {
                Api product = products[i % 2];
                sent.add(others.submit(() -> timed(() -> product.send(UNNAMED))));
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
