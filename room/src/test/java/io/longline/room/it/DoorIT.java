package io.longline.room.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.live.LiveConfig;
import io.longline.keeper.live.ZkConfigNode;
import io.longline.room.RoomClocks;
import io.longline.room.transport.LinkKind;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.ClientFrame;
import io.longline.v1.Close;
import io.longline.v1.Ping;
import io.longline.v1.ServerFrame;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Unbind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Who is let in. All of 127.0.0.0/8 is this machine, so clients come from whatever address of it. */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@MethodSource("io.longline.room.it.RoomWorld#linkKinds")
class DoorIT {
    private static final ClientFrame PING =
            ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build();
    /** Of what is not bound: answered by an error. */
    private static final ClientFrame UNBIND =
            ClientFrame.newBuilder().setUnbind(Unbind.newBuilder().setRef(7)).build();

    private static final String US = "127.0.0.1";
    private static final String THEM = "127.0.0.2";

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Parameter
    @SuppressWarnings("NullAway.Init")
    LinkKind kind;

    @SuppressWarnings("NullAway.Init") // by open, first of all
    private RoomWorld world;

    private final List<NativeClient> clients = new ArrayList<>();

    private void open(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("room.loops", "1");
        world = new RoomWorld(ZOOKEEPER.store(), kind, all);
    }

    @AfterEach
    void close() throws Exception {
        for (NativeClient client : clients) {
            client.close();
        }
        world.close();
    }

    private NativeClient from(String address) throws IOException {
        NativeClient client = NativeClient.connect(world.linkPort(), address);
        clients.add(client);
        return client;
    }

    private NativeClient welcomedFrom(String address) throws Exception {
        NativeClient client = from(address);
        client.hello().welcomed();
        return client;
    }

    /** A client from there reads no byte. */
    private void expectNoByteTo(String address) throws Exception {
        try (NativeClient client = NativeClient.connect(world.linkPort(), address)) {
            client.expectEnd();
        } catch (IOException e) {
            // closed before it had sent anything
        }
    }

    private double refused(String reason) throws Exception {
        return world.metric("longline_room_connections_refused_total", "reason=\"" + reason + "\"");
    }

    /** What an operator writes to ZooKeeper. */
    private void configure(Map<String, String> settings) {
        new ZkConfigNode(world.zookeeper, "room").write(settings);
    }

    // ---- full ----

    @Test
    void aFullRoomTellsClientsBeforeAnyWorkAndOthersInZooKeeper() throws Exception {
        open(Map.of("room.max-connections", "2"));
        NativeClient first = welcomedFrom(US);
        welcomedFrom(US);

        NativeClient third = from(US); // says its preamble, and nothing more
        Close close = third.expect(KindCase.CLOSE).getClose();

        assertThat(close.getCode()).isEqualTo(3003);
        assertThat(close.getRetry()).isTrue();
        assertThat(close.getRetryAfterMs()).isPositive();
        third.expectEnd();
        await().until(() -> world.announced().state() == NodeState.FULL);
        await().untilAsserted(() ->
                assertThat(world.announced().load()).isEqualTo(2)); // the third may be told of for a while
        first.close();
        await().until(() -> world.announced().state() == NodeState.READY);
        welcomedFrom(US);
    }

    @Test
    void aFullRoomTellsWebSocketsToo() throws Exception {
        open(Map.of("room.max-connections", "1"));
        welcomedFrom(US);

        try (SocketOfWeb web = SocketOfWeb.connect(world.linkPort())) {
            assertThat(web.nextText()).contains("\"close\"", "3003", "retry_after_ms");
            assertThat(web.closeCode()).isEqualTo(3003);
        }
    }

    @Test
    void beyondThoseWhoAreToldASocketIsClosedWithoutAByteUntilOneIsGone() throws Exception {
        open(Map.of("room.max-connections", "2"));
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            silent.add(new Socket(InetAddress.getLoopbackAddress(), world.linkPort()));
        }
        await().untilAsserted(() ->
                assertThat(world.metric("longline_room_connections_depth")).isEqualTo(3));

        expectNoByteTo(US);

