package io.longline.room.transport.lean;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.frames.DecodeResult;
import io.longline.frames.Direction;
import io.longline.frames.FrameDecoder;
import io.longline.frames.FrameEncoder;
import io.longline.frames.FrameLimits;
import io.longline.frames.Preamble;
import io.longline.room.RoomMetrics;
import io.longline.room.fake.Doors;
import io.longline.room.transport.Ending;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkConfig;
import io.longline.room.transport.LinkKind;
import io.longline.room.transport.LinkListener;
import io.longline.room.transport.loop.Entrance;
import io.longline.room.transport.loop.EventLoops;
import io.longline.stores.OwnJava;
import io.longline.v1.ClientFrame;
import io.longline.v1.Ping;
import io.longline.v1.Pong;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.epoll.Epoll;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What only a link that has its descriptor to itself can get wrong. */
@Timeout(60)
class LeanLinkIT {
    private static final int PATIENCE_MS = 30_000;
    private static final ServerFrame PONG =
            ServerFrame.newBuilder().setPong(Pong.getDefaultInstance()).build();
    private static final byte[] PING = FrameEncoder.encode(
                    ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build())
            .array();

    private final RoomMetrics metrics = new RoomMetrics(new SimpleMeterRegistry());
    private final BlockingQueue<Ear> links = new LinkedBlockingQueue<>();
    private final AtomicLong stoppedNanos = new AtomicLong();
    private @Nullable EventLoops loops;
    private @Nullable LeanAcceptor acceptor;
    private @Nullable Entrance entrance;
    private int port;

    /** Answers a ping, and counts what it is told. */
    private static final class Ear implements LinkListener {
        final Link link;
        final AtomicInteger writable = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        volatile boolean throwing;

        Ear(Link link) {
            this.link = link;
        }

        @Override
        public void received(DecodeResult<ClientFrame> result) {
            if (throwing) {
                throw new AssertionError("as the test wants it");
            }
            link.write(PONG);
            link.flush();
        }

        @Override
        public void writable() {
            writable.incrementAndGet();
        }

        @Override
        public void silent() {}

        @Override
        public void closed(int code) {
            closed.incrementAndGet();
        }

        int number() {
            return link.loop().call(() -> ((LeanLink) link).fd().intValue());
        }

        /** Writes messages of 1,000 bytes until the link is slow, and answers how many. */
        int fill() {
            return link.loop().call(() -> {
                int count = 0;
                while (link.writable()) {
                    link.write(push(count++));
                }
                link.flush();
                return count;
            });
        }
    }

    @BeforeEach
    void open() throws Exception {
        open(Duration.ofSeconds(30));
    }

