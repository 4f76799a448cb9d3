package io.longline.room.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.frames.DecodeResult;
import io.longline.frames.Direction;
import io.longline.frames.FrameDecoder;
import io.longline.frames.FrameEncoder;
import io.longline.frames.FrameLimits;
import io.longline.frames.Preamble;
import io.longline.v1.Ack;
import io.longline.v1.Bind;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Ping;
import io.longline.v1.ServerFrame;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Status;
import io.longline.v1.Subscribe;
import io.longline.v1.Unbind;
import io.longline.v1.Unsubscribe;
import io.longline.v1.Welcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that speaks native frames over a socket. What it reads waits in a queue. */
final class NativeClient implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What stands in the queue for the end of the stream. */
    private static final ServerFrame END = ServerFrame.getDefaultInstance();

    private final Socket socket;
    private final BlockingQueue<ServerFrame> frames = new LinkedBlockingQueue<>();

    private NativeClient(Socket socket) {
        this.socket = socket;
    }

    /** Connects, says the preamble and reads. */
    static NativeClient connect(int port) throws IOException {
        NativeClient client = new NativeClient(new Socket(InetAddress.getLoopbackAddress(), port));
        client.send(Preamble.bytes());
        client.read();
        return client;
    }

    /** As {@link #connect}, from another address of this machine. */
    static NativeClient connect(int port, String from) throws IOException {
        NativeClient client =
                new NativeClient(new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.ofLiteral(from), 0));
        client.read();
        client.send(Preamble.bytes());
        return client;
    }

    /** Over a socket on which nothing was said yet. */
    static NativeClient on(Socket socket) {
        return new NativeClient(socket);
    }

    /** As {@link #connect}, but reads nothing until it is told to, through a small window. */
    static NativeClient connectLazily(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        NativeClient client = new NativeClient(socket);
        client.send(Preamble.bytes());
        return client;
    }

    void read() {
        Thread.ofVirtual().start(() -> {
            FrameDecoder<ServerFrame> decoder = new FrameDecoder<>(Direction.ROOM_TO_CLIENT, FrameLimits.FROM_ROOM);
            byte[] buffer = new byte[64 * 1024];
            try (InputStream in = socket.getInputStream()) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
                    while (decoder.decode(bytes) instanceof DecodeResult.Frame<ServerFrame> frame) {
                        frames.add(frame.frame());
                    }
                }
            } catch (IOException e) {
                // reset: an end too
            }
            frames.add(END);
        });
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    NativeClient send(ClientFrame frame) throws IOException {
        send(FrameEncoder.encode(frame).array());
        return this;
    }

    NativeClient hello(Bind... binds) throws IOException {
        return hello(Hello.newBuilder().addAllBind(Arrays.asList(binds)));
    }

    NativeClient hello(Hello.Builder hello) throws IOException {
        return send(ClientFrame.newBuilder().setHello(hello).build());
    }

    NativeClient bind(Bind bind) throws IOException {
        return send(ClientFrame.newBuilder().setBind(bind).build());
    }

    NativeClient unbind(int ref, boolean forget) throws IOException {
        return send(ClientFrame.newBuilder()
                .setUnbind(Unbind.newBuilder().setRef(ref).setForget(forget))
                .build());
    }

    NativeClient status(String network) throws IOException {
        return send(ClientFrame.newBuilder()
                .setStatus(Status.newBuilder().setNetwork(network))
                .build());
    }

    NativeClient ping() throws IOException {
        return send(ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
    }

    NativeClient ack(int ref, long seq) throws IOException {
        return send(ClientFrame.newBuilder()
                .setAck(Ack.newBuilder().setRef(ref).setSeq(seq))
                .build());
    }

    NativeClient subscribe(int ref, String topic) throws IOException {
        return subscribe(Subscribe.newBuilder().setRef(ref).setTopic(topic));
    }

    NativeClient subscribe(Subscribe.Builder subscribe) throws IOException {
        return send(ClientFrame.newBuilder().setSubscribe(subscribe).build());
    }

    NativeClient unsubscribe(int ref, String topic) throws IOException {
        return send(ClientFrame.newBuilder()
                .setUnsubscribe(Unsubscribe.newBuilder().setRef(ref).setTopic(topic))
                .build());
    }

    NativeClient ack(int ref, String topic, long offset) throws IOException {
        return send(ClientFrame.newBuilder()
                .setAck(Ack.newBuilder().setRef(ref).setTopic(topic).setOffset(offset))
                .build());
    }

    /** The next frame, whatever it is. */
    ServerFrame next() throws InterruptedException {
        ServerFrame frame = frames.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (frame == null) {
            throw new AssertionError("no frame has come");
        }
        return frame;
    }

    /** The next frame, which must be of this kind. */
    ServerFrame expect(KindCase kind) throws InterruptedException {
        ServerFrame frame = next();
        assertThat(frame.getKindCase()).as("kind of %s", frame).isEqualTo(kind);
        return frame;
    }

    Welcome welcomed() throws InterruptedException {
        return expect(KindCase.WELCOME).getWelcome();
    }

    /** Reads {@code close} with this code, and then the end. */
    void expectClose(int code) throws InterruptedException {
        assertThat(expect(KindCase.CLOSE).getClose().getCode()).isEqualTo(code);
        expectEnd();
    }

    void expectEnd() throws InterruptedException {
        assertThat(frames.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isSameAs(END);
    }

    /** No frame has come. */
    void expectNothing(Duration time) throws InterruptedException {
        assertThat(frames.poll(time.toMillis(), TimeUnit.MILLISECONDS)).isNull();
    }

    /** The next frame if one comes in time; at the end of the stream one without a kind. */
    Optional<ServerFrame> within(Duration time) throws InterruptedException {
        return Optional.ofNullable(frames.poll(time.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Reads all that comes until nothing came for so long. */
    void skipAll(Duration quiet) throws InterruptedException {
        while (within(quiet).isPresent()) {}
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
