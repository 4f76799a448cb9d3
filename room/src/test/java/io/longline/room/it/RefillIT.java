package io.longline.room.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.RefillRow;
import io.longline.rpc.v1.Route;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Bound;
import io.longline.v1.ServerFrame.KindCase;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** After a register that lost its routes was told of the sessions here. */
@Timeout(60)
class RefillIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private RoomWorld world;

    @BeforeEach
    void open() {
        world = new RoomWorld(ZOOKEEPER.store(), Map.of());
    }

    @AfterEach
    void close() {
        world.close();
    }

    private NativeClient bound(String user) throws Exception {
        NativeClient client = world.connect();
        client.hello(world.bind(1, user)).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        return client;
    }

    @Test
    void promise05WhoWasReplacedWhileRedisWasLostIsEndedAndSentNothing() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("r1");
        try (NativeClient older = bound("r1");
                NativeClient other = bound("r2")) {
            world.register.bindElsewhere(endpoint);
            world.saver.store(endpoint, world.message());
            MapSaver.Stored unheard = world.saver.store(RoomWorld.endpoint("r2"), world.message());

            world.refill();

            older.expectClose(3501);
            assertThat(other.expect(KindCase.PUSH).getPush().getSeq()).isEqualTo(unheard.seq());
        }
    }

    @Test
    void aChangeOfWhatIsFollowedWhoseWordWasLostWithRedisIsFoundOut() throws Exception {
        try (NativeClient client = bound("r12")) {
            world.register.followElsewhere(RoomWorld.endpoint("r12"), "alerts", 0);

            world.refill();

            assertThat(client.expect(KindCase.SUBSCRIBED).getSubscribed().getTopic())
                    .isEqualTo("alerts");
            assertThat(world.publish("alerts").getFollowers()).isEqualTo(1);
        }
    }

    @Test
    void promise05WhoHasLeftIsToldTooSoThatNobodyOlderHasItsEndpointAgain() throws Exception {
        RefillRow left;
        try (NativeClient client = world.connect()) {
            Bound bound = client.hello(world.bind(1, "r4")).welcomed().getBound(0);
            client.expect(KindCase.CAUGHT_UP);
            client.unbind(1, false).expect(KindCase.UNBOUND);
            left = RefillRow.newBuilder()
                    .setEndpoint(RoomWorld.endpoint("r4"))
                    .setEndedGeneration(bound.getGeneration())
                    .build();
        }
        await().until(() -> world.refillRows().contains(left));
        assertThat(world.refill()).doesNotContain(RoomWorld.endpoint("r4"));
    }

    @Test
    void promise05WhoOthersHaveEndedIsToldTooButForTheReplacedWhoseSuccessorsAreTold() throws Exception {
        try (NativeClient forgotten = bound("r6");
                NativeClient replaced = bound("r7")) {
            Route of6 = requireNonNull(world.register.route(RoomWorld.endpoint("r6")));
            Route of7 = requireNonNull(world.register.route(RoomWorld.endpoint("r7")));
            assertThat(world.end(of6, 3502)).isTrue();
            assertThat(world.end(of7, 3501)).isTrue();
            forgotten.expectClose(3502);
            replaced.expectClose(3501);

            assertThat(world.refillRows())
                    .containsExactly(RefillRow.newBuilder()
                            .setEndpoint(RoomWorld.endpoint("r6"))
                            .setEndedGeneration(of6.getGeneration())
                            .build());
        }
    }

    @Test
    void promise05WhoNobodyIsToldToHaveLoadsNothingUntilItIsKnownWhoHasIt() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("r5");
        try (NativeClient client = bound("r5")) {
            world.saver.store(endpoint, world.message());
            world.register.loseAll();
            long located = world.register.located();

            world.refill();

            await().until(() -> world.register.located() >= located + 2);
            client.expectNothing(Duration.ofMillis(100));
            world.register.bindElsewhere(endpoint);
            client.expectClose(3501);
        }
    }

    @Test
    void promise01WhomARegisterLostForGoodIsBoundAnewWithItsGeneration() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("r8");
        try (NativeClient client = bound("r8")) {
            Route before = requireNonNull(world.register.route(endpoint));
            world.register.loseAll();
            MapSaver.Stored unheard = world.saver.store(endpoint, world.message());

            world.refill();

            assertThat(client.expect(KindCase.PUSH).getPush().getSeq()).isEqualTo(unheard.seq());
            Route after = requireNonNull(world.register.route(endpoint));
            assertThat(after.getGeneration()).isEqualTo(before.getGeneration());
            assertThat(after.getPlace()).isEqualTo(before.getPlace());
        }
    }

    @Test
    void nobodyLoadsBeforeItIsKnownWhoIsReplaced() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("r3");
        try (NativeClient client = bound("r3")) {
            MapSaver.Stored unheard = world.saver.store(endpoint, world.message());
            world.register.rebuilding(true);
            long located = world.register.located();

            world.refill();

            await().until(() -> world.register.located() >= located + 2); // asked, and asked again
            client.expectNothing(Duration.ofMillis(100));
            world.register.rebuilding(false);
            assertThat(client.expect(KindCase.PUSH).getPush().getSeq()).isEqualTo(unheard.seq());
        }
    }
}
