package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.frames.CloseCode;
import io.longline.frames.DecodeResult;
import io.longline.frames.Direction;
import io.longline.frames.FrameDecoder;
import io.longline.frames.FrameEncoder;
import io.longline.frames.FrameLimits;
import io.longline.frames.Preamble;
import io.longline.v1.Ack;
import io.longline.v1.Backoff;
import io.longline.v1.Bind;
import io.longline.v1.Bound;
import io.longline.v1.CaughtUp;
import io.longline.v1.ClientFrame;
import io.longline.v1.Close;
import io.longline.v1.Gap;
import io.longline.v1.Hello;
import io.longline.v1.Pong;
import io.longline.v1.PresenceState;
import io.longline.v1.Push;
import io.longline.v1.Pushes;
import io.longline.v1.ServerFrame;
import io.longline.v1.Subscribed;
import io.longline.v1.UplinkAck;
import io.longline.v1.UserPresence;
import io.longline.v1.Welcome;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The room's end of one link. Its thread reads frames into a queue until the client is gone. */
final class RoomLink implements AutoCloseable {
    private static final long PATIENCE_S = 30;

    private final Socket socket;
    private final BlockingQueue<ClientFrame> frames = new LinkedBlockingQueue<>();
    private volatile boolean ended;
    private volatile boolean answersPings = true;
    private int heartbeatS = 240;

    RoomLink(Socket socket) {
        this.socket = socket;
        Thread thread = new Thread(this::read, "test-room-link");
        thread.setDaemon(true);
        thread.start();
    }

    RoomLink heartbeat(int seconds) {
        heartbeatS = seconds;
        return this;
    }

    RoomLink withoutPongs() {
        answersPings = false;
        return this;
    }

    /** The next frame, which must be of this kind. */
    ClientFrame next(ClientFrame.KindCase kind) throws InterruptedException {
        ClientFrame frame = next();
        assertThat(frame.getKindCase()).isEqualTo(kind);
        return frame;
    }

    private ClientFrame next() throws InterruptedException {
        ClientFrame frame = frames.poll(PATIENCE_S, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("no frame within " + PATIENCE_S + " s");
        }
        return frame;
    }

    /** The next frame if one comes in time; null otherwise. */
    @Nullable
    ClientFrame poll(long ms) throws InterruptedException {
        return frames.poll(ms, TimeUnit.MILLISECONDS);
    }

    /** Whether there are frames that were not taken yet. */
    boolean isWaited() {
        return !frames.isEmpty();
    }

    Hello hello() throws InterruptedException {
        return next(ClientFrame.KindCase.HELLO).getHello();
    }

    /** Takes the hello and welcomes all that it binds. */
    Hello welcome() throws Exception {
        Hello hello = hello();
        welcome(hello);
        return hello;
    }

    /** Welcomes all that a hello binds. */
    void welcome(Hello hello) throws IOException {
        Welcome.Builder welcome = Welcome.newBuilder()
                .setHeartbeatS(heartbeatS)
                .setBackoff(Backoff.newBuilder()
                        .setBaseMs(1)
                        .setMaxMs(5)
                        .setFactor(2)
                        .setJitter(1));
        for (Bind bind : hello.getBindList()) {
            welcome.addBound(
                    Bound.newBuilder().setRef(bind.getRef()).setOk(true).setGeneration(1));
        }
        send(ServerFrame.newBuilder().setWelcome(welcome));
    }

