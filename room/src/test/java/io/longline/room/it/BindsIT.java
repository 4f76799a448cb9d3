package io.longline.room.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.Route;
import io.longline.v1.Bind;
import io.longline.v1.Bound;
import io.longline.v1.Hello;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Unbound;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions that come and go on one link. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.longline.room.it.RoomWorld#linkKinds")
class BindsIT extends RoomSetup {

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
    void theEndOfTheOnlySessionLeavesTheLinkToABindThatIsUnderWay() throws Exception {
        connect().hello(world.bind(1, "h14")).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        CountDownLatch held = world.register.hold();
        client.bind(world.bind(2, "h15"));
        await().until(() -> world.register.route(RoomWorld.endpoint("h15")) != null);

        assertThat(world.end(requireNonNull(world.register.route(RoomWorld.endpoint("h14"))), 3501))
                .isTrue();
        held.countDown();

        assertThat(client.expect(KindCase.UNBOUND).getUnbound().getCode()).isEqualTo(3501);
        assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isTrue();
        client.expect(KindCase.CAUGHT_UP);
        world.push(RoomWorld.endpoint("h15"));
        assertThat(client.expect(KindCase.PUSH).getPush().getRef()).isEqualTo(2);
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
    void theRegisterHearsWhatNetworkAClientIsOnNowAndNothingElseChanges() throws Exception {
        Endpoint one = RoomWorld.endpoint("h47");
        Endpoint two = RoomWorld.endpoint("h48");
        connect()
                .hello(Hello.newBuilder()
                        .setNetwork("wifi")
                        .addBind(world.bind(1, "h47"))
                        .addBind(world.bind(2, "h48")))
                .welcomed();
        assertThat(world.register.network(one)).isEqualTo("wifi");
        Route before = requireNonNull(world.register.route(one));

        client.status("4g");

        await().until(() -> "4g".equals(world.register.network(one)) && "4g".equals(world.register.network(two)));
        assertThat(world.register.route(one)).isEqualTo(before);
        client.status("4g").ping();
        client.skipAll(Duration.ofMillis(200));
        assertThat(world.register.wished(one)).as("the same again is no news").hasSize(2);
    }

    @Test
    void ofNetworksThatChangeWhileThatIsBeingToldTheNewestIsToldNext() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("h49");
        connect().hello(world.bind(1, "h49")).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        CountDownLatch stalled = world.register.stall();
        for (int i = 0; i < 10; i++) {
            client.status("net-" + i);
        }
        client.ping().expect(KindCase.PONG);

        stalled.countDown();

        await().until(() -> "net-9".equals(world.register.network(endpoint)));
        assertThat(world.register.wished(endpoint)).hasSize(3);
    }

    @Test
    void aNetworkThatChangesWhileASessionIsBeingBoundIsToldToo() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("h50");
        CountDownLatch held = world.register.hold();
        connect().hello(world.bind(1, "h50"));
        await().until(() -> world.register.route(endpoint) != null);
        client.status("4g").ping().expect(KindCase.PONG);

        held.countDown();

