package io.longline.room.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.Message;
import io.longline.v1.Bind;
import io.longline.v1.Bound;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Ping;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Status;
import io.longline.v1.Welcome;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** From hello to welcome, and who is not welcome. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.longline.room.it.RoomWorld#linkKinds")
class HandshakeIT extends RoomSetup {

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
    void anEmptyDeviceIsNone() throws Exception {
        Welcome welcome = connect()
                .hello(Hello.newBuilder().setDevice("").addBind(world.bind(1, "h6e")))
                .welcomed();

        assertThat(welcome.getBound(0).getOk()).isTrue();
        assertThat(world.register.route(RoomWorld.endpoint("demo", "h6e", "default")))
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
    void aFrameThatIsNotKnownIsAnsweredByErrorAndTheLinkGoesOn() throws Exception {
        connect().hello(world.bind(1, "h22")).welcomed();
        client.expect(KindCase.CAUGHT_UP);

        client.send(new byte[] {4, (byte) 0x9A, 0x06, 1, 0}); // field 99, which no release has
        assertThat(client.expect(KindCase.ERROR).getError().getReason()).isEqualTo("UNKNOWN_FRAME");
        client.send(ClientFrame.newBuilder()
                .setStatus(Status.newBuilder().setNetwork("wifi"))
                .build());
        client.unbind(9, false);
        assertThat(client.expect(KindCase.ERROR).getError()).satisfies(error -> {
            assertThat(error.getReason()).isEqualTo("INVALID_ARGUMENT");
            assertThat(error.getRef()).isEqualTo(9);
        });
        client.send(ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
        client.expect(KindCase.PONG);
    }

    @Test
    void aClientThatMissesItsHeartbeatIsClosedAndOneThatPingsIsNot() throws Exception {
        Welcome welcome = connect()
                .hello(Hello.newBuilder().setHeartbeatS(2).addBind(world.bind(1, "h23")))
                .welcomed();
        assertThat(welcome.getHeartbeatS()).isEqualTo(2);
        client.expect(KindCase.CAUGHT_UP);

        for (int i = 0; i < 7; i++) { // in which more than one and a half heartbeats pass
            client.send(
                    ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
            client.expect(KindCase.PONG);
            client.expectNothing(Duration.ofMillis(500));
        }

        client.expectClose(3002);
        await().until(() -> "heartbeat_missed".equals(world.register.parting(RoomWorld.endpoint("h23"))));
    }

    @Test
    void theHeartbeatGrantedIsWithinTheProductsLimits() throws Exception {
        Welcome welcome = connect()
                .hello(Hello.newBuilder().setHeartbeatS(1).addBind(world.bind(1, "other", "h24", 0)))
                .welcomed();

        assertThat(welcome.getHeartbeatS()).isEqualTo(30);
    }

    @Test
    void aClientThatDoesNotReadWhatIsWrittenToItIsClosedAfterItsHeartbeatAsTooSlow() throws Exception {
        Message large = world.message().toBuilder().setText("x".repeat(60_000)).build();
        try (NativeClient lazy = NativeClient.connectLazily(world.linkPort())) {
            lazy.hello(Hello.newBuilder()
                    .setHeartbeatS(2) // which demo allows
                    .addBind(world.bind(0, "h40"))
                    .addAllBind(IntStream.range(1, 8)
                            .mapToObj(ref -> world.bind(ref, "other", "h40-" + ref, 0))
                            .toList()));
            await().until(() -> world.isWritten(RoomWorld.endpoint("other", "h40-7", "default"), world.message()));
            boolean writable = true;
            for (int i = 0; i < 7 * 60 && writable; i++) { // within all windows, and more than any socket takes
                Endpoint endpoint = RoomWorld.endpoint("other", "h40-" + (1 + i / 60), "default");
                lazy.send(ClientFrame.newBuilder()
                        .setPing(Ping.getDefaultInstance())
                        .build());
                writable = world.isWritten(endpoint, large);
            }

            await().untilAsserted(() -> assertThat(world.get("/metrics").lines())
                    .anyMatch(line -> line.matches("longline_room_closes_total\\{code=\"3001\".*} 1.0")));
        }
    }
}