        assertThat(refused("full")).isEqualTo(1);
        await().until(() -> world.announced().state() == NodeState.FULL);
        silent.getFirst().close();
        await().ignoreExceptions().untilAsserted(() -> welcomedFrom(US));
        for (Socket socket : silent) {
            socket.close();
        }
    }

    // ---- by address ----

    @Test
    void anAddressHasSoManyConnectionsAtATime() throws Exception {
        open(Map.of("room.max-connections-per-address", "2"));
        NativeClient first = welcomedFrom(THEM);
        welcomedFrom(THEM);

        expectNoByteTo(THEM);

        welcomedFrom(US);
        assertThat(refused("address")).isEqualTo(1);
        assertThat(world.metric("longline_room_connections_addresses")).isEqualTo(2);
        first.close();
        await().ignoreExceptions().untilAsserted(() -> welcomedFrom(THEM));
    }

    @Test
    void anAddressConnectsSoOftenASecond() throws Exception {
        open(Map.of("room.max-connects-per-address", "3"));
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sockets.add(new Socket(InetAddress.getLoopbackAddress(), world.linkPort(), InetAddress.ofLiteral(THEM), 0));
        }

        await().untilAsserted(
                        () -> assertThat(refused("connect_rate") + world.metric("longline_room_connections_depth"))
                                .isEqualTo(50));
        assertThat(world.metric("longline_room_connections_depth")).as("let in").isBetween(3.0, 20.0);
        welcomedFrom(US);
        await().ignoreExceptions().untilAsserted(() -> welcomedFrom(THEM));
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    // ---- by network ----

    @Test
    void networksAreAllowedAndDeniedWhileTheRoomRuns() throws Exception {
        open(Map.of());
        NativeClient before = welcomedFrom(THEM);

        configure(Map.of("room.deny", "127.0.0.2/31"));
        await().untilAsserted(() -> expectNoByteTo(THEM));
        welcomedFrom(US);
        configure(Map.of("room.allow", "127.0.0.0/30", "room.deny", "127.0.0.1"));
        await().untilAsserted(() -> expectNoByteTo(US));
        welcomedFrom(THEM);
        expectNoByteTo("127.0.0.4");
        configure(Map.of());
        await().ignoreExceptions().untilAsserted(() -> welcomedFrom("127.0.0.4"));

        assertThat(refused("network")).isPositive();
        before.send(ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
        before.expect(KindCase.PONG);
    }

    @Test
    void aChangeThatDoesNotValidateIsRefusedWhole() throws Exception {
        open(Map.of());
        configure(Map.of("room.deny", THEM));
        await().untilAsserted(() -> expectNoByteTo(THEM));

        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger live = (Logger) LoggerFactory.getLogger(LiveConfig.class);
        live.addAppender(log);
        configure(Map.of("room.deny", US, "room.max-connections-per-address", "many"));
        await().until(() -> log.list.size() == 1);
        configure(Map.of("room.deny", US + "/8"));
        await().until(() -> log.list.size() == 2);
        live.detachAppender(log);

        assertThat(log.list).allMatch(line -> line.getFormattedMessage().contains("refused config/room"));
        welcomedFrom(US);
        expectNoByteTo(THEM);
        configure(Map.of("room.deny", "127.0.0.3"));
        await().untilAsserted(() -> expectNoByteTo("127.0.0.3"));
        welcomedFrom(THEM);
    }

    // ---- on a link ----

    @Test
    void aFloodOfPingsIs3507() throws Exception {
        open(Map.of("room.max-pings-per-minute", "10"));
        NativeClient flood = welcomedFrom(US);
        NativeClient other = welcomedFrom(US);

        try {
            for (int i = 0; i < 10_000; i++) {
                flood.send(PING);
            }
        } catch (IOException e) {
            // closed meanwhile
        }

        int pongs = 0;
        KindCase kindOfLast = flood.next().getKindCase();
        for (; kindOfLast == KindCase.PONG; pongs++) {
            kindOfLast = flood.next().getKindCase();
        }
        assertThat(kindOfLast).isEqualTo(KindCase.CLOSE);
        assertThat(pongs).isBetween(10, 20); // a minute may have begun meanwhile
        await().untilAsserted(() -> assertThat(world.metric("longline_room_closes_total", "code=\"3507\""))
                .isEqualTo(1));
        other.send(PING);
        other.expect(KindCase.PONG);
    }

    @Test
    void whoFloodsAgainAndAgainIsNotBoundForAMinute() throws Exception {
        open(Map.of("room.max-pings-per-minute", "10"));
        for (int i = 0; i < 3; i++) {
            try (NativeClient flood = world.connect()) {
                flood.hello(world.bind(1, "flood")).welcomed();
                ServerFrame frame = flood.next();
                for (int sent = 0; !frame.hasClose(); sent++) {
                    if (sent < 30) { // a minute may begin meanwhile
                        flood.send(PING);
                    }
                    frame = flood.next();
                }
                assertThat(frame.getClose().getCode()).isEqualTo(3507);
            }
        }

        try (NativeClient flood = world.connect();
                NativeClient other = world.connect()) {
            Close refused =
                    flood.hello(world.bind(1, "flood")).expect(KindCase.CLOSE).getClose();
            assertThat(refused.getCode()).isEqualTo(3507);
            assertThat(refused.getRetry()).isFalse();
            assertThat(refused.getRetryAfterMs()).isBetween(1L, 60_000L);
            other.hello(world.bind(1, "other")).welcomed();
        }
    }

    @Test
    void whoAsksTooMuchIsNotReadFromBeforeTheNextMinute() throws Exception {
        AtomicLong ahead = new AtomicLong();
        world = new RoomWorld(
                ZOOKEEPER.store(),
                Map.of(
                        "room.max-requests-per-minute", "10",
                        "room.loops", "1",
                        "room.links", kind.name().toLowerCase(Locale.ROOT)),
                new RoomClocks(() -> System.currentTimeMillis() + ahead.get(), System::nanoTime));
        NativeClient flood = welcomedFrom(US);
        NativeClient other = welcomedFrom(US);
        ahead.set(58_000 - System.currentTimeMillis() % 60_000);
        for (int i = 0; i < 20; i++) {
            flood.send(UNBIND);
        }
        for (int i = 0; i < 10; i++) { // those that came with the last one that counts are answered, too
            flood.expect(KindCase.ERROR);
        }
        other.send(PING);
        other.expect(KindCase.PONG);
        flood.send(PING);

        KindCase kindOfLast = flood.next().getKindCase();
        while (kindOfLast == KindCase.ERROR) {
            kindOfLast = flood.next().getKindCase();
        }

        assertThat(kindOfLast).isEqualTo(KindCase.PONG);
        assertThat((System.currentTimeMillis() + ahead.get()) % 60_000).isLessThan(58_000);
    }

    @Test
    void whoGoesOnSendingToAClosedLinkIsCutOff() throws Exception {
        open(Map.of("room.max-pings-per-minute", "10", "room.linger", "60s"));
        NativeClient flood = welcomedFrom(US);
        byte[] much = new byte[64 * 1024];

        for (int i = 0; i < 20; i++) {
            flood.send(PING);
        }

        await().until(() -> {
            try {
                flood.send(much);
                return false;
            } catch (IOException e) {
                return true;
            }
        });
    }

    @Test
    void pingsOfWebSocketCountLikeFrames() throws Exception {
        open(Map.of("room.max-pings-per-minute", "10"));
        try (SocketOfWeb client = SocketOfWeb.connect(world.linkPort())) {
            for (int i = 0; i < 100; i++) {
                client.ping();
            }

            assertThat(client.nextText()).contains("\"close\"", "3507");
            assertThat(client.closeCode()).isEqualTo(3507);
        }
    }

    @Test
    void pingsAtTheUsualPaceGoOn() throws Exception {
        open(Map.of("room.max-pings-per-minute", "10"));
        NativeClient client = welcomedFrom(US);

        for (int i = 0; i < 5; i++) {
            client.send(PING);
            client.expect(KindCase.PONG);
        }

        client.expectNothing(Duration.ofMillis(100));
    }
}
