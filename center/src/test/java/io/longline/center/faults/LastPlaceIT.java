package io.longline.center.faults;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.HandOverResult;
import io.longline.stores.junit.ZooKeeperExtension;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis is away: QoS 0 flows to where somebody was seen last. */
@Timeout(60)
class LastPlaceIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint PHONE = endpoint("u1", "phone");
    private static final Endpoint DESK = endpoint("u1", "desk");
    private static final String TO_USER = "{\"target\":{\"user\":\"u1\"},\"payload\":\"x\",\"options\":{\"qos\":0}}";

    @SuppressWarnings("NullAway.Init")
    private CenterKit kit;

    @BeforeEach
    void start() {
        kit = new CenterKit(
                ZOOKEEPER.uri(),
                Map.of("center.sweep.interval", "1h", "center.patience", "1h", "center.hand-over-wait", "1h"));
        kit.register().connect(PHONE, kit.room(), 11);
        assertThat(kit.api().send(TO_USER).text("/status")).isEqualTo("written");
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private void redisIsAway() {
        kit.register().fail(LonglineException.dependencyDown("redis", "Redis is away", null));
    }

    private static void assertRedisIsDown(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("/error/reason")).isEqualTo("DEPENDENCY_DOWN");
        assertThat(answer.text("/error/dependency")).isEqualTo("redis");
        assertThat(answer.header("Retry-After")).isPresent();
    }

    @Test
    void whoWasSeenIsReachedWithAndWithoutADevice() {
        redisIsAway();

        assertThat(kit.api().send(TO_USER).text("/status")).isEqualTo("written");
        Answer named = kit.api().send(TO_USER.replace("\"u1\"", "\"u1\",\"device\":\"phone\""));
        assertThat(named.text("/status")).isEqualTo("written");
        assertThat(kit.room().handed()).hasSize(3).allSatisfy(hint -> {
            assertThat(hint.getGeneration()).isEqualTo(11);
            assertThat(hint.getSeq()).isZero();
        });
        Answer metrics = kit.api().get("/metrics");
        assertThat(new String(metrics.response().body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("longline_center_places_used_total")
                .contains("longline_center_places_depth");
    }

    @Test
    void registerIsNotWaitedForWhereSomebodyWasSeen() {
        CountDownLatch held = kit.register().hold();

        // Each of both questions has an hour, as far as the configuration goes.
        assertThat(kit.api().send(TO_USER).text("/status")).isEqualTo("written");
        assertThat(kit.api().send(TO_USER).text("/status")).isEqualTo("written");
        held.countDown();
    }

    @Test
    void whoWasNotSeenIs503() {
        redisIsAway();
        assertRedisIsDown(kit.api().send(TO_USER.replace("u1", "u2")));
        assertRedisIsDown(kit.api().send(TO_USER.replace("\"u1\"", "\"u1\",\"device\":\"desk\"")));
    }

    @Test
    void aPlaceThatWasLeftIsForgotten() {
        redisIsAway();
        kit.room().answer(HandOverResult.HAND_OVER_STALE);
        assertRedisIsDown(kit.api().send(TO_USER));
        assertThat(kit.room().handed()).hasSize(2);
        assertRedisIsDown(kit.api().send(TO_USER));
        assertThat(kit.room().handed()).hasSize(2);
    }

    @Test
    void ofSeveralDevicesThoseThatWereSeenAreReached() {
        kit.register().know(DESK);
        kit.register().connect(DESK, kit.room(), 12);
        assertThat(kit.api().send(TO_USER).text("/status")).isEqualTo("written");
        kit.register().disconnect(DESK);
        assertThat(kit.api().send(TO_USER).json().at("/results").findValuesAsText("status"))
                .containsExactly("dropped", "written");
        redisIsAway();

        Answer answer = kit.api().send(TO_USER);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/results").findValuesAsText("device")).containsExactly("desk", "phone");
        assertThat(answer.json().at("/results").findValuesAsText("status")).containsExactly("dropped", "written");
        assertThat(answer.text("/results/0/reason")).isEqualTo("no_answer");
    }

    @Test
    void whatIsStoredIsNeverLedByIt() {
        redisIsAway();

        Answer stored = kit.api().send("{\"target\":{\"user\":\"u1\",\"device\":\"phone\"},\"payload\":\"x\"}");

        assertThat(stored.text("/status")).isEqualTo("stored");
        assertThat(kit.room().handed()).hasSize(1);
        assertThat(kit.saver().isUnsent(PHONE)).isTrue();
    }
}
