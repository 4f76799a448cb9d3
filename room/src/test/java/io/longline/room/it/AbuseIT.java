package io.longline.room.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.frames.FrameEncoder;
import io.longline.frames.Preamble;
import io.longline.room.transport.LinkKind;
import io.longline.rpc.v1.HandOverResult;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.ServerFrame;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Status;
import io.longline.v1.Unbind;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that do harm, on purpose or not. Somebody else is served all the time, memory stays within a bound, and afterwards the room
 * is as it was.
 */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("io.longline.room.it.RoomWorld#linkKinds")
class AbuseIT {
    private static final boolean LONG = Boolean.getBoolean("longline.test.long");
    private static final int BINDS = LONG ? 10_000 : 1_000;
    private static final int CONNECTS = LONG ? 100_000 : 4_000;
    private static final int THREADS = 4;

    /** So many looks at which no more was sent: one may come when nobody had the processor since the one before. */
    private static final int QUIET_LOOKS = 5;

    /** What the two sockets of a connection hold, where {@code tcp_wmem} and {@code tcp_rmem} are large, and the room. */
    private static final long MOST_BYTES_OF_SOCKETS = 40 << 20;

    /** What a test may take of heap and of Netty's memory while it goes on, the clients in this process included. */
    private static final long MOST_BYTES = 48 << 20;

    /** Of what is not bound: answered by an error. */
    private static final byte[] UNBIND = FrameEncoder.encode(ClientFrame.newBuilder()
                    .setUnbind(Unbind.newBuilder().setRef(7))
                    .build())
            .array();

    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Parameter
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // JUnit hands it to open
    LinkKind kind;

    @SuppressWarnings("NullAway.Init") // before the first test of each kind
    private static RoomWorld world;

    @SuppressWarnings("NullAway.Init") // before each test
    private SteadyClient bystander;

    private long before;

    @BeforeParameterizedClassInvocation
    static void open(LinkKind kind) {
        world = new RoomWorld(
                ZOOKEEPER.store(),
                kind,
                Map.of("room.hello-timeout", "3s", "room.max-requests-per-minute", "1000000000"));
    }

    @AfterParameterizedClassInvocation
    static void close() {
        world.close();
    }

    @BeforeEach
    void bystanderArrives() throws Exception {
        bystander = new SteadyClient(world, "bystander");
        served(1);
        before = used();
    }

    /** The bystander had everything on one link, and nobody else is left. */
    @AfterEach
    void allIsAsItWas() throws Exception {
        served(10);
        await().untilAsserted(() ->
                assertThat(world.metric("longline_room_connections_depth")).isEqualTo(1));
        assertThat(world.metric("longline_room_sessions")).isEqualTo(1);
        assertThat(bystander.links()).isEqualTo(1);
        bystander.close();
        await().untilAsserted(
                        () -> assertThat(world.metric("longline_room_links")).isZero());
    }