    private void open(Duration linger) throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable());
        loops = new EventLoops(
                1,
                new EventLoops.Stops(
                        () -> System.nanoTime() + stoppedNanos.get(), Duration.ofSeconds(30), since -> {}));
        loops.start();
        entrance = new Entrance(
                new LinkConfig(LinkKind.LEAN, List.of(0), 1, 1024, Duration.ofSeconds(30), linger),
                link -> {
                    Ear ear = new Ear(link);
                    links.add(ear);
                    return ear;
                },
                Doors.taking(100, metrics),
                metrics);
        acceptor = new LeanAcceptor(loops, entrance);
        port = acceptor.listen(0);
    }

    @AfterEach
    void close() {
        if (acceptor != null && loops != null) {
            acceptor.close();
            loops.close();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        socket.getOutputStream().write(Preamble.bytes());
        return socket;
    }

    private Ear opened() throws InterruptedException {
        Ear ear = links.poll(PATIENCE_MS, TimeUnit.MILLISECONDS);
        if (ear == null) {
            throw new AssertionError("no link was opened");
        }
        return ear;
    }

    private static ServerFrame push(int seq) {
        return ServerFrame.newBuilder()
                .setPush(Push.newBuilder().setSeq(seq).setText("x".repeat(1_000)))
                .build();
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static List<ServerFrame> read(Socket socket, int frames) throws IOException {
        FrameDecoder<ServerFrame> decoder = new FrameDecoder<>(Direction.ROOM_TO_CLIENT, FrameLimits.FROM_ROOM);
        List<ServerFrame> read = new ArrayList<>();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8 * 1024];
        while (read.size() < frames) {
            int length = in.read(buffer);
            assertThat(length).as("bytes before the end").isNotNegative();
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
            while (decoder.decode(bytes) instanceof DecodeResult.Frame<ServerFrame> frame) {
                read.add(frame.frame());
            }
        }
        return read;
    }

    private static boolean isSilent(Socket socket) throws IOException {
        socket.setSoTimeout(200);
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    @Test
    void whatIsWrittenAfterTheEndNeverReachesWhoHasTheNumberNow() throws Exception {
        Ear gone = ended();
        int number = gone.number();
        Socket heir = connect();
        for (int i = 0; opened().number() != number; i++) { // somebody else was quicker
            assertThat(i).as("attempts to get a number again").isLessThan(50);
            reset(heir);
            await().until(this::nobodyIsLeft);
            gone = ended();
            number = gone.number();
            heir = connect();
        }
        assertSilentTo(heir, gone);
        heir.close();
    }

    private Ear ended() throws Exception {
        Socket socket = connect();
        Ear ear = opened();
        reset(socket);
        await().until(() -> ear.closed.get() == 1);
        return ear;
    }

    private static void assertSilentTo(Socket heir, Ear gone) throws Exception {
        boolean open = gone.link.loop().call(() -> {
            for (int i = 0; i < 100; i++) {
                gone.link.write(push(i));
            }
            gone.link.flush();
            gone.link.readable(false);
            gone.link.allowSilence(Duration.ofMillis(1));
            gone.link.close(Ending.ofNumber(3000, "late", 0));
            ((LeanLink) gone.link).sendLater();
            ((LeanLink) gone.link).finish();
            return gone.link.isOpen();
        });

        assertThat(open).isFalse();
        assertThat(gone.link.remote()).isEqualTo("closed");
        assertThat(isSilent(heir)).isTrue();
        heir.setSoTimeout(PATIENCE_MS);
        heir.getOutputStream().write(PING);
        assertThat(read(heir, 1)).containsExactly(PONG);
        assertThat(gone.closed).hasValue(1);
    }

    @Test
    void whatASocketDoesNotTakeIsKeptInOrderAndTheListenerHearsWhenThereIsRoom() throws Exception {
        try (Socket client = connect()) {
            Ear ear = opened();
            int written = ear.fill();
            client.getOutputStream().write(PING); // not read while it is slow
            assertThat(written).isGreaterThan(32);
            assertThat(ear.writable).hasValue(0);

            List<ServerFrame> frames = read(client, written + 1);

            for (int i = 0; i < written; i++) {
                assertThat(frames.get(i)).isEqualTo(push(i));
            }
            assertThat(frames.getLast()).isEqualTo(PONG);
            await().until(() -> ear.writable.get() == 1);
            assertThat(ear.link.loop().call(ear.link::writable)).isTrue();
        }
    }

    @Test
    void aCloseBehindMuchThatWaitsArrivesLastAndThenTheEnd() throws Exception {
        try (Socket client = connect()) {
            Ear ear = opened();
            int written = ear.fill();

            ear.link.loop().execute(() -> ear.link.close(Ending.ofNumber(3001, "slow", 0)));

            List<ServerFrame> frames = read(client, written + 1);
            assertThat(frames.getLast().getClose().getCode()).isEqualTo(3001);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            await().until(() -> ear.closed.get() == 1); // told after the socket's end
        }
        await().until(this::nobodyIsLeft);
    }

    @Test
    void aResetInTheMidstOfAWriteEndsTheLinkOnce() throws Exception {
        Socket client = connect();
        Ear ear = opened();
        ear.fill();

        reset(client);

        await().until(() -> ear.closed.get() > 0);
        await().until(this::nobodyIsLeft);
        assertThat(ear.closed).hasValue(1);
        assertThat(metrics.links()).isZero();
    }

    @Test
    void aResetIsHeardOfAlsoWhileNothingIsRead() throws Exception {
        Socket client = connect();
        Ear ear = opened();
        boolean _ = ear.link.loop().call(() -> {
            ear.link.readable(false);
            return true;
        });

        reset(client);

        await().until(() -> ear.closed.get() == 1);
    }

    @Test
    void whoNeverReadsItsCloseIsGoneAfterTheTimeToLinger() throws Exception {
        close();
        open(Duration.ofMillis(500));
        try (Socket client = connect()) {
            Ear ear = opened();
            ear.fill();
            ear.link.loop().execute(() -> ear.link.close(Ending.ofNumber(3001, "slow", 0)));

            await().until(this::nobodyIsLeft);
            assertThat(client.isConnected()).isTrue();
        }
    }

    /** A loop that pauses after a failure does so always, a busy machine hardly thrice. */
    @Test
    void whatAListenerThrowsEndsItsLinkAndNoOther() throws Exception {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            took.add(timeOfAnotherAfterAFailure());
        }
        assertThat(took).anyMatch(time -> time.compareTo(Duration.ofSeconds(1)) < 0);
    }

    private Duration timeOfAnotherAfterAFailure() throws Exception {
        try (Socket client = connect();
                Socket other = connect()) {
            opened().throwing = true;
            Ear well = opened();
            long before = System.nanoTime();
            client.getOutputStream().write(PING);
            assertThat(read(client, 1).getFirst().getClose().getCode()).isEqualTo(3000);

            other.getOutputStream().write(PING);

            assertThat(read(other, 1)).containsExactly(PONG);
            Duration took = Duration.ofNanos(System.nanoTime() - before);
            assertThat(well.closed).hasValue(0);
            return took;
        }
    }

    @Test
    void whatIsWrittenInOneGoLeavesInOnePiece() throws Exception {
        try (Socket client = connect()) {
            Ear ear = opened();
            ear.link.loop().execute(() -> {
                for (int i = 0; i < 3; i++) {
                    ear.link.write(push(i));
                    ear.link.flush();
                }
            });
            byte[] all = new byte[16 * 1024];

            int length = client.getInputStream().read(all);

            assertThat(length).isEqualTo(3 * FrameEncoder.sizeOf(push(1)));
        }
    }

    @Test
    void anHttpRequestThatIsRefusedLeavesNothingBehind() throws Exception {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setSoTimeout(PATIENCE_MS);
            client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 404 ");
        }
        await().until(this::nobodyIsLeft);
        assertThat(metrics.links()).isZero();
    }

    @Test
    void afterALongStopNothingThatWaitedIsSent() throws Exception {
        try (Socket client = connect()) {
            Ear ear = opened();

            ear.link.loop().execute(() -> {
                ear.link.write(push(1));
                ear.link.flush();
                stoppedNanos.set(TimeUnit.MINUTES.toNanos(1));
            });

            assertThat(client.getInputStream().read()).isEqualTo(-1);
            await().until(this::nobodyIsLeft);
            assertThat(ear.closed).hasValue(1);
            assertThat(metrics.links()).isZero();
        }
    }

    @Test
    void whoComesWhenThereAreNoMoreFilesIsTakenInWhenOthersHaveGone() throws Exception {
        Process room = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 300 && exec \"$0\" \"$@\"",
                        OwnJava.program(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        OwnJava.classPath(),
                        CrampedRoom.class.getName())
                .redirectErrorStream(true)
                .start();
        List<Socket> sockets = new ArrayList<>();
        try (BufferedReader said = room.inputReader()) {
            String line = "";
            while (!line.startsWith("port ")) {
                line = requireNonNull(said.readLine(), "it ended");
            }
            port = Integer.parseInt(line.substring("port ".length()));
            for (int i = 0; i < 400; i++) {
                Socket socket = connect();
                socket.getOutputStream().write(PING);
                sockets.add(socket);
            }
            assertThat(read(sockets.getFirst(), 1)).containsExactly(PONG);
            assertThat(isSilent(sockets.getLast())).isTrue();

            for (Socket gone : sockets.subList(0, 300)) {
                gone.close();
            }

            sockets.getLast().setSoTimeout(PATIENCE_MS);
            assertThat(read(sockets.getLast(), 1)).containsExactly(PONG);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
            room.destroy();
        }
    }

    private boolean nobodyIsLeft() {
        return entrance != null && entrance.door().sockets() == 0;
    }
}
