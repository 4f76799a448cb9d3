package io.longline.room.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.longline.frames.Direction;
import io.longline.frames.FrameEncoder;
import io.longline.frames.FrameLimits;
import io.longline.frames.Preamble;
import io.longline.frames.json.JsonFrames;
import io.longline.room.transport.LinkKind;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Ack;
import io.longline.v1.Bind;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Ping;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Status;
import io.longline.v1.Subscribe;
import io.longline.v1.Unbind;
import io.longline.v1.Unsubscribe;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Damaged conversations over real sockets, with Netty's leak detection at paranoid: whatever comes in, a second client is served, nothing
 * fails inside, nothing leaks, nothing is left. For a second a kind of speech; {@code -Dlongline.fuzz.seconds=600} for longer, and {@code
 * -Dlongline.fuzz.seed=N} repeats a run.
 */
@Timeout(24 * 3600)
@ParameterizedClass(name = "{0}")
@MethodSource("io.longline.room.it.RoomWorld#linkKinds")
class FuzzIT {
    private static final int SECONDS = Integer.getInteger("longline.fuzz.seconds", 1);
    private static final long SEED = Long.getLong("longline.fuzz.seed", System.nanoTime());
    private static final int BETWEEN_LOOKS = 50;
    private static final JsonFrames<ClientFrame> JSON =
            new JsonFrames<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT);

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Parameter
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // JUnit hands it to open
    LinkKind kind;

    @SuppressWarnings("NullAway.Init") // before the first test of each kind
    private static RoomWorld world;

    private final Errors errors = new Errors();

    @SuppressWarnings("NullAway.Init") // before each test
    private NativeClient bystander;

    private static final class Errors extends AppenderBase<ILoggingEvent> {
        final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                lines.add(event.toString());
            }
        }
    }

    /** What a socket says. */
    enum Speech {
        FIRST_BYTES,
        NATIVE,
        WEB_SOCKET,
        JSON_TEXT,
        HTTP
    }

    @BeforeParameterizedClassInvocation
    static void open(LinkKind kind) {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        world = new RoomWorld(ZOOKEEPER.store(), kind, Map.of("room.hello-timeout", "1s", "room.linger", "100ms"));
    }

    @AfterParameterizedClassInvocation
    static void close() {
        world.close();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    }

    @BeforeEach
    void arrive() throws Exception {
        errors.start();
        root().addAppender(errors);
        Bind bind = world.bind(1, "bystander");
        bystander = world.connect(); // and has a second for its hello
        bystander.hello(bind).welcomed();
        bystander.expect(KindCase.CAUGHT_UP);
    }

    @AfterEach
    void leave() throws Exception {
        bystander.close();
        root().detachAppender(errors);
        await().untilAsserted(() ->
                assertThat(world.metric("longline_room_connections_depth")).isZero());
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    @ParameterizedTest
    @EnumSource
    void nothingThatComesInDoesHarm(Speech speech) throws Exception {
        Random random = new Random(SEED ^ speech.name().hashCode());
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        int sockets = 0;
        while (System.nanoTime() < end) {
            byte[] said = conversation(speech, random);
            say(said, random);
            if (++sockets % BETWEEN_LOOKS == 0) {
                served(speech, said);
            }
        }
        System.out.printf("%s %s: %,d sockets, seed %d%n", kind, speech, sockets, SEED);
        served(speech, new byte[0]);

        await().untilAsserted(() ->
                assertThat(world.metric("longline_room_connections_depth")).isEqualTo(1));
        for (int i = 0; i < 3; i++) { // buffers that nobody released are told of when others are taken afterwards
            System.gc();
            served(speech, new byte[0]);
        }
        assertThat(errors.lines)
                .as("what the room says that it should not, seed %d", SEED)
                .isEmpty();
    }

    private void served(Speech speech, byte[] last) throws Exception {
        bystander.send(
                ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
        assertThat(bystander.next().getKindCase())
                .as(
                        "after %s, seed %d, the last was %s",
                        speech, SEED, HexFormat.of().formatHex(last))
                .isEqualTo(KindCase.PONG);
    }

    // ---- what is said ----

    private static byte[] conversation(Speech speech, Random random) {
        return switch (speech) {
            case FIRST_BYTES -> damaged(join(Preamble.bytes(), framed(random)), random);
            case NATIVE ->
                join(Preamble.bytes(), random.nextBoolean() ? hello() : new byte[0], damaged(framed(random), random));
            case WEB_SOCKET ->
                join(upgrade("longline.v1"), damaged(masked(0x82, frame(random).toByteArray(), random), random));
            case JSON_TEXT ->
                join(upgrade("longline.v1.json"), masked(0x81, damaged(json(frame(random)), random), random));
            case HTTP -> damaged(join(upgrade("longline.v1"), framed(random)), random);
        };
    }

    private static ClientFrame frame(Random random) {
        List<ClientFrame> frames = List.of(
                ClientFrame.newBuilder()
                        .setHello(Hello.newBuilder().setDevice("phone").addBind(world.bind(1, "fuzzed")))
                        .build(),
                ClientFrame.newBuilder().setBind(world.bind(2, "fuzzed")).build(),
                ClientFrame.newBuilder()
                        .setUnbind(Unbind.newBuilder().setRef(1).setForget(true))
                        .build(),
                ClientFrame.newBuilder()
                        .setAck(Ack.newBuilder().setRef(1).setSeq(random.nextLong()))
                        .build(),
                ClientFrame.newBuilder()
                        .setAck(Ack.newBuilder()
                                .setRef(1)
                                .setTopic("open-fuzzed")
                                .setOffset(random.nextLong()))
                        .build(),
                ClientFrame.newBuilder()
                        .setSubscribe(Subscribe.newBuilder()
                                .setRef(1)
                                .setTopic("open-fuzzed")
                                .setAfter(random.nextLong()))
                        .build(),
                ClientFrame.newBuilder()
                        .setUnsubscribe(Unsubscribe.newBuilder().setRef(1).setTopic("open-fuzzed"))
                        .build(),
                ClientFrame.newBuilder()
                        .setStatus(Status.newBuilder().setNetwork("wifi"))
                        .build(),
                ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
        return frames.get(random.nextInt(frames.size()));
    }

    private static byte[] hello() {
        return FrameEncoder.encode(ClientFrame.newBuilder()
                        .setHello(Hello.newBuilder().addBind(world.bind(1, "fuzzed")))
                        .build())
                .array();
    }

    private static byte[] framed(Random random) {
        return FrameEncoder.encode(frame(random)).array();
    }

    private static byte[] json(ClientFrame frame) {
        return UTF_8.decode(JSON.encode(frame)).toString().getBytes(UTF_8);
    }

    private static byte[] upgrade(String subprotocol) {
        return ("GET /v1/connect HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Protocol: " + subprotocol + "\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    private static byte[] masked(int opcode, byte[] payload, Random random) {
        int mask = random.nextInt();
        boolean small = payload.length < 126;
        ByteBuffer frame = ByteBuffer.allocate((small ? 6 : 8) + payload.length);
        frame.put((byte) opcode).put((byte) (0x80 | (small ? payload.length : 126)));
        if (!small) {
            frame.putShort((short) payload.length);
        }
        frame.putInt(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask >>> (24 - 8 * (i % 4))));
        }
        return frame.array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Bits flipped, pieces lost, repeated, put in, moved; or nothing at all. */
    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            int to = at + random.nextInt(Math.min(16, bytes.length - at) + 1);
            byte[] head = Arrays.copyOf(bytes, at);
            byte[] piece = Arrays.copyOfRange(bytes, at, to);
            byte[] tail = Arrays.copyOfRange(bytes, to, bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 ->
                    bytes[at] = (byte) List.of(0, 0x7f, 0x80, 0xff, 0xfe, 0x0a, 0x22)
                            .get(random.nextInt(7))
                            .intValue();
                case 2 -> bytes = join(head, tail);
                case 3 -> bytes = join(head, piece, piece, tail);
                case 4 -> {
                    byte[] noise = new byte[random.nextInt(64)];
                    random.nextBytes(noise);
                    bytes = join(head, noise, tail);
                }
                default -> bytes = join(tail, piece, head);
            }
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }

    // ---- how it is said ----

    /** In some pieces; then the end comes in one of several ways, with or without a look at the answer. */
    private static void say(byte[] bytes, Random random) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), world.room.linkPort())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(1 + random.nextInt(20));
            for (int from = 0; from < bytes.length; ) {
                int length = random.nextBoolean() ? bytes.length - from : 1 + random.nextInt(bytes.length - from);
                socket.getOutputStream().write(bytes, from, length);
                from += length;
            }
            switch (random.nextInt(4)) {
                case 0 -> socket.setSoLinger(true, 0); // resets
                case 1 -> socket.shutdownOutput();
                case 2 -> {
                    int _ = socket.getInputStream().read(new byte[1024]);
                }
                default -> {}
            }
        } catch (IOException e) {
            // closed, reset or silent: as good as an answer
        }
    }
}