    void send(ServerFrame.Builder frame) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write(FrameEncoder.encode(frame.build()).array());
        }
    }

    void sendRaw(byte[] bytes) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write(bytes);
        }
    }

    void push(long seq) throws IOException {
        push(1, seq);
    }

    void push(int ref, long seq) throws IOException {
        send(frame(ref, seq));
    }

    /** A message of a topic. */
    void topicPush(String topic, long offset) throws IOException {
        topicPush(1, topic, offset);
    }

    void topicPush(int ref, String topic, long offset) throws IOException {
        send(ServerFrame.newBuilder().setPush(ofTopic(topic, offset).setRef(ref)));
    }

    /** Messages of a topic that came within one merge window. */
    void topicPushes(String topic, long... offsets) throws IOException {
        Pushes.Builder pushes = Pushes.newBuilder().setRef(1);
        for (long offset : offsets) {
            pushes.addItems(ofTopic(topic, offset));
        }
        send(ServerFrame.newBuilder().setPushes(pushes));
    }

    private static Push.Builder ofTopic(String topic, long offset) {
        return Push.newBuilder()
                .setTopic(topic)
                .setOffset(offset)
                .setMessageId(topic + "-" + offset)
                .setText("text " + offset)
                .setQos(1);
    }

    void gap(String topic, long firstOffset) throws IOException {
        send(ServerFrame.newBuilder()
                .setGap(Gap.newBuilder().setRef(1).setTopic(topic).setFirstOffset(firstOffset)));
    }

    void subscribed(String topic, long offset) throws IOException {
        send(ServerFrame.newBuilder()
                .setSubscribed(Subscribed.newBuilder().setRef(1).setTopic(topic).setOffset(offset)));
    }

    /** Of a topic; {@code retryAfterMs} 0: it is not to be tried again. */
    void error(String topic, String reason, long retryAfterMs) throws IOException {
        io.longline.v1.Error.Builder error = io.longline.v1.Error.newBuilder()
                .setRef(1)
                .setTopic(topic)
                .setReason(reason)
                .setMessage("no");
        if (retryAfterMs > 0) {
            error.setRetryAfterMs(retryAfterMs);
        }
        send(ServerFrame.newBuilder().setError(error));
    }

    void uplinkAck(String id) throws IOException {
        send(ServerFrame.newBuilder()
                .setUplinkAck(UplinkAck.newBuilder().setRef(1).setId(id)));
    }

    /** Of an uplink; {@code retryAfterMs} 0: it is not to be tried again. */
    void uplinkError(String id, String reason, long retryAfterMs) throws IOException {
        io.longline.v1.Error.Builder error = io.longline.v1.Error.newBuilder()
                .setRef(1)
                .setId(id)
                .setReason(reason)
                .setMessage("no");
        if (retryAfterMs > 0) {
            error.setRetryAfterMs(retryAfterMs);
        }
        send(ServerFrame.newBuilder().setError(error));
    }

    /** Of who is online: those whose names begin with "on". */
    void presence(List<String> users) throws IOException {
        PresenceState.Builder state = PresenceState.newBuilder().setRef(1);
        for (String user : users) {
            state.addUsers(UserPresence.newBuilder()
                    .setUser(user)
                    .setOnline(user.startsWith("on"))
                    .setLastSeenMs(1_000));
        }
        send(ServerFrame.newBuilder().setPresenceState(state));
    }

    void presenceError(String reason, long retryAfterMs) throws IOException {
        io.longline.v1.Error.Builder error =
                io.longline.v1.Error.newBuilder().setRef(1).setReason(reason).setMessage("no");
        if (retryAfterMs > 0) {
            error.setRetryAfterMs(retryAfterMs);
        }
        send(ServerFrame.newBuilder().setError(error));
    }

    /** A message that answers an uplink. */
    void reply(long seq, String uplinkId) throws IOException {
        send(ServerFrame.newBuilder()
                .setPush(Push.newBuilder()
                        .setRef(1)
                        .setSeq(seq)
                        .setMessageId("m" + seq)
                        .setText("reply " + seq)
                        .setInReplyTo(uplinkId)
                        .setQos(1)));
    }

    /** A message without payload. */
    void notice(long seq, int spreadS) throws IOException {
        send(ServerFrame.newBuilder()
                .setPush(Push.newBuilder()
                        .setRef(1)
                        .setSeq(seq)
                        .setMessageId("m" + seq)
                        .setTtlMs(86_400_000)
                        .setPullKey("p/" + seq)
                        .setNotifyOnly(true)
                        .setSpreadS(spreadS)
                        .setQos(1)));
    }

    /** So many in one piece: the client may close the link after whichever of them. */
    void pushes(long first, int count) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (long seq = first; seq < first + count; seq++) {
            all.writeBytes(FrameEncoder.encode(frame(1, seq).build()).array());
        }
        sendRaw(all.toByteArray());
    }

    private static ServerFrame.Builder frame(int ref, long seq) {
        return ServerFrame.newBuilder()
                .setPush(Push.newBuilder()
                        .setRef(ref)
                        .setSeq(seq)
                        .setMessageId("m" + seq)
                        .setText("text " + seq)
                        .setQos(1));
    }

    void caughtUp(long seq) throws IOException {
        send(ServerFrame.newBuilder()
                .setCaughtUp(CaughtUp.newBuilder().setRef(1).setSeq(seq)));
    }

    void close(CloseCode code, long retryAfterMs) throws IOException {
        send(ServerFrame.newBuilder()
                .setClose(Close.newBuilder()
                        .setCode(code.number())
                        .setReason(code.reason())
                        .setRetry(code.retry())
                        .setRetryAfterMs(retryAfterMs)));
        close();
    }

    /** Reads acks until one names this seq; answers how many there were. Pings may come between them. */
    int acksUpTo(long seq) throws InterruptedException {
        int acks = 1;
        while (ackBehindPings().getSeq() < seq) {
            acks++;
        }
        return acks;
    }

    /** The same for a topic; other acks may come between them. */
    void topicAcksUpTo(String topic, long offset) throws InterruptedException {
        Ack ack = ackBehindPings();
        while (!ack.getTopic().equals(topic) || ack.getOffset() < offset) {
            ack = ackBehindPings();
        }
    }

    private Ack ackBehindPings() throws InterruptedException {
        ClientFrame frame = next();
        while (frame.hasPing()) {
            frame = next();
        }
        assertThat(frame.getKindCase()).isEqualTo(ClientFrame.KindCase.ACK);
        return frame.getAck();
    }

    /** The client closed the link, or the network did. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void read() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] preamble = new byte[2];
            in.readFully(preamble);
            assertThat(preamble).isEqualTo(Preamble.bytes());
            FrameDecoder<ClientFrame> decoder = new FrameDecoder<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT);
            byte[] part = new byte[4096];
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                decode(decoder, ByteBuffer.wrap(part, 0, n));
            }
        } catch (IOException e) {
            // The link is gone; that is what "ended" says.
        } finally {
            ended = true;
        }
    }

    private void decode(FrameDecoder<ClientFrame> decoder, ByteBuffer bytes) throws IOException {
        while (decoder.decode(bytes) instanceof DecodeResult.Frame<ClientFrame> frame) {
            frames.add(frame.frame());
            if (frame.frame().hasPing() && answersPings) {
                send(ServerFrame.newBuilder().setPong(Pong.getDefaultInstance()));
            }
        }
    }
}
