package io.longline.room.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.Route;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Bind;
import io.longline.v1.Bound;
import io.longline.v1.ClientFrame;
import io.longline.v1.Close;
import io.longline.v1.Hello;
import io.longline.v1.Ping;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Status;
import io.longline.v1.Subscribe;
import io.longline.v1.Unbound;
import io.longline.v1.Uplink;
import io.longline.v1.Welcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class HandshakeIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static RoomWorld world;
    private NativeClient client;

    @BeforeAll
    static void open() {
        world = new RoomWorld(ZOOKEEPER.store(), Map.of("room.hello-timeout", "1s"));
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @BeforeEach
    void arrive() throws Exception {
        client = world.connect();
    }

    @AfterEach
    void leave() throws Exception {
        client.close();
    }

    private NativeClient connect() throws Exception {
        client.close();
        client = world.connect();
        return client;
    }

    @Test
    void helloIsAnsweredByWelcomeThenWhatWaitsThenCaughtUp() throws Exception {
        world.saver.store(RoomWorld.endpoint("h1"), world.message());
        world.saver.store(RoomWorld.endpoint("h1"), world.message());

        Welcome welcome = connect().hello(world.bind(7, "h1")).welcomed();

        assertThat(welcome.getConnection()).hasSizeGreaterThan(20).isNotEqualTo(welcome.getResume());
        assertThat(welcome.getResumed()).isFalse();
        assertThat(welcome.getHeartbeatS()).isEqualTo(240);
        assertThat(welcome.getBackoff().getBaseMs()).isEqualTo(1_000);
        Bound bound = welcome.getBound(0);
        assertThat(bound.getOk()).isTrue();
        assertThat(bound.getRef()).isEqualTo(7);
        assertThat(bound.getPending()).isEqualTo(2);
        assertThat(bound.getGeneration())
                .isEqualTo(requireNonNull(world.register.route(RoomWorld.endpoint("h1")))
                        .getGeneration());
        assertThat(client.expect(KindCase.PUSH).getPush().getSeq()).isEqualTo(1_000);
        assertThat(client.expect(KindCase.PUSH).getPush().getSeq()).isEqualTo(1_001);
        assertThat(client.expect(KindCase.CAUGHT_UP).getCaughtUp().getSeq()).isEqualTo(1_001);
    }

    @Test
    void theSeqThatABindNamesIsAnAck() throws Exception {
        world.saver.store(RoomWorld.endpoint("h2"), world.message());
        world.saver.store(RoomWorld.endpoint("h2"), world.message());

        connect().hello(world.bind(1, "demo", "h2", 1_000)).welcomed();

        assertThat(client.expect(KindCase.PUSH).getPush().getSeq()).isEqualTo(1_001);
        assertThat(world.saver.size(RoomWorld.endpoint("h2"))).isEqualTo(1);
    }

    @Test
    void aHelloWithoutBindsIsWelcomeAndMayBindLater() throws Exception {
        assertThat(connect().hello().welcomed().getBoundList()).isEmpty();

        client.bind(world.bind(3, "h3"));

        assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isTrue();
        client.expect(KindCase.CAUGHT_UP);
    }

    @Test
    void someBindsThatFailAreToldInWelcome() throws Exception {
        Bind bad = world.bind(2, "h4").toBuilder().setToken("x.y.z").build();

        Welcome welcome = connect().hello(bad, world.bind(1, "h4")).welcomed();

        assertThat(welcome.getBound(0).getOk()).isFalse();
        assertThat(welcome.getBound(0).getError().getCode()).isEqualTo(3500);
        assertThat(welcome.getBound(1).getOk()).isTrue();
    }

    @Test
    void whereNoBindSucceedsTheLinkClosesWithTheCodeOfTheFirst() throws Exception {
        connect().hello(world.bind(1, "h5").toBuilder().setToken("").build());

        client.expectClose(3500);
    }

    @Test
    void tokensOfOthersBindNothing() throws Exception {
        Bind good = world.bind(1, "h6");
        Bind otherUser = good.toBuilder()
                .setRef(2)
                .setToken(world.token("demo", "else", null))
                .build();
        Bind otherProduct = good.toBuilder()
                .setRef(3)
                .setToken(world.token("other", "h6", null))
                .build();
        Bind otherDevice = good.toBuilder()
                .setRef(4)
                .setToken(world.token("demo", "h6", "tv"))
                .build();
        Bind unknownProduct = good.toBuilder().setRef(5).setProduct("nobody").build();
        Bind expired = good.toBuilder()
                .setRef(6)
                .setToken(world.tokenIssued("h6", Instant.now().minusSeconds(3_600), Duration.ofSeconds(60)))
                .build();

        Welcome welcome = connect()
                .hello(Hello.newBuilder()
                        .setDevice("phone")
                        .addBind(good)
                        .addBind(otherUser)
                        .addBind(otherProduct)
                        .addBind(otherDevice)
                        .addBind(unknownProduct)
                        .addBind(expired))
                .welcomed();

        assertThat(welcome.getBound(0).getOk()).isTrue();
        assertThat(welcome.getBoundList().subList(1, 6))
                .allSatisfy(bound -> assertThat(bound.getError().getCode()).isEqualTo(3500));
        assertThat(world.register.route(RoomWorld.endpoint("demo", "h6", "phone")))
                .isNotNull();
    }

    @Test
    void theDeviceIsTheTokensThenTheHellosThenDefault() throws Exception {
        Bind ofToken = world.bind(1, "h7").toBuilder()
                .setToken(world.token("demo", "h7", "tv"))
                .build();

        connect().hello(ofToken, world.bind(2, "h7")).welcomed();

        assertThat(world.register.route(RoomWorld.endpoint("demo", "h7", "tv"))).isNotNull();
        assertThat(world.register.route(RoomWorld.endpoint("h7"))).isNotNull();
    }

    @Test
    void twoProductsShareALinkAndEndingOneLeavesTheOther() throws Exception {
        connect().hello(world.bind(1, "h8"), world.bind(2, "other", "h8", 0)).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        client.expect(KindCase.CAUGHT_UP);

        assertThat(world.end(requireNonNull(world.register.route(RoomWorld.endpoint("h8"))), 3502))
                .isTrue();

        Unbound unbound = client.expect(KindCase.UNBOUND).getUnbound();
        assertThat(unbound.getRef()).isEqualTo(1);
        assertThat(unbound.getCode()).isEqualTo(3502);
        assertThat(unbound.getRetry()).isFalse();
        world.push(RoomWorld.endpoint("other", "h8", "default"));
        assertThat(client.expect(KindCase.PUSH).getPush().getRef()).isEqualTo(2);
        assertThat(world.end(requireNonNull(world.register.route(RoomWorld.endpoint("other", "h8", "default"))), 3501))
                .isTrue();
        client.expectClose(3501);
    }

    @Test
    void anEndOfAnotherGenerationChangesNothing() throws Exception {
        connect().hello(world.bind(1, "h9")).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        Route route = requireNonNull(world.register.route(RoomWorld.endpoint("h9")));

        assertThat(world.end(
                        route.toBuilder()
                                .setGeneration(route.getGeneration() - 1)
                                .build(),
                        3501))
                .isFalse();

        world.push(RoomWorld.endpoint("h9"));
        client.expect(KindCase.PUSH);
    }

    @Test
    void anEndThatArrivesBeforeTheBindIsAnsweredIsNotForgotten() throws Exception {
        CountDownLatch held = world.register.hold();
        connect().hello(world.bind(1, "h10"));
        await().until(() -> world.register.route(RoomWorld.endpoint("h10")) != null);

        assertThat(world.end(requireNonNull(world.register.route(RoomWorld.endpoint("h10"))), 3501))
                .isTrue();
        held.countDown();

        client.expectClose(3501);
    }

    @Test
    void theSameRefAgainRenewsTheTokenAndForAnotherEndpointIsMalformed() throws Exception {
        long first =
                connect().hello(world.bind(1, "h11")).welcomed().getBound(0).getGeneration();
        client.expect(KindCase.CAUGHT_UP);

        client.bind(world.bind(1, "h11"));
        Bound renewed = client.expect(KindCase.BOUND).getBound();
        assertThat(renewed.getOk()).isTrue();
        assertThat(renewed.getGeneration()).isEqualTo(first);

        client.bind(world.bind(1, "h11b"));
        client.expectClose(3503);
    }

    @Test
    void theSameEndpointUnderAnotherRefReplacesTheOlderSession() throws Exception {
        connect().hello(world.bind(1, "h12")).welcomed();
        client.expect(KindCase.CAUGHT_UP);

        client.bind(world.bind(2, "h12"));

        assertThat(client.expect(KindCase.BOUND).getBound().getRef()).isEqualTo(2);
        client.expect(KindCase.CAUGHT_UP);
        Unbound unbound = client.expect(KindCase.UNBOUND).getUnbound();
        assertThat(unbound.getRef()).isEqualTo(1);
        assertThat(unbound.getCode()).isEqualTo(3501);
        world.push(RoomWorld.endpoint("h12"));
        assertThat(client.expect(KindCase.PUSH).getPush().getRef()).isEqualTo(2);
    }

    @Test
    void aRefTwiceInAHelloIsBoundThenRenewed() throws Exception {
        connect().hello(world.bind(1, "h13"), world.bind(1, "h13"));

        assertThat(client.welcomed().getBoundList()).hasSize(1);
        client.expect(KindCase.CAUGHT_UP);
        assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isTrue();
    }

    @Test
    void bindsAndUnbindsThatComeAtOnceTakeEffectInTheirOrder() throws Exception {
        connect().hello(world.bind(1, "h26"));
        client.bind(world.bind(2, "h27")).unbind(2, false).bind(world.bind(2, "h28"));

        assertThat(client.welcomed().getBoundList()).hasSize(1);
        client.expect(KindCase.CAUGHT_UP);
        assertThat(client.expect(KindCase.BOUND).getBound().getRef()).isEqualTo(2);
        client.expect(KindCase.CAUGHT_UP);
        assertThat(client.expect(KindCase.UNBOUND).getUnbound().getRef()).isEqualTo(2);
        assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isTrue();
        client.expect(KindCase.CAUGHT_UP);
        assertThat(world.register.route(RoomWorld.endpoint("h28"))).isNotNull();
        await().until(() -> world.register.route(RoomWorld.endpoint("h27")) == null);
    }

    @Test
    void moreBindsThanAnybodyWorksOnAtOnceAreAllAnswered() throws Exception {
        connect().hello();
        for (int ref = 0; ref < 60; ref++) {
            client.bind(world.bind(ref, "h29-" + ref));
        }
        client.welcomed();
        for (int ref = 0; ref < 60; ref++) {
            assertThat(client.expect(KindCase.BOUND).getBound().getRef()).isEqualTo(ref);
            client.expect(KindCase.CAUGHT_UP);
        }
    }

    @Test
    void anUnbindEndsTheSessionAndTheLinkStays() throws Exception {
        connect().hello(world.bind(1, "h14")).welcomed();
        client.expect(KindCase.CAUGHT_UP);

        client.unbind(1, false);

        assertThat(client.expect(KindCase.UNBOUND).getUnbound().getRef()).isEqualTo(1);
        await().until(() -> world.register.route(RoomWorld.endpoint("h14")) == null);
        assertThat(world.register.forgotten()).doesNotContain(RoomWorld.endpoint("h14"));
        client.bind(world.bind(1, "h14"));
        assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isTrue();
    }

    @Test
    void anUnbindThatForgetsEmptiesTheInbox() throws Exception {
        world.saver.store(RoomWorld.endpoint("h15"), world.message());
        connect().hello(world.bind(1, "h15")).welcomed();
        client.expect(KindCase.PUSH);
        client.expect(KindCase.CAUGHT_UP);

        client.unbind(1, true);

        client.expect(KindCase.UNBOUND);
        await().until(() -> world.register.forgotten().contains(RoomWorld.endpoint("h15")));
        await().until(() -> world.saver.size(RoomWorld.endpoint("h15")) == 0);
    }

    @Test
    void anInboxThatCouldNotBeEmptiedIsLeftAloneWhenItsDeviceIsBackFirst() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("h34");
        connect().hello(world.bind(1, "h34")).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        world.saver.fails(LonglineException.dependencyDown("redis", "away", null));
        int failed = world.saver.forgetsFailed();
        client.unbind(1, true);
        client.expect(KindCase.UNBOUND);
        await().until(() -> world.saver.forgetsFailed() >= failed + 2);
        client.bind(world.bind(1, "h34")); // waits for the saver, and is ahead of the next try, a second from here
        world.saver.fails(null);
        assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isTrue();
        world.saver.store(endpoint, world.message());

        await().pollDelay(Duration.ofMillis(2_500)).until(() -> true);

        assertThat(world.saver.size(endpoint)).isEqualTo(1);
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
    void aLinkThatIsGoneIsUnboundAlsoIfItWentDuringTheHandshake() throws Exception {
        connect().hello(world.bind(1, "h16")).welcomed();
        client.close();
        await().until(() -> world.register.route(RoomWorld.endpoint("h16")) == null);

        CountDownLatch held = world.register.hold();
        connect().hello(world.bind(1, "h17"));
        await().until(() -> world.register.route(RoomWorld.endpoint("h17")) != null);
        client.close();
        held.countDown();

        await().until(() -> world.register.route(RoomWorld.endpoint("h17")) == null);
    }

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

        assertThat(world.register.notAfterMs()).isBetween(before + 2_000, System.currentTimeMillis() + 3_000);
    }

    @Test
    void aBindThatIsDoneWithMoreThanThereCanBeEmptiesTheInbox() throws Exception {
        world.saver.store(RoomWorld.endpoint("h33"), world.message());

        connect().hello(world.bind(1, "demo", "h33", -1)).welcomed();

        client.expect(KindCase.CAUGHT_UP);
        assertThat(world.saver.size(RoomWorld.endpoint("h33"))).isZero();
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
    void withoutHelloTheLinkIsClosedInTime() throws Exception {
        connect();

        client.expectClose(3506);
    }

    @Test
    void theFirstFrameMustBeHelloAndThereIsOne() throws Exception {
        connect()
                .send(ClientFrame.newBuilder()
                        .setPing(Ping.getDefaultInstance())
                        .build());
        client.expectClose(3503);

        connect().hello().welcomed();
        client.hello();
        client.expectClose(3503);
    }

    @Test
    void framesThatAreNotAvailableAreAnsweredByErrorAndTheLinkGoesOn() throws Exception {
        connect().hello(world.bind(1, "h22")).welcomed();
        client.expect(KindCase.CAUGHT_UP);

        client.send(ClientFrame.newBuilder()
                .setSubscribe(Subscribe.newBuilder().setRef(1).setTopic("news"))
                .build());
        assertThat(client.expect(KindCase.ERROR).getError().getTopic()).isEqualTo("news");
        client.send(ClientFrame.newBuilder()
                .setUplink(Uplink.newBuilder().setRef(1).setId("u-1").setType("t"))
                .build());
        assertThat(client.expect(KindCase.ERROR).getError().getId()).isEqualTo("u-1");
        client.send(new byte[] {4, (byte) 0x9A, 0x06, 1, 0}); // field 99, which no release has
        assertThat(client.expect(KindCase.ERROR).getError().getReason()).isEqualTo("UNKNOWN_FRAME");
        client.send(ClientFrame.newBuilder()
                .setStatus(Status.newBuilder().setNetwork("wifi"))
                .build());
        client.unbind(9, false);
        assertThat(client.expect(KindCase.ERROR).getError().getReason()).isEqualTo("INVALID_ARGUMENT");
        client.send(ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
        client.expect(KindCase.PONG);
    }

    @Test
    void aClientThatMissesItsHeartbeatIsClosedAndOneThatPingsIsNot() throws Exception {
        Welcome welcome = connect()
                .hello(Hello.newBuilder().setHeartbeatS(1).addBind(world.bind(1, "h23")))
                .welcomed();
        assertThat(welcome.getHeartbeatS()).isEqualTo(1);
        client.expect(KindCase.CAUGHT_UP);

        for (int i = 0; i < 6; i++) {
            client.send(
                    ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
            client.expect(KindCase.PONG);
            client.expectNothing(Duration.ofMillis(500));
        }

        client.expectClose(3002);
    }

    @Test
    void theHeartbeatGrantedIsWithinTheProductsLimits() throws Exception {
        Welcome welcome = connect()
                .hello(Hello.newBuilder().setHeartbeatS(1).addBind(world.bind(1, "other", "h24", 0)))
                .welcomed();

        assertThat(welcome.getHeartbeatS()).isEqualTo(30);
    }

    @Test
    void aSessionEndsWithItsToken() throws Exception {
        Bind brief = world.bind(1, "h25").toBuilder()
                .setToken(world.tokenIssued("h25", Instant.now().minusSeconds(88), Duration.ofSeconds(60)))
                .build(); // 30 s of clock skew leave 2 s

        connect().hello(brief).welcomed();
        client.expect(KindCase.CAUGHT_UP);

        client.expectClose(3500);
        await().until(() -> world.register.route(RoomWorld.endpoint("h25")) == null);
    }
}
