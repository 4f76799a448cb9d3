package io.longline.center.faults;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.Message;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A center whose clock is an hour off: messages have the store's time, client tokens the center's. */
@Timeout(60)
class ClockJumpIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint PHONE = endpoint("u1", "phone");
    private static final String BODY =
            "{\"target\":{\"user\":\"u1\",\"device\":\"phone\"},\"payload\":\"x\",\"options\":{\"ttl_s\":60}}";
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final AtomicReference<Duration> off = new AtomicReference<>(Duration.ZERO);
    private final CenterKit kit = new CenterKit(
            ZOOKEEPER.uri(),
            Map.of("center.sweep.interval", "1h"),
            () -> Instant.now().plus(off.get()));

    @AfterEach
    void stop() {
        kit.close();
    }

    private static void assertTimes(Message message) {
        assertThat(message.getSentAtMs()).isCloseTo(System.currentTimeMillis(), within(CLOSE.toMillis()));
        assertThat(message.getExpiresAtMs() - message.getSentAtMs()).isEqualTo(60_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {-60, 60})
    void aMessageLivesAsLongAsItShould(int minutes) {
        kit.register().connect(PHONE, kit.room(), 11);
        off.set(Duration.ofMinutes(minutes)); // before the store is asked for the first time
        kit.api().send(BODY);
        kit.api().send(BODY.replace("{\"target", "{\"message_id\":\"m-1\",\"target"));
        off.set(Duration.ofMinutes(-minutes)); // and again, under way
        kit.api().send(BODY);
        kit.api().send(BODY.replace("\"ttl_s\"", "\"qos\":0,\"ttl_s\""));

        await().until(() -> kit.warnings("center-1").toString().contains("its clock is"));
        assertThat(kit.saver().inboxOf(PHONE)).hasSize(3).allSatisfy(ClockJumpIT::assertTimes);
        assertThat(kit.room().handed()).hasSize(4).allSatisfy(hint -> assertTimes(hint.getMessage()));
    }

    @Test
    void aTokenHasTheTimeOfTheCenter() {
        off.set(Duration.ofHours(-1));
        Answer answer = kit.api().post("/v1/tokens", "{\"user\":\"u1\",\"ttl_s\":3600}");
        assertThat(answer.json().at("/expires_at_ms").asLong())
                .isCloseTo(System.currentTimeMillis(), within(CLOSE.toMillis()));
    }
}
