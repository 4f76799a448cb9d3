package io.longline.deploy.check.client;

import io.longline.deploy.check.history.Uplink;
import io.longline.v1.Ack;
import io.longline.v1.Bind;
import io.longline.v1.BindError;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Ping;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame;
import io.longline.v1.Subscribe;
import io.longline.v1.TopicPosition;
import io.longline.v1.Unbind;
import io.longline.v1.Unbound;
import io.longline.v1.Unsubscribe;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;

/** Native frames on a plain socket: what protobuf calls delimited messages, so no codec of ours is needed. */
final class NativeRawLink implements RawLink {
    private static final int CONNECT_MS = 3_000;

    private final Socket socket = new Socket();
    private final Ear ear;
    private volatile boolean reading = true;

    private NativeRawLink(Ear ear) {
        this.ear = ear;
    }

    static NativeRawLink open(InetSocketAddress room, Ear ear) throws IOException {
        NativeRawLink link = new NativeRawLink(ear);
        try {
            link.socket.connect(room, CONNECT_MS);
            link.socket.setTcpNoDelay(true);
            link.socket.getOutputStream().write(new byte[] {(byte) 0xA7, 1});
        } catch (IOException e) {
            link.socket.close();
            throw e;
        }
        Thread.ofVirtual().name("native-link").start(link::read);
        return link;
    }