    private static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
    }

    /** So many messages more arrive, each written at once. */
    private void served(int messages) {
        for (int i = 0; i < messages; i++) {
            int had = bystander.got().size();
            await().ignoreExceptions()
                    .until(() -> world.push(bystander.endpoint()).getResult() == HandOverResult.HAND_OVER_WRITTEN);
            await().until(() -> bystander.got().size() > had);
        }
    }

    private static long used() {
        System.gc();
        return MEMORY.getHeapMemoryUsage().getUsed()
                + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    private void expectBounded() {
        assertThat(used() - before).as("bytes more than before").isLessThan(MOST_BYTES);
    }

    private static Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), world.room.linkPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) NativeClient.PATIENCE.toMillis());
        return socket;
    }

    private static byte[] hello(String user) {
        return FrameEncoder.encode(ClientFrame.newBuilder()
                        .setHello(Hello.newBuilder().addBind(world.bind(1, user)))
                        .build())
                .array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    // ---- ends ----

    @Test
    void aHalfClosedSocketIsTheEndOfItsLink() throws Exception {
        try (NativeClient client = world.connect()) {
            client.hello(world.bind(1, "half")).welcomed();
            client.expect(KindCase.CAUGHT_UP);

            client.socket().shutdownOutput();

            client.expectEnd();
            await().until(() -> world.register.route(RoomWorld.endpoint("half")) == null);
        }
    }

    @Test
    void aHalfClosedSocketThatHasSaidNothingIsClosed() throws Exception {
        try (Socket socket = socket()) {
            socket.getOutputStream().write(Preamble.MAGIC);
            socket.shutdownOutput();

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void resetsInTheMidstOfWritesLeaveNothingBehind() throws Exception {
        for (int round = 0; round < 50; round++) {
            String user = "reset" + round;
            try (NativeClient client = world.connect()) {
                client.hello(world.bind(1, user)).welcomed();
                client.expect(KindCase.CAUGHT_UP);
                client.socket().setSoLinger(true, 0);
                Thread closing = Thread.ofVirtual().start(() -> reset(client));
                for (int i = 0; i < 5; i++) {
                    try {
                        world.push(RoomWorld.endpoint(user));
                    } catch (AssertionError e) {
                        break; // its route is gone
                    }
                }
                closing.join();
            }
            await().until(() -> world.register.route(RoomWorld.endpoint(user)) == null);
        }
        expectBounded();
    }

    private static void reset(NativeClient client) {
        try {
            client.socket().close();
        } catch (IOException e) {
            // closed is closed
        }
    }

    // ---- drip by drip ----

    @Test
    void aHelloThatComesDripByDripIs3506() throws Exception {
        try (Socket socket = socket();
                NativeClient client = NativeClient.on(socket)) {
            client.send(Preamble.bytes());
            client.read();
            drip(socket, hello("loris"));

            assertThat(client.expect(KindCase.CLOSE).getClose().getCode()).isEqualTo(3506);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /v1/connect HTTP/1.1\r\nHost: x\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "\u00a7"})
    void firstBytesThatComeDripByDripAreClosedWithoutAByte(String beginning) throws Exception {
        try (Socket socket = socket()) {
            drip(socket, beginning.getBytes(ISO_8859_1));

            assertThat(readOrReset(socket)).isEqualTo(-1);
        }
    }

    /** A byte each 50 ms until it is closed, or has said all. */
    private static void drip(Socket socket, byte[] bytes) throws InterruptedException {
        try {
            for (byte one : bytes) {
                socket.getOutputStream().write(one);
                Thread.sleep(50);
            }
        } catch (IOException e) {
            // closed meanwhile
        }
    }

    private static int readOrReset(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException e) {
            return -1;
        }
    }

    @Test
    void framesThatNeverEndTakeNoMoreThanTheyMay() throws Exception {
        byte[] frame = FrameEncoder.encode(ClientFrame.newBuilder()
                        .setStatus(Status.newBuilder().setNetwork("x".repeat(60_000)))
                        .build())
                .array();
        List<NativeClient> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            NativeClient client = world.connect();
            clients.add(client);
            client.hello(Hello.newBuilder().setHeartbeatS(600)).welcomed();
            client.send(Arrays.copyOf(frame, frame.length - 1));
        }

        served(3);
        expectBounded(); // 100 times 64 KiB, twice

        for (NativeClient client : clients) {
            client.send(join(new byte[] {frame[frame.length - 1]}, UNBIND));
            client.expect(KindCase.ERROR); // to what came behind it
            client.close();
        }
    }

    // ---- too much ----

    @Test
    void thousandsOfBindsOnALinkAreAllAnswered() throws Exception {
        try (NativeClient client = world.connect()) {
            client.hello().welcomed();
            Thread sending = Thread.ofVirtual().start(() -> {
                try {
                    for (int ref = 1; ref <= BINDS; ref++) {
                        client.bind(world.bind(ref, "many" + ref));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            int taken = 0;
            int refused = 0;
            while (taken + refused < BINDS) {
                ServerFrame frame = client.next();
                if (frame.hasBound() && frame.getBound().getOk()) {
                    taken++;
                } else if (frame.hasBound()) {
                    assertThat(frame.getBound().getError().getCode()).isEqualTo(3507);
                    refused++;
                }
            }

            assertThat(taken).isEqualTo(64);
            sending.join();
            expectBounded();
        }
    }

    @Test
    void whoNeverReadsIsNotReadFromAndTakesNoMoreThanItMay() throws Exception {
        byte[] many = join(Collections.nCopies(10_000, UNBIND).toArray(byte[][]::new));
        AtomicLong sent = new AtomicLong();
        List<NativeClient> deaf = new ArrayList<>();
        List<Thread> sending = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            NativeClient client = NativeClient.connectLazily(world.room.linkPort());
            deaf.add(client);
            client.hello(Hello.newBuilder().setHeartbeatS(600));
            sending.add(Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        client.send(many); // each is answered
                        sent.incrementAndGet();
                    }
                } catch (IOException e) {
                    // closed below
                }
            }));
        }

        try {
            AtomicLong looked = new AtomicLong(-1);
            AtomicInteger quiet = new AtomicInteger();
            await().pollInterval(Duration.ofMillis(200)).until(() -> {
                boolean more = looked.getAndSet(sent.get()) != sent.get();
                return (more ? quiet.updateAndGet(_ -> 0) : quiet.incrementAndGet()) == QUIET_LOOKS;
            });
            served(10);
            expectBounded();
            // What TCP tries again later, longer and longer apart, may still go into the sockets.
            assertThat(sent.get() * many.length).isLessThan(deaf.size() * MOST_BYTES_OF_SOCKETS);
        } finally {
            for (NativeClient client : deaf) {
                client.close();
            }
            for (Thread thread : sending) {
                thread.join();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStormOfConnectsFromOneAddressLeavesNothingBehind(boolean resets) throws Exception {
        InetSocketAddress room = new InetSocketAddress(InetAddress.getLoopbackAddress(), world.room.linkPort());
        CountDownLatch done = new CountDownLatch(THREADS);
        for (int thread = 0; thread < THREADS; thread++) {
            Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < CONNECTS / THREADS; i++) {
                        try (Socket socket = new Socket()) {
                            socket.setSoLinger(resets, 0);
                            socket.connect(room);
                            socket.getOutputStream().write(i % 2 == 0 ? Preamble.bytes() : "GET ".getBytes(US_ASCII));
                        } catch (IOException e) {
                            // refused or reset
                        }
                    }
                } finally {
                    done.countDown();
                }
            });
        }

        served(5);
        done.await();
        expectBounded();
    }
}
