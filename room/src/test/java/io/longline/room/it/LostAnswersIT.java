package io.longline.room.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.room.transport.LinkKind;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.Place;
import io.longline.v1.Bound;
import io.longline.v1.Close;
import io.longline.v1.Hello;
import io.longline.v1.ServerFrame.KindCase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Binds that others do not answer, or answer and then forget. */
@ParameterizedClass(name = "{0}")
@EnumSource(names = "CHANNEL")
class LostAnswersIT extends RoomSetup {
    /** A room that waits for answers no longer than it usually does. */
    @SuppressWarnings("NullAway.Init") // before the first test of each kind
    private static RoomWorld hasty;

    @BeforeParameterizedClassInvocation
    static void openHasty(LinkKind kind) {
        hasty = new RoomWorld(ZOOKEEPER.store(), kind, Map.of("room.answer-wait", "3s"));
    }

    @AfterParameterizedClassInvocation
    static void closeHasty() {
        hasty.close();
    }

    private NativeClient connectToHasty() throws Exception {
        client.close();
        client = hasty.connect();
        return client;
    }

    @Test
    void aBindThatIsNeverAnsweredIsRefusedAndItsRouteTakenBack() throws Exception {
        CountDownLatch held = hasty.register.hold();
        connectToHasty().hello(hasty.bind(1, "h18"));

        client.expectClose(3003);
        assertThat(hasty.register.route(RoomWorld.endpoint("h18"))).isNotNull();
        held.countDown();

        await().until(() -> hasty.register.route(RoomWorld.endpoint("h18")) == null);
        assertThat(System.currentTimeMillis())
                .as("looked at when the bind could no longer happen")
                .isGreaterThan(hasty.register.notAfterMs());
    }

    @Test
    void theRouteOfABindThatIsNeverAnsweredIsTakenBackAlsoIfItIsUnknownAtFirst() throws Exception {
        CountDownLatch held = hasty.register.hold();
        connectToHasty().hello(hasty.bind(1, "h31"));
        client.expectClose(3003);
        hasty.register.rebuilding(true);
        held.countDown();
        long located = hasty.register.located();
        await().until(() -> hasty.register.located() > located);
        assertThat(hasty.register.route(RoomWorld.endpoint("h31"))).isNotNull();

        hasty.register.rebuilding(false);

        await().until(() -> hasty.register.route(RoomWorld.endpoint("h31")) == null);
    }

    @Test
    void aBindSaysUntilWhenItMayHappen() throws Exception {
        try (RoomWorld fresh = new RoomWorld(ZOOKEEPER.store(), kind, Map.of("room.answer-wait", "20s"));
                NativeClient first = fresh.connect()) { // so the wall clock is still what the room goes by
            long before = System.currentTimeMillis();

            first.hello(fresh.bind(1, "h32")).welcomed();

            assertThat(fresh.register.notAfterMs()).isBetween(before + 20_000, System.currentTimeMillis() + 21_010);
        }
    }

    @Test
    void aSessionThatARefillDidNotNameBecauseItWasBeingBoundHasItsRouteWhenItIsWelcome() throws Exception {
        CountDownLatch held = world.saver.hold();
        int opens = world.saver.opens();
        connect().hello(world.bind(1, "h30"));
        await().until(() -> world.saver.opens() > opens);

        world.register.loseAll();
        assertThat(world.refill()).doesNotContain(RoomWorld.endpoint("h30"));
        held.countDown();

        long generation = client.welcomed().getBound(0).getGeneration();
        assertThat(requireNonNull(world.register.route(RoomWorld.endpoint("h30")))
                        .getGeneration())
                .isEqualTo(generation);
        client.expect(KindCase.CAUGHT_UP);
        world.push(RoomWorld.endpoint("h30"));
        client.expect(KindCase.PUSH);
    }

    @Test
    void whatIsAwayForAMomentIsWaitedFor() throws Exception {
        world.register.fails(LonglineException.dependencyDown("redis", "away", null));
        connect().hello(world.bind(1, "h19"));
        client.expectNothing(Duration.ofMillis(300));
        world.register.fails(null);

        assertThat(client.welcomed().getBound(0).getOk()).isTrue();
    }

    @Test
    void promise05ALinkThatWasClosedWhileTheRegisterWasAwayTakesNothingFromALaterOne() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("h42");
        List<Place> wished = world.register.wished(endpoint);
        world.register.fails(LonglineException.dependencyDown("redis", "away", null));
        try {
            connect().hello(world.bind(1, "h42"));
            await().until(() -> !wished.isEmpty());
            Place ofClosed = wished.getFirst();
            connect().hello(world.bind(1, "h42"));
            await().until(() -> !wished.getLast().equals(ofClosed));

            await().until(() ->
                    wished.stream().skip(Math.max(0, wished.size() - 5)).noneMatch(ofClosed::equals));
        } finally {
            world.register.fails(null);
        }