        client.welcomed();
        await().until(() -> "4g".equals(world.register.network(endpoint)));
    }

    @Test
    void anUnbindEndsTheSessionAndTheLinkStays() throws Exception {
        connect().hello(world.bind(1, "h39")).welcomed();
        client.expect(KindCase.CAUGHT_UP);

        client.unbind(1, false);

        assertThat(client.expect(KindCase.UNBOUND).getUnbound().getRef()).isEqualTo(1);
        await().until(() -> world.register.route(RoomWorld.endpoint("h39")) == null);
        assertThat(world.register.forgotten()).doesNotContain(RoomWorld.endpoint("h39"));
        await().until(() -> "client_unbound".equals(world.register.parting(RoomWorld.endpoint("h39"))));
        client.bind(world.bind(1, "h39"));
        assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isTrue();
    }

    @Test
    void anUnbindThatForgetsEmptiesTheInbox() throws Exception {
        world.saver.store(RoomWorld.endpoint("h41"), world.message());
        connect().hello(world.bind(1, "h41")).welcomed();
        client.expect(KindCase.PUSH);
        client.expect(KindCase.CAUGHT_UP);

        client.unbind(1, true);

        client.expect(KindCase.UNBOUND);
        await().until(() -> world.register.forgotten().contains(RoomWorld.endpoint("h41")));
        await().until(() -> world.saver.size(RoomWorld.endpoint("h41")) == 0);
    }

    @Test
    void whoBindsADeviceAgainThatItHasForgottenIsBoundWhenItIsForgotten() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("h43");
        world.saver.storeByClock(endpoint, world.message());
        connect().hello(world.bind(1, "h43")).welcomed();
        client.expect(KindCase.PUSH);
        client.expect(KindCase.CAUGHT_UP);
        CountDownLatch stalled = world.register.stall();

        client.unbind(1, true).bind(world.bind(1, "h43"));

        client.expectNothing(Duration.ofMillis(300));
        stalled.countDown();
        client.expect(KindCase.UNBOUND);
        assertThat(client.expect(KindCase.BOUND).getBound().getPending()).isZero();
        assertThat(world.register.forgotten()).contains(endpoint);
    }

    @Test
    void aForgetThatFailsAtFirstEmptiesTheInboxAlsoOfADeviceThatIsBoundAgainByThen() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("h44");
        world.saver.storeByClock(endpoint, world.message());
        connect().hello(world.bind(1, "h44")).welcomed();
        client.expect(KindCase.PUSH);
        client.expect(KindCase.CAUGHT_UP);
        world.register.failsUnbinds(LonglineException.dependencyDown("redis", "away", null));
        long since;
        try {
            client.unbind(1, true).expect(KindCase.UNBOUND);
            client.bind(world.bind(1, "h44"));
            assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isTrue();
            since = world.saver.storeByClock(endpoint, world.message()).seq();
        } finally {
            world.register.failsUnbinds(null);
        }

        await().until(() -> world.saver.seqs(endpoint).equals(List.of(since)));
        assertThat(world.register.route(endpoint)).isNotNull();
    }

    @Test
    void forgetsThatWaitForTheirTurnAreDoneAlsoWhereTheLinkCloses() throws Exception {
        Endpoint live = RoomWorld.endpoint("h45");
        Endpoint beingBound = RoomWorld.endpoint("h46");
        connect().hello(world.bind(1, "h45")).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        CountDownLatch held = world.register.hold();
        client.bind(world.bind(2, "h46")).unbind(1, true).unbind(2, true).ping();
        client.expect(KindCase.PONG);
        await().until(() -> world.register.route(beingBound) != null);

        client.close();
        await().until(() -> world.register.route(live) == null);
        held.countDown();

        await().until(() -> world.register.forgotten().containsAll(List.of(live, beingBound)));
        assertThat(world.register.route(beingBound)).isNull();
    }

    @Test
    void anInboxThatIsEmptiedLateKeepsWhatCameAfterItsDeviceWasForgotten() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("h34");
        world.saver.storeByClock(endpoint, world.message());
        connect().hello(world.bind(1, "h34")).welcomed();
        client.expect(KindCase.PUSH);
        client.expect(KindCase.CAUGHT_UP);
        world.saver.fails(LonglineException.dependencyDown("redis", "away", null));
        int failed = world.saver.forgetsFailed();
        client.unbind(1, true);
        client.expect(KindCase.UNBOUND);
        await().until(() -> world.saver.forgetsFailed() >= failed + 2);

        long since = world.saver.storeByClock(endpoint, world.message()).seq();
        world.saver.fails(null);
        client.bind(world.bind(1, "h34"));

        assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isTrue();
        await().until(() -> world.saver.size(endpoint) == 1);
        assertThat(world.saver.seqs(endpoint)).containsExactly(since);
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
    void aSessionEndsWithItsToken() throws Exception {
        Bind brief = world.bind(1, "h25").toBuilder()
                .setToken(world.tokenIssued("h25", Instant.now().minusSeconds(84), Duration.ofSeconds(60)))
                .build(); // 30 s of clock skew leave 6 s

        connect().hello(brief).welcomed();
        client.expect(KindCase.CAUGHT_UP);

        client.expectClose(3500);
        await().until(() -> world.register.route(RoomWorld.endpoint("h25")) == null);
    }

    private Bind endingIn(int seconds, String user) {
        return world.bind(1, user).toBuilder()
                .setToken(world.tokenIssued(user, Instant.now().minusSeconds(90 - seconds), Duration.ofSeconds(60)))
                .build(); // with 30 s of clock skew
    }

    @Test
    void aTokenThatRunsOutDuringItsHandshakeBindsNothing() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("h51");
        CountDownLatch held = world.register.hold();
        connect().hello(endingIn(4, "h51"));
        await().until(() -> world.register.route(endpoint) != null);

        client.expectNothing(Duration.ofSeconds(6));
        held.countDown();

        client.expectClose(3500);
        await().until(() -> world.register.route(endpoint) == null);
    }

    @Test
    void aBindThatIsDoneWithMoreThanThereCanBeEmptiesTheInbox() throws Exception {
        world.saver.store(RoomWorld.endpoint("h33"), world.message());

        connect().hello(world.bind(1, "demo", "h33", -1)).welcomed();

        client.expect(KindCase.CAUGHT_UP);
        assertThat(world.saver.size(RoomWorld.endpoint("h33"))).isZero();
    }
}
