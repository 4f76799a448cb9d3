package io.longline.room.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.frames.BinaryFrames;
import io.longline.frames.Direction;
import io.longline.frames.FrameEncoder;
import io.longline.frames.FrameLimits;
import io.longline.frames.Preamble;
import io.longline.frames.json.JsonFrames;
import io.longline.room.transport.LinkKind;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Ping;
import io.longline.v1.ServerFrame.KindCase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in as bytes, good and bad; a second client must never notice. */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@MethodSource("io.longline.room.it.RoomWorld#linkKinds")
class TransportIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Parameter
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // JUnit hands it to open
    LinkKind kind;

    private static final JsonFrames<ClientFrame> JSON =
            new JsonFrames<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT);
    private static final BinaryFrames<ClientFrame> BINARY =
            new BinaryFrames<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT);

    @SuppressWarnings("NullAway.Init") // before the first test of each kind
    private static RoomWorld world;

    private NativeClient bystander;

    @BeforeParameterizedClassInvocation
    static void open(LinkKind kind) {
        world = new RoomWorld(ZOOKEEPER.store(), kind, Map.of("room.hello-timeout", "3s", "room.listen", "0,0"));
    }

    @AfterParameterizedClassInvocation
    static void close() {
        world.close();
    }

    @BeforeEach
    void bystanderArrives() throws Exception {
        bystander = world.connect();
        bystander.hello(world.bind(1, "bystander")).welcomed();
        bystander.expect(KindCase.CAUGHT_UP);
    }

    @AfterEach
    void bystanderHasNotNoticed() throws Exception {
        bystander.send(ping());
        bystander.expect(KindCase.PONG);
        bystander.close();
    }

    private static ClientFrame ping() {
        return ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build();
    }

    private static ClientFrame hello(String user) {
        return ClientFrame.newBuilder()
                .setHello(Hello.newBuilder().addBind(world.bind(1, user)))
                .build();
    }

    private static byte[] answerTo(byte[] sent) throws IOException {
        return answerTo(world.room.linkPort(), sent);
    }

    /** All that comes until the other side closes, which it must within 30 s. */
    private static byte[] answerTo(int port, byte[] sent) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) NativeClient.PATIENCE.toMillis());
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(sent);
                socket.getInputStream().transferTo(answer);
            } catch (SocketTimeoutException e) {
                throw new AssertionError("not closed", e);
            } catch (IOException e) {
                return answer.toByteArray(); // reset
            }
            return answer.toByteArray();
        }
    }

    private static String http(String request) throws IOException {
        return new String(answerTo((request + "\r\n").getBytes(US_ASCII)), US_ASCII);
    }

    // ---- first bytes ----

    @ParameterizedTest
    @ValueSource(
            strings = {"\u0016\u0003\u0001\u0002", "SSH-2.0-x", "get / http", "GETX", "\0\0\0\0", "PRI * HTTP/2.0\r\n"})
    void garbageFirstBytesAreClosedWithoutAByte(String garbage) throws Exception {
        assertThat(answerTo(garbage.getBytes(US_ASCII))).isEmpty();
    }

    @Test
    void anUnknownVersionOfNativeFramesIsClosedWithoutAByte() throws Exception {
        assertThat(answerTo(new byte[] {Preamble.MAGIC, 2})).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "GET /v1/connect HTTP/1.1\r\nHost: x\r\n"})
    void whoDoesNotFinishItsFirstWordsIsClosedWithoutAByte(String beginning) throws Exception {
        assertThat(answerTo(beginning.getBytes(US_ASCII))).isEmpty();
    }

    @Test
    void firstBytesMayComeOneByOneAndOnEachPort() throws Exception {
        for (int port : world.room.linkPorts()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                    NativeClient client = NativeClient.on(socket)) {
                socket.setTcpNoDelay(true);
                byte[] hello = FrameEncoder.encode(hello("t1")).array();
                for (byte one : join(Preamble.bytes(), hello)) {
                    client.send(new byte[] {one});
                }
                client.read();
                assertThat(client.welcomed().getBound(0).getOk()).isTrue();
            }
        }
        assertThat(world.room.linkPorts()).hasSize(2).doesNotHaveDuplicates();
    }

    // ---- native frames ----

    @Test
    void aFrameThatDoesNotParseIs3503() throws Exception {
        try (NativeClient client = world.connect()) {
            client.hello().welcomed();
            client.send(new byte[] {3, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF});
            client.expectClose(3503);
        }
    }

    @Test
    void aFrameOfAGibibyteIsRefusedWhenItIsAnnounced() throws Exception {
        try (NativeClient client = world.connect()) {
            client.send(new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 4});
            client.expectClose(3504);
        }
    }

    @Test
    void manyFramesInOnePieceAreAllRead() throws Exception {
        try (NativeClient client = world.connect()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(FrameEncoder.encode(hello("t2")).array());
            for (int i = 0; i < 1_000; i++) {
                bytes.writeBytes(FrameEncoder.encode(ping()).array());
            }
            client.send(bytes.toByteArray());
            int pongs = 0;
            while (pongs < 1_000) {
                pongs += client.next().hasPong() ? 1 : 0;
            }
        }
    }

    // ---- HTTP ----

    @Test
    void httpThatIsNoUpgradeIsRefusedInTheShapeOfAllErrors() throws Exception {
        assertThat(http("GET /v1/connect HTTP/1.1\r\nHost: x\r\n"))
                .startsWith("HTTP/1.1 426 ")
                .contains("\r\nUpgrade: websocket\r\n", "\"code\": 426", "\"request_id\": \"");
        assertThat(http("GET /other HTTP/1.1\r\nHost: x\r\n"))
                .startsWith("HTTP/1.1 404 ")
                .contains("\"reason\": \"NOT_FOUND\"");
        assertThat(http("POST /v1/frames HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"))
                .startsWith("HTTP/1.1 404 ");
        assertThat(http("POST /v1/connect HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"))
                .startsWith("HTTP/1.1 405 ");
        assertThat(http("GET /v1/connect HTTP/1.1\r\n: \r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(http("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void anUnknownSubprotocolIs400() throws Exception {
        assertThat(http(upgrade("Sec-WebSocket-Protocol: mqtt\r\n"))).startsWith("HTTP/1.1 400 ");
    }

    private static String upgrade(String header) {
        return "GET /v1/connect?x=y HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + header;
    }

    @Test
    void framesThatComeWithTheUpgradeAreNotLost() throws Exception {
        byte[] frame = masked(0x81, JSON.encode(ping()).array(), 0); // and no hello: 3503
        String answer = new String(answerTo(join((upgrade("") + "\r\n").getBytes(US_ASCII), frame)), UTF_8);

        assertThat(answer)
                .startsWith("HTTP/1.1 101 ")
                .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") // the example of RFC 6455
                .contains("\"close\"", "3503");
    }

    @Test
    void anUpgradeAndItsFramesMayComeOneByOne() throws Exception {
        byte[] text = JSON.encode(hello("w5")).array();
        int half = text.length / 2;
        byte[] said = join(
                (upgrade("") + "\r\n").getBytes(US_ASCII),
                join(
                        join(
                                masked(0x01, Arrays.copyOf(text, half), 0x01020304),
                                masked(0x89, "ping".getBytes(US_ASCII), 0xA1B2C3D4)),
                        masked(0x80, Arrays.copyOfRange(text, half, text.length), 0xFF00FF01)));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), world.room.linkPort())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) NativeClient.PATIENCE.toMillis());
            for (byte one : said) {
                socket.getOutputStream().write(one);
            }
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("caught_up") < 0) {
                int next = socket.getInputStream().read();
                assertThat(next).isNotNegative();
                answer.append((char) next);
            }
            assertThat(answer.toString()).startsWith("HTTP/1.1 101 ").contains("ping", "\"welcome\"", "\"ok\":true");
        }
    }

    @Test
    void anUpgradeWithABodyIs400() throws Exception {
        assertThat(http(upgrade("Content-Length: 3\r\n"))).startsWith("HTTP/1.1 400 ");
        assertThat(http(upgrade("Transfer-Encoding: chunked\r\n"))).startsWith("HTTP/1.1 400 ");
    }

    // ---- WebSocket ----

    @ParameterizedTest
    @CsvSource({"'',''", "longline.v1.json,longline.v1.json", "mqtt|longline.v1.json,longline.v1.json"})
    void jsonFramesAreSpokenOnTextMessages(String asked, String agreed) throws Exception {
        String user = "w1" + asked.length();
        try (SocketOfWeb client = SocketOfWeb.connect(world.room.linkPort(), asked.split("\\|", -1))) {
            assertThat(client.subprotocol()).isEqualTo(agreed);
            client.text(json(hello(user)));
            assertThat(client.nextText()).startsWith("{\"welcome\":").contains("\"ok\":true");
            assertThat(client.nextText()).startsWith("{\"caught_up\":");

            world.push(RoomWorld.endpoint(user));
            assertThat(client.nextText()).startsWith("{\"push\":").contains("\"text\":\"text\"");
            client.text("{\"nonsense\": {\"a\": [1]}}");
            assertThat(client.nextText()).contains("UNKNOWN_FRAME");
            client.text("{\"ping\": {\"unknown\": 1}}");
            assertThat(client.nextText()).isEqualTo("{\"pong\":{}}");
        }
    }

    @Test
    void binaryFramesAreSpokenOnBinaryMessages() throws Exception {
        try (SocketOfWeb client = SocketOfWeb.connect(world.room.linkPort(), "longline.v1")) {
            assertThat(client.subprotocol()).isEqualTo("longline.v1");
            client.binary(BINARY.encode(hello("w2")));

            assertThat(client.nextFrame().getWelcome().getBound(0).getOk()).isTrue();
            assertThat(client.nextFrame().hasCaughtUp()).isTrue();
        }
    }

    @Test
    void fragmentsAreJoinedUpToTheLimit() throws Exception {
        try (SocketOfWeb client = SocketOfWeb.connect(world.room.linkPort())) {
            String hello = json(hello("w3"));
            client.fragments(List.of(hello.substring(0, 5), hello.substring(5, 20), hello.substring(20)));
            assertThat(client.nextText()).startsWith("{\"welcome\":");
            client.nextText();

            client.fragments(List.of("x".repeat(40_000), "x".repeat(40_000)));
            assertThat(client.nextText()).contains("\"close\"", "3504");
            assertThat(client.closeCode()).isEqualTo(3504);
        }
    }

    @Test
    void theOtherKindOfMessageIs3503() throws Exception {
        try (SocketOfWeb client = SocketOfWeb.connect(world.room.linkPort(), "longline.v1")) {
            client.text("{}");
            assertThat(client.nextFrame().getClose().getCode()).isEqualTo(3503);
            assertThat(client.closeCode()).isEqualTo(3503);
        }
        try (SocketOfWeb client = SocketOfWeb.connect(world.room.linkPort())) {
            client.binary(ByteBuffer.allocate(1));
            assertThat(client.nextText()).contains("3503");
            assertThat(client.closeCode()).isEqualTo(3503);
        }
    }

    @Test
    void aMessageBeyondTheLimitIs3504AndOneThatIsNoJson3503() throws Exception {
        try (SocketOfWeb client = SocketOfWeb.connect(world.room.linkPort())) {
            client.text("x".repeat(70_000));
            assertThat(client.nextText()).contains("3504");
            assertThat(client.closeCode()).isEqualTo(3504);
        }
        try (SocketOfWeb client = SocketOfWeb.connect(world.room.linkPort())) {
            client.text("{\"hello\": ");
            assertThat(client.nextText()).contains("3503");
            assertThat(client.closeCode()).isEqualTo(3503);
        }
    }

    @Test
    void aMessageOfAnExbibyteIsRefusedWhenItIsAnnounced() throws Exception {
        byte[] announced = {(byte) 0x82, (byte) 0xFF, 0x10, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4};
        String answer = new String(answerTo(join((upgrade("") + "\r\n").getBytes(US_ASCII), announced)), UTF_8);

        assertThat(answer).contains("3504");
    }

    @Test
    void anUnmaskedMessageIs3503() throws Exception {
        byte[] unmasked = join(new byte[] {(byte) 0x81, 2}, "{}".getBytes(US_ASCII));
        String answer = new String(answerTo(join((upgrade("") + "\r\n").getBytes(US_ASCII), unmasked)), UTF_8);

        assertThat(answer).contains("3503");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C1 80 00 00 00 00", // a reserved bit
                "83 80 00 00 00 00", // a reserved opcode
                "80 80 00 00 00 00", // more of no message
                "01 80 00 00 00 00 81 80 00 00 00 00", // a message within another
                "09 80 00 00 00 00", // a ping in fragments
                "89 FE 00 7E 00 00 00 00", // a long ping
                "81 FE 00 01 00 00 00 00 20", // not the shortest length
                "81 FF FF 00 00 00 00 00 00 00", // a negative length
                "88 81 00 00 00 00 03", // half a status
                "88 82 00 00 00 00 03 ED", // a status that is not for the wire
                "88 83 00 00 00 00 03 E8 FF" // a reason that is not UTF-8
            })
    void whatBreaksTheRulesOfWebSocketIs3503(String hex) throws Exception {
        byte[] frames = HexFormat.ofDelimiter(" ").parseHex(hex);
        String answer = new String(answerTo(join((upgrade("") + "\r\n").getBytes(US_ASCII), frames)), UTF_8);

        assertThat(answer).contains("\"close\"", "3503");
    }

    @Test
    void aClientThatClosesItsWebSocketIsAnswered() throws Exception {
        SocketOfWeb client = SocketOfWeb.connect(world.room.linkPort());
        client.text(json(hello("w4")));
        client.nextText();
        client.nextText();

        client.sayGoodbye();

        assertThat(client.closeCode()).isEqualTo(1000);
        await().until(() -> world.register.route(RoomWorld.endpoint("w4")) == null);
        client.close();
    }

    @Test
    void aWebSocketThatSaysNothingIsClosedInTime() throws Exception {
        try (SocketOfWeb client = SocketOfWeb.connect(world.room.linkPort())) {
            assertThat(client.nextText()).contains("3506");
            assertThat(client.closeCode()).isEqualTo(3506);
        }
    }

    private static String json(ClientFrame frame) {
        return UTF_8.decode(JSON.encode(frame)).toString();
    }

    private static byte[] masked(int opcode, byte[] payload, int mask) {
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

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
