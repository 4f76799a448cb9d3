package io.longline.room.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.rpc.Deadline;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.HandOverResult;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.Route;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Ping;
import io.longline.v1.ServerFrame.KindCase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The process of a room is stopped and continued; its ZooKeeper session lives for 6 s. */
@Timeout(90)
class StoppedRoomIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static RoomProcess world;

    @BeforeAll
    static void open() {
        world = new RoomProcess(ZOOKEEPER.store(), Map.of("zookeeper.session-timeout", "6s", "room.load-wait", "3s"));
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static NativeClient bound(String user) throws Exception {
        return bound(Hello.newBuilder().addBind(world.bind(1, user)));
    }

    /** A process that has just started may take its time, and say 3003 first. */
    private static NativeClient welcomed(Hello.Builder hello) throws Exception {
        NativeClient client = world.connect();
        while (!client.hello(hello).next().hasWelcome()) {
            client.close();
            client = world.connect();
        }
        return client;
    }

    private static NativeClient bound(Hello.Builder hello) throws Exception {
        NativeClient client = welcomed(hello);
        client.expect(KindCase.CAUGHT_UP);
        return client;
    }

    private static Route route(Endpoint endpoint) {
        return requireNonNull(world.register.route(endpoint));
    }

    private static ClientFrame ping() {
        return ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build();
    }

    /** A hint that is on its way while the room stands still. */
    private static CompletableFuture<HandOverReply> hintLater(Endpoint endpoint) {
        MapSaver.Stored stored = world.saver.store(endpoint, world.message());
        HandOverRequest hint = Surroundings.hintOf(stored)
                .setMessage(stored.message())
                .setPlace(route(endpoint).getPlace())
                .setGeneration(route(endpoint).getGeneration())
                .build();
        return world.peer().call(Surroundings.HAND_OVER, hint, Deadline.after(Duration.ofSeconds(20)));
    }

    /** Reads nothing, and has more waiting for it in the room than its socket takes. */
    private static NativeClient full(Endpoint endpoint) throws Exception {
        NativeClient lazy = NativeClient.connectLazily(world.linkPort());
        lazy.hello(world.bind(1, endpoint.getProduct(), endpoint.getUser(), 0));
        await().until(() -> world.isWritten(endpoint, world.message()));
        Message large = world.message().toBuilder().setText("x".repeat(60_000)).build();
        int written = 0;
        while (world.isWritten(endpoint, large)) {
            written++;
        }
        assertThat(written)
                .as("large hints until the socket was full, before the window is")
                .isBetween(1, 60);
        return lazy;
    }

    @Test
    void oneThatWasTakenForDeadSendsNothingEndsItsLinksAndIsAnotherIncarnation() throws Exception {
        Endpoint stays = RoomWorld.endpoint("z1");
        Endpoint slow = RoomWorld.endpoint("other", "z3", "default");
        NativeClient staying = bound("z1");
        NativeClient left = bound("z2"); // it will be at another room, its old link half open
        NativeClient lazy = full(slow);
        long before = world.announced().incarnation();
        CountDownLatch saver = world.saver.stall();
        world.hand(stays, RoomWorld.hintOf(world.saver.store(stays, world.message()))); // so a load is under way
        CountDownLatch register = world.register.hold();
        NativeClient coming = world.connect(); // so a bind is
        coming.hello(world.bind(1, "z4"));
        await().until(() -> world.register.route(RoomWorld.endpoint("z4")) != null);

        world.stop();
        NativeClient gone = world.connect(); // and this one has given up, and is elsewhere, long before it is heard
        gone.hello(world.bind(1, "z6"));
        NativeClient vanished = world.connect(); // this one, too, and nobody has told the room
        vanished.hello(world.bind(1, "z7"));
        gone.close();
        List<Endpoint> elsewhere =
                List.of(RoomWorld.endpoint("z2"), RoomWorld.endpoint("z6"), RoomWorld.endpoint("z7"));
        elsewhere.forEach(world.register::bindElsewhere);
        var _ = hintLater(stays);
        staying.send(ping());
        left.send(ping());
        saver.countDown();
        register.countDown();
        lazy.read();
        lazy.skipAll(Duration.ofSeconds(2)); // what its kernel and the room's have
        await().pollDelay(Duration.ofSeconds(6))
                .until(() -> world.announcedRooms().isEmpty());
        world.resume();

        staying.expectEnd();
        left.expectEnd();
        coming.expectEnd();
        lazy.expectEnd();
        vanished.expectEnd();
        await().until(() -> !world.announcedRooms().isEmpty());
        assertThat(world.announced().incarnation()).isGreaterThan(before);
        assertThat(world.metric("longline_room_stops_total")).isEqualTo(1);
        assertThat(world.metric("longline_room_links")).isZero();
        await().until(() -> world.register.route(stays) == null);

        NativeClient again = welcomed(Hello.newBuilder().addBind(world.bind(1, "z1")));
        assertThat(again.expect(KindCase.PUSH).getPush().getSeq()).isEqualTo(1_000);
        assertThat(again.expect(KindCase.PUSH).getPush().getSeq()).isEqualTo(1_001);
        again.expect(KindCase.CAUGHT_UP);
        assertThat(elsewhere)
                .allMatch(endpoint -> route(endpoint).getPlace().getRoom().equals("elsewhere"));
        for (NativeClient client : List.of(staying, left, lazy, coming, vanished, again)) {
            client.close();
        }
    }

    @Test
    void aShorterStopDoesNoHarm() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("z5");
        NativeClient client = bound(Hello.newBuilder().setHeartbeatS(1).addBind(world.bind(1, "z5")));
        Route before = route(endpoint);
        client.send(ping());
        client.expect(KindCase.PONG); // so it is not silent from before the stop

        world.stop();
        client.send(ping());
        CompletableFuture<HandOverReply> reply = hintLater(endpoint);
        await().pollDelay(Duration.ofMillis(1_800)).until(() -> true); // longer than it may be silent
        world.resume();

        client.expect(KindCase.PONG);
        client.expect(KindCase.PUSH);
        assertThat(reply.join().getResult()).isEqualTo(HandOverResult.HAND_OVER_WRITTEN);
        assertThat(route(endpoint)).isEqualTo(before);
        client.close();
    }
}