    private void read() {
        String how = "the room closed the link";
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (ServerFrame frame = ServerFrame.parseDelimitedFrom(in);
                    frame != null;
                    frame = ServerFrame.parseDelimitedFrom(in)) {
                awaitReading();
                ear.heard(heard(frame));
            }
        } catch (IOException e) {
            how = String.valueOf(e.getMessage());
        }
        drop();
        ear.ended(how);
    }

    /** The frame at hand is lost on purpose: who reads no more sees nothing more. */
    private synchronized void awaitReading() throws IOException {
        while (!reading && !socket.isClosed()) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        if (!reading) {
            throw new IOException("dropped by the client while it did not read");
        }
    }

    private static Heard heard(ServerFrame frame) {
        return switch (frame.getKindCase()) {
            case WELCOME ->
                new Heard.Welcome(frame.getWelcome().getBoundList().stream()
                        .map(NativeRawLink::bound)
                        .toList());
            case BOUND -> bound(frame.getBound());
            case UNBOUND -> {
                Unbound unbound = frame.getUnbound();
                yield new Heard.Unbound(
                        unbound.getRef(),
                        unbound.getCode(),
                        unbound.getReason(),
                        unbound.getRetry(),
                        unbound.getRetryAfterMs());
            }
            case PUSH -> push(frame.getPush());
            case SUBSCRIBED ->
                new Heard.Subscribed(
                        frame.getSubscribed().getRef(),
                        frame.getSubscribed().getTopic(),
                        frame.getSubscribed().getOffset());
            case GAP ->
                new Heard.Gap(
                        frame.getGap().getRef(),
                        frame.getGap().getTopic(),
                        frame.getGap().getFirstOffset());
            case ERROR -> error(frame.getError());
            case UPLINK_ACK ->
                new Heard.UplinkAck(
                        frame.getUplinkAck().getRef(), frame.getUplinkAck().getId());
            case CAUGHT_UP ->
                new Heard.CaughtUp(
                        frame.getCaughtUp().getRef(), frame.getCaughtUp().getSeq());
            case CLOSE ->
                new Heard.Close(
                        frame.getClose().getCode(),
                        frame.getClose().getReason(),
                        frame.getClose().getRetry(),
                        frame.getClose().getRetryAfterMs());
            default -> new Heard.Other(frame.getKindCase().name().toLowerCase(Locale.ROOT));
        };
    }

    private static Heard.Bound bound(io.longline.v1.Bound bound) {
        BindError error = bound.getError();
        return new Heard.Bound(bound.getRef(), bound.getOk(), bound.getGeneration(), error.getCode());
    }

    private static Heard error(io.longline.v1.Error error) {
        if (error.hasId()) {
            return new Heard.UplinkError(error.getRef(), error.getId(), error.getReason(), error.getRetryAfterMs());
        }
        return error.hasTopic()
                ? new Heard.TopicError(error.getRef(), error.getTopic(), error.getReason())
                : new Heard.Other("error");
    }

    private static Heard push(Push push) {
        if (push.hasTopic()) {
            return new Heard.TopicPush(
                    push.getRef(),
                    push.getTopic(),
                    push.getOffset(),
                    push.getMessageId(),
                    push.getText(),
                    push.getTtlMs());
        }
        return new Heard.Push(
                push.getRef(),
                push.getSeq(),
                push.getMessageId(),
                push.getText(),
                push.getQos(),
                push.getTtlMs(),
                push.getInReplyTo());
    }

    @Override
    public void hello(int heartbeatS, List<Wish> binds) throws IOException {
        Hello.Builder hello = Hello.newBuilder().setHeartbeatS(heartbeatS);
        binds.forEach(wish -> hello.addBind(bind(wish.ref(), wish)));
        say(ClientFrame.newBuilder().setHello(hello).build());
    }

    private static Bind bind(int ref, Wish wish) {
        Bind.Builder bind = Bind.newBuilder()
                .setRef(ref)
                .setProduct(wish.endpoint().product())
                .setUser(wish.endpoint().user())
                .setToken(wish.token());
        wish.topics()
                .forEach(place -> bind.addTopics(TopicPosition.newBuilder()
                        .setTopic(place.topic())
                        .setAfter(place.after())
                        .setResume(true)));
        return wish.seq() > 0 ? bind.setSeq(wish.seq()).build() : bind.build();
    }

    @Override
    public void bind(Wish wish) throws IOException {
        say(ClientFrame.newBuilder().setBind(bind(wish.ref(), wish)).build());
    }

    @Override
    public void unbind(int ref, boolean forget) throws IOException {
        say(ClientFrame.newBuilder()
                .setUnbind(Unbind.newBuilder().setRef(ref).setForget(forget))
                .build());
    }

    @Override
    public void ack(int ref, long seq) throws IOException {
        say(ClientFrame.newBuilder()
                .setAck(Ack.newBuilder().setRef(ref).setSeq(seq))
                .build());
    }

    @Override
    public void subscribe(int ref, String topic) throws IOException {
        say(ClientFrame.newBuilder()
                .setSubscribe(Subscribe.newBuilder().setRef(ref).setTopic(topic))
                .build());
    }

    @Override
    public void unsubscribe(int ref, String topic) throws IOException {
        say(ClientFrame.newBuilder()
                .setUnsubscribe(Unsubscribe.newBuilder().setRef(ref).setTopic(topic))
                .build());
    }

    @Override
    public void ackTopic(int ref, String topic, long offset) throws IOException {
        say(ClientFrame.newBuilder()
                .setAck(Ack.newBuilder().setRef(ref).setTopic(topic).setOffset(offset))
                .build());
    }

    @Override
    public void uplink(int ref, Uplink uplink, String text) throws IOException {
        say(ClientFrame.newBuilder()
                .setUplink(io.longline.v1.Uplink.newBuilder()
                        .setRef(ref)
                        .setId(uplink.id())
                        .setType(uplink.type())
                        .setText(text))
                .build());
    }

    @Override
    public void ping() throws IOException {
        say(ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
    }

    private void say(ClientFrame frame) throws IOException {
        synchronized (socket) {
            frame.writeDelimitedTo(socket.getOutputStream());
        }
    }

    @Override
    public void garbage(byte[] bytes) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write(bytes);
        }
    }

    @Override
    public synchronized void stopReading() {
        reading = false;
    }

    @Override
    public void drop() {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
        synchronized (this) {
            notifyAll();
        }
    }
}