        long generation = client.welcomed().getBound(0).getGeneration();
        client.expect(KindCase.CAUGHT_UP);
        assertThat(requireNonNull(world.register.route(endpoint)).getGeneration())
                .isEqualTo(generation);
        client.expectNothing(Duration.ofMillis(300));
    }

    @Test
    void whatStaysAwayIsToldBy3003() throws Exception {
        hasty.saver.fails(LonglineException.dependencyDown("redis", "away", null));
        try {
            connectToHasty().hello(hasty.bind(1, "h20"));
            Close close = client.expect(KindCase.CLOSE).getClose();
            assertThat(close.getCode()).isEqualTo(3003);
            assertThat(close.getRetry()).isTrue();
            assertThat(close.getRetryAfterMs()).isPositive();
            await().until(() -> hasty.register.route(RoomWorld.endpoint("h20")) == null);
        } finally {
            hasty.saver.fails(null);
        }
    }

    @Test
    void aRoomThatIsTakenForDeadClosesTheLink() throws Exception {
        connect().hello().welcomed();
        world.register.fails(new LonglineException(ErrorCode.OVERLOADED, "incarnation is gone: 1"));
        try {
            client.bind(world.bind(1, "h21"));
            client.expectClose(3003);
        } finally {
            world.register.fails(null);
        }
    }

    @Test
    void aClientThatIsNotReadFromMissesNoHeartbeat() throws Exception {
        CountDownLatch held = hasty.register.hold();
        connectToHasty().hello(Hello.newBuilder().setHeartbeatS(2).addBind(hasty.bind(1, "h35")));
        await().until(() -> hasty.register.route(RoomWorld.endpoint("h35")) != null);
        held.countDown();
        client.welcomed();
        client.expect(KindCase.CAUGHT_UP);
        CountDownLatch again = hasty.register.hold();
        for (int ref = 2; ref < 23; ref++) {
            client.bind(hasty.bind(ref, "h35-" + ref));
        }

        assertThat(client.expect(KindCase.BOUND).getBound().getOk())
                .isFalse(); // after 3 s, which is all that a client may be silent
        assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isFalse();

        again.countDown();
        client.expect(KindCase.BOUND);
    }

    @Test
    void aClientThatNeverAcknowledgesIsToldForHowLongToStayAway() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("h36");
        world.saver.neverAcks(endpoint, 120_000);

        connect().hello(world.bind(1, "h36"));

        Close close = client.expect(KindCase.CLOSE).getClose();
        assertThat(close.getCode()).isEqualTo(3508);
        assertThat(close.getRetry()).isTrue();
        assertThat(close.getRetryAfterMs()).isEqualTo(120_000);
        client.expectEnd();
        await().until(() -> world.register.route(endpoint) == null);
    }

    @Test
    void aDeviceThatItsProductDoesNotLetInBesideOthersIsToldWhenToComeAgain() throws Exception {
        LonglineException refused =
                new LonglineException(ErrorCode.PERMISSION_DENIED, "1 other").retryAfter(Duration.ofSeconds(10));
        world.register.fails(refused);
        Close close;
        try {
            connect().hello(world.bind(1, "h40"));
            close = client.expect(KindCase.CLOSE).getClose();
            client.expectEnd();
        } finally {
            world.register.fails(null);
        }
        connect().hello(world.bind(1, "h41")).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        world.register.fails(refused);
        Bound bound;
        try {
            client.bind(world.bind(2, "h40"));
            bound = client.expect(KindCase.BOUND).getBound();
        } finally {
            world.register.fails(null);
        }

        assertThat(close.getCode()).isEqualTo(3505);
        assertThat(close.getRetry()).isTrue();
        assertThat(close.getRetryAfterMs()).isEqualTo(10_000);
        assertThat(bound.getError().getCode()).isEqualTo(3505);
        assertThat(bound.getError().getRetryAfterMs()).isEqualTo(10_000);
        world.push(RoomWorld.endpoint("h41"));
        client.expect(KindCase.PUSH);
    }

    @Test
    void whoIsBlockedIsToldWhyAndForHowLong() throws Exception {
        LonglineException blocked = new LonglineException(ErrorCode.PERMISSION_DENIED, "the user is blocked")
                .retryAfter(Duration.ofMillis(61_500))
                .detail("blocked", "signed out");
        world.register.fails(blocked);
        Close close;
        try {
            connect().hello(world.bind(1, "h43"));
            close = client.expect(KindCase.CLOSE).getClose();
            client.expectEnd();
        } finally {
            world.register.fails(null);
        }
        connect().hello(world.bind(1, "h44")).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        world.register.fails(blocked);
        Bound bound;
        try {
            client.bind(world.bind(2, "h43"));
            bound = client.expect(KindCase.BOUND).getBound();
        } finally {
            world.register.fails(null);
        }

        assertThat(close.getCode()).isEqualTo(3505);
        assertThat(close.getReason()).isEqualTo("signed out");
        assertThat(close.getRetry()).isTrue();
        assertThat(close.getRetryAfterMs()).isEqualTo(61_500);
        assertThat(bound.getOk()).isFalse();
        assertThat(bound.getError().getCode()).isEqualTo(3505);
        assertThat(bound.getError().getReason()).isEqualTo("signed out");
        assertThat(bound.getError().getRetryAfterMs()).isEqualTo(61_500);
    }

    @Test
    void oneThatNeverAcknowledgesIsToldByBoundWhereTheLinkGoesOn() throws Exception {
        world.saver.neverAcks(RoomWorld.endpoint("h37"), 120_000);

        Bound inWelcome = connect()
                .hello(world.bind(1, "h37"), world.bind(2, "h38"))
                .welcomed()
                .getBound(0);
        client.expect(KindCase.CAUGHT_UP);
        client.bind(world.bind(3, "h37"));
        Bound later = client.expect(KindCase.BOUND).getBound();

        assertThat(List.of(inWelcome, later)).allSatisfy(bound -> {
            assertThat(bound.getOk()).isFalse();
            assertThat(bound.getError().getCode()).isEqualTo(3508);
            assertThat(bound.getError().getRetryAfterMs()).isEqualTo(120_000);
        });
        await().until(() -> world.register.route(RoomWorld.endpoint("h37")) == null);
        world.push(RoomWorld.endpoint("h38"));
        client.expect(KindCase.PUSH);
    }
}
