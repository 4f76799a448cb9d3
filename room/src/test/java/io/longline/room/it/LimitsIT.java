package io.longline.room.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.room.transport.LinkKind;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Bind;
import io.longline.v1.Close;
import io.longline.v1.Hello;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Welcome;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a room does beyond what it may hold. */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@MethodSource("io.longline.room.it.RoomWorld#linkKinds")
class LimitsIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Parameter
    @SuppressWarnings("NullAway.Init")
    LinkKind kind;

    private RoomWorld world;

    @BeforeEach
    void open() {
        world = new RoomWorld(
                ZOOKEEPER.store(),
                kind,
                Map.of(
                        "room.loops",
                        "1",
                        "room.max-sessions",
                        "2",
                        "room.max-handshakes",
                        "1",
                        "room.max-sessions-per-link",
                        "2"));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void oneHandshakeAtATime(String wait) {
        world.close();
        world = new RoomWorld(
                ZOOKEEPER.store(),
                kind,
                Map.of("room.handshakes-at-once", "1", "room.max-handshakes", "2", "room.handshake-wait", wait));
    }

    @Test
    void aFullRoomRefusesBindsUntilASessionEnds() throws Exception {
        try (NativeClient first = world.connect();
                NativeClient second = world.connect()) {
            first.hello(world.bind(1, "x1"), world.bind(2, "x2")).welcomed();

            second.hello(world.bind(1, "x3"));
            second.expectClose(3003);
            first.expect(KindCase.CAUGHT_UP);
            first.expect(KindCase.CAUGHT_UP);
            first.unbind(1, false);
            first.expect(KindCase.UNBOUND);
            first.bind(world.bind(3, "x4"));

            assertThat(first.expect(KindCase.BOUND).getBound().getOk()).isTrue();
        }
    }

    @Test
    void aBindBeyondTheSessionsOfALinkIsRefusedAndTheOthersGoOn() throws Exception {
        try (NativeClient client = world.connect()) {
            Welcome welcome = client.hello(world.bind(1, "x7"), world.bind(2, "x8"), world.bind(3, "x9"))
                    .welcomed();

            assertThat(welcome.getBoundList())
                    .extracting(bound -> bound.getError().getCode())
                    .containsExactly(0, 0, 3507);
        }
    }

    @Test
    void aHelloWithMoreBindsThanAFrameMayHaveEndsTheLink() throws Exception {
        try (NativeClient client = world.connect()) {
            Bind bind = world.bind(1, "x10");
            client.hello(Hello.newBuilder().addAllBind(Collections.nCopies(65, bind)));

            client.expectClose(3507);
        }
    }

    @Test
    void aHandshakeBehindAnotherHasItsTurn() throws Exception {
        oneHandshakeAtATime("30s");
        try (NativeClient first = world.connect();
                NativeClient second = world.connect();
                NativeClient third = world.connect()) {
            CountDownLatch held = world.register.hold();
            first.hello(world.bind(1, "x11"));
            await().until(() -> world.register.route(RoomWorld.endpoint("x11")) != null);
            second.hello(world.bind(1, "x12"));
            await().until(() -> world.metric("longline_pool_waiting") == 1);

            third.hello(world.bind(1, "x13"));
            third.expectClose(3003);
            assertThat(world.register.route(RoomWorld.endpoint("x12"))).isNull();
            held.countDown();

            assertThat(first.welcomed().getBound(0).getOk()).isTrue();
            assertThat(second.welcomed().getBound(0).getOk()).isTrue();
        }
    }

    @Test
    void whoWaitsForItsTurnTooLongIsToldToComeBack() throws Exception {
        oneHandshakeAtATime("500ms");
        try (NativeClient first = world.connect();
                NativeClient second = world.connect()) {
            CountDownLatch held = world.register.hold();
            first.hello(world.bind(1, "x14"));
            await().until(() -> world.register.route(RoomWorld.endpoint("x14")) != null);
            second.hello(world.bind(1, "x15"));
            await().until(() -> world.metric("longline_pool_waiting") == 1);

            second.expectNothing(Duration.ofMillis(600));
            held.countDown();

            Close close = second.expect(KindCase.CLOSE).getClose();
            assertThat(close.getCode()).isEqualTo(3003);
            assertThat(close.getRetryAfterMs()).isPositive();
            assertThat(world.register.route(RoomWorld.endpoint("x15"))).isNull();
        }
    }

    @Test
    void moreHandshakesThanAllowedAreToldToComeBack() throws Exception {
        try (NativeClient first = world.connect();
                NativeClient second = world.connect()) {
            CountDownLatch held = world.register.hold();
            first.hello(world.bind(1, "x5"));
            await().until(() -> world.register.route(RoomWorld.endpoint("x5")) != null);

            second.hello(world.bind(1, "x6"));

            Close close = second.expect(KindCase.CLOSE).getClose();
            assertThat(close.getCode()).isEqualTo(3003);
            assertThat(close.getRetryAfterMs()).isPositive();
            held.countDown();
            assertThat(first.welcomed().getBound(0).getOk()).isTrue();
        }
    }
}
