package io.longline.room.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.discovery.Node;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.room.RoomServer;
import io.longline.rpc.v1.Endpoint;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Close;
import io.longline.v1.ServerFrame.KindCase;
import java.net.ConnectException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class LifeIT {
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

    @Test
    void theRoomIsAnnouncedWithWhereClientsReachIt() {
        Node node = world.announced();

        assertThat(node.instance()).isEqualTo(world.room.instance());
        assertThat(node.addresses().getFirst().port()).isEqualTo(world.room.linkPort());
        assertThat(node.rpc()).isEqualTo("127.0.0.1:" + world.room.rpcPort());
        assertThat(node.admin()).isEqualTo("127.0.0.1:" + world.room.adminPort());
        assertThat(node.incarnation()).isGreaterThan(1_700_000_000_000L * 1024);
    }

    @Test
    void anOrderlyStopEndsLinksKeepsAcksAndUnbindsAll() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("l1");
        NativeClient client = world.connect();
        client.hello(world.bind(1, "l1")).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        world.push(endpoint);
        client.ack(1, client.expect(KindCase.PUSH).getPush().getSeq());
        client.unbind(7, false); // answered after the ack was taken
        client.expect(KindCase.ERROR);
        int port = world.room.linkPort();

        world.room.close();

        Close close = client.expect(KindCase.CLOSE).getClose();
        assertThat(close.getCode()).isEqualTo(3000);
        assertThat(close.getRetry()).isTrue();
        client.expectEnd();
        assertThat(world.saver.size(endpoint)).isZero();
        assertThat(world.register.route(endpoint)).isNull();
        assertThat(world.register.parting(endpoint)).isEqualTo("going_away");
        await().until(() -> world.announcedRooms().isEmpty());
        assertThatThrownBy(() -> NativeClient.connect(port)).isInstanceOf(ConnectException.class);
    }

    @Test
    void linksThatBreakWhileTheirHandshakeRunsLeaveNothingBehind() throws Exception {
        for (int round = 0; round < 20; round++) {
            CountDownLatch held = world.register.hold();
            String user = "l6-" + round;
            NativeClient client = world.connect();
            client.hello(world.bind(1, user).toBuilder().build());
            await().until(() -> world.register.route(RoomWorld.endpoint(user)) != null);
            world.saver.fails(new LonglineException(ErrorCode.INTERNAL, "test")); // so the room closes the link too
            client.socket().setSoLinger(true, 0); // resets
            client.close();
            held.countDown();
            await().until(() -> world.register.route(RoomWorld.endpoint(user)) == null);
            world.saver.fails(null);
        }
        await().untilAsserted(() -> assertThat(world.get("/metrics")).containsPattern("longline_room_links\\{.*} 0.0"));
        NativeClient after = world.connect();
        assertThat(after.hello(world.bind(1, "l7")).welcomed().getBound(0).getOk())
                .isTrue();
        after.close();
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        int port = world.room.linkPort();

        RoomServer second =
                new RoomServer(RoomWorld.config(ZOOKEEPER.store(), world.cluster, Map.of("room.listen", "0," + port)));

        assertThatThrownBy(second::start).hasMessageContaining("cannot listen on port " + port);
    }

    @Test
    void withoutRegisterAndSaverLinksStayAndGoOnAfterwards() throws Exception {
        world.close();
        world = new RoomWorld(ZOOKEEPER.store(), Map.of("room.answer-wait", "4s"));
        NativeClient client = world.connect();
        client.hello(world.bind(1, "l3")).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        world.withdraw("register");
        world.withdraw("saver");

        NativeClient other = world.connect();
        other.hello(world.bind(1, "l4"));
        other.expectClose(3003);
        world.serve("register", world.register.service());
        world.serve("saver", world.saver.service(), world.topics.service());

        world.push(RoomWorld.endpoint("l3"));
        client.ack(1, client.expect(KindCase.PUSH).getPush().getSeq());
        await().until(() -> world.saver.size(RoomWorld.endpoint("l3")) == 0);
        client.close();
    }

    @Test
    void metricsTellOfLinksSessionsAndHandOvers() throws Exception {
        NativeClient client = world.connect();
        client.hello(world.bind(1, "l5")).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        world.push(RoomWorld.endpoint("l5"));

        String metrics = world.get("/metrics");

        assertThat(metrics)
                .containsPattern("longline_room_links\\{.*} 1.0")
                .containsPattern("longline_room_sessions\\{.*} 1.0")
                .containsPattern("longline_room_handovers_total\\{.*result=\"written\".*} 1.0");
        assertThat(world.get("/readyz")).contains("ready");
        client.close();
    }
}
