package io.longline.bench.crowd;

import io.longline.v1.ServerFrame;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One connection of a client, with one session. On its loop. */
final class CrowdLink implements EpollIoHandle {

    private enum State {
        CONNECTING,
        UPGRADING,
        GREETING,
        BOUND,
        CLOSED
    }

    private final CrowdLoop loop;
    private final Socket socket;
    private final Client client;
    private final long begunNanos = System.nanoTime();
    private State state = State.CONNECTING;
    private @Nullable IoRegistration registration;
    private byte @Nullable [] rest;
    private boolean wasBound;
    private boolean reading = true;
    private final CrowdSession session;

    CrowdLink(CrowdLoop loop, Socket socket, Client client) {
        this.loop = loop;
        this.socket = socket;
        this.client = client;
        this.session = new CrowdSession(loop, this, client);
    }

    Client client() {
        return client;
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void registered() {
        // the loop hands the registration over
    }

    @Override
    public void unregistered() {
        // as it wished
    }

    void register(IoRegistration registered) {
        registration = registered;
        registered.submit(EpollIoOps.EPOLLOUT);
    }

    @Override
    public void handle(IoRegistration known, IoEvent event) {
        try {
            if (state == State.CONNECTING) {
                connected();
            } else if (state != State.CLOSED
                    && (((EpollIoEvent) event).ops().value() & EpollIoOps.EPOLLIN.value()) != 0) {
                read();
            } else {
                lost();
            }
        } catch (IOException | RuntimeException e) {
            loop.failed(client + ": " + e);
            lost();
        }
    }

    private void connected() throws IOException {
        if (!socket.finishConnect()) {
            return;
        }
        socket.setTcpNoDelay(true);
        say(loop.wire().opening());
        switch (loop.wire()) {
            case NATIVE -> greet();
            case WEB -> state = State.UPGRADING;
            case BARE -> bound();
        }
        updateInterest();
    }

    /** It has its session. */
    void bound() {
        state = State.BOUND;
        wasBound = true;
        client.bound(begunNanos);
        loop.bound(true);
    }

    boolean isBound() {
        return state == State.BOUND;
    }

    long begunNanos() {
        return begunNanos;
    }

    /** Says {@code ping}. */
    void ping() {
        try {
            session.ping();
        } catch (IOException e) {
            loop.failed(client + ": " + e);
            lost();
        }
    }

    /** Sends an uplink that was due at that moment, or one again. */
    void send(Sending how, int run, int size, long dueNanos) {
        try {
            if (how == Sending.OPEN) {
                session.send(run, size, dueNanos);
            } else {
                session.sendPatiently(how, run, size, dueNanos);
            }
        } catch (IOException e) {
            loop.failed(client + ": " + e);
            lost();
        }
    }

    private void greet() throws IOException {
        state = State.GREETING;
        say(loop.hello(client.index()));
    }

    private void read() throws IOException {
        ByteBuffer in = loop.in();
        byte[] before = rest;
        if (before != null) {
            in.put(before);
            rest = null;
        }
        int length = socket.read(in, in.position(), in.capacity());
        if (length < 0) {
            lost();
            return;
        }
        in.limit(in.position() + length).position(0);
        loop.counts().sawRead(length);
        frames(in);
        if (in.hasRemaining() && state != State.CLOSED) {
            byte[] left = new byte[in.remaining()];
            in.get(left);
            rest = left;
        }
    }

    private void frames(ByteBuffer in) throws IOException {
        if (state == State.UPGRADING && !skipUpgrade(in)) {
            return;
        }
        for (ByteBuffer body = loop.wire().next(in);
                body != null;
                body = loop.wire().next(in)) {
            if (loop.wire() == Wire.BARE) {
                loop.counts().sawMessage();
            } else {
                session.take(ServerFrame.parseFrom(body));
            }
        }
    }

    /** Whether the answer to the upgrade has come as a whole. */
    private boolean skipUpgrade(ByteBuffer in) throws IOException {
        for (int i = in.position(); i + 3 < in.limit(); i++) {
            if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
                in.position(i + 4);
                greet();
                return true;
            }
        }
        return false;
    }

    /** Small things, which the socket takes as a whole. */
    void say(byte[] bytes) throws IOException {
        ByteBuffer out = loop.out().put(bytes).flip();
        if (bytes.length > 0 && socket.write(out, 0, bytes.length) != bytes.length) {
            throw new IOException("the socket did not take " + bytes.length + " bytes");
        }
    }

    boolean wasBound() {
        return wasBound;
    }

    /** A client that does not read is a slow one. */
    void reading(boolean does) {
        reading = does;
        updateInterest();
    }

    private void updateInterest() {
        IoRegistration registered = registration;
        if (registered != null && state != State.CLOSED) {
            registered.submit(reading ? EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP) : EpollIoOps.EPOLLERR);
        }
    }

    private void lost() {
        lost(0);
    }

    /** @param retryAfterMs what the other side asked for */
    void lost(long retryAfterMs) {
        if (state != State.CLOSED) {
            close();
            loop.lost(this, retryAfterMs);
        }
    }

    /** The client's own wish. */
    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.BOUND) {
            loop.bound(false);
        }
        state = State.CLOSED;
        if (registration != null) {
            registration.cancel();
        }
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }
}
