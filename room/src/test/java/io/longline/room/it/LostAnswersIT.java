package io.longline.room.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.v1.Bound;
import io.longline.v1.Close;
import io.longline.v1.Hello;
import io.longline.v1.ServerFrame.KindCase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Binds that others do not answer, or answer and then forget. */
@ParameterizedClass(name = "{0}")
@EnumSource(names = "CHANNEL")
class LostAnswersIT extends RoomSetup {

    @Test
    void aBindThatIsNeverAnsweredIsRefusedAndItsRouteTakenBack() throws Exception {
        CountDownLatch held = world.register.hold();
        connect().hello(world.bind(1, "h18"));

        client.expectClose(3003);
        assertThat(world.register.route(RoomWorld.endpoint("h18"))).isNotNull();
        held.countDown();

        await().until(() -> world.register.route(RoomWorld.endpoint("h18")) == null);
        assertThat(System.currentTimeMillis())
                .as("looked at when the bind could no longer happen")
                .isGreaterThan(world.register.notAfterMs());
    }

    @Test
    void theRouteOfABindThatIsNeverAnsweredIsTakenBackAlsoIfItIsUnknownAtFirst() throws Exception {
        CountDownLatch held = world.register.hold();
        connect().hello(world.bind(1, "h31"));
        client.expectClose(3003);
        world.register.rebuilding(true);
        held.countDown();
        long located = world.register.located();
        await().until(() -> world.register.located() > located);
        assertThat(world.register.route(RoomWorld.endpoint("h31"))).isNotNull();

        world.register.rebuilding(false);

        await().until(() -> world.register.route(RoomWorld.endpoint("h31")) == null);
    }

    @Test
    void aBindSaysUntilWhenItMayHappen() throws Exception {
        long before = System.currentTimeMillis();

        connect().hello(world.bind(1, "h32")).welcomed();

        assertThat(world.register.notAfterMs()).isBetween(before + 2_000, System.currentTimeMillis() + 3_010);
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
    void whatStaysAwayIsToldBy3003() throws Exception {
        world.saver.fails(LonglineException.dependencyDown("redis", "away", null));
        try {
            connect().hello(world.bind(1, "h20"));
            Close close = client.expect(KindCase.CLOSE).getClose();
            assertThat(close.getCode()).isEqualTo(3003);
            assertThat(close.getRetry()).isTrue();
            assertThat(close.getRetryAfterMs()).isPositive();
            await().until(() -> world.register.route(RoomWorld.endpoint("h20")) == null);
        } finally {
            world.saver.fails(null);
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
        CountDownLatch held = world.register.hold();
        connect().hello(Hello.newBuilder().setHeartbeatS(1).addBind(world.bind(1, "h35")));
        await().until(() -> world.register.route(RoomWorld.endpoint("h35")) != null);
        held.countDown();
        client.welcomed();
        client.expect(KindCase.CAUGHT_UP);
        CountDownLatch again = world.register.hold();
        for (int ref = 2; ref < 23; ref++) {
            client.bind(world.bind(ref, "h35-" + ref));
        }

        assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isFalse(); // after 2 s
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
