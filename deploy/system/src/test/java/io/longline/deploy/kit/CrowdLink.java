package io.longline.deploy.kit;

import io.longline.v1.BindError;
import io.longline.v1.Bound;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Ping;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A native link with some of a crowd bound on it. When it breaks it is opened again, at the next room, and whoever is not bound asks for it
 * again. Used by the thread of the crowd alone.
 */
final class CrowdLink {
    private static final byte[] PREAMBLE = {(byte) 0xA7, 1};
    private static final long AGAIN = Duration.ofMillis(200).toNanos();
    private static final long PING = Duration.ofSeconds(20).toNanos();
    private static final int HEARTBEAT_S = 60;

    private final List<CrowdMember> members;
    private final Selector selector;
    private final Ear ear;
    private final ByteArrayOutputStream saying = new ByteArrayOutputStream();
    private final ByteBuffer heard = ByteBuffer.allocate(128 << 10);
    private List<InetSocketAddress> rooms;
    private int next;
    private @Nullable SocketChannel channel;
    private long againNanos = System.nanoTime();
    private long saidNanos;

    /** Is told what comes. */
    interface Ear {

        /** Of a topic, just read. */
        void push(CrowdMember member, Push push);

        /** What a crowd is not told when all is well. */
        void complaint(String what);
    }

    /** @param first which of the rooms it comes to first */
    CrowdLink(List<CrowdMember> members, List<InetSocketAddress> rooms, int first, Selector selector, Ear ear) {
        this.members = List.copyOf(members);
        this.rooms = List.copyOf(rooms);
        this.next = first;
        this.selector = selector;
        this.ear = ear;
    }

    /** Everything but reading. */
    void tend(long now) {
        try {
            if (channel == null) {
                if (now - againNanos >= 0) {
                    connect();
                }
            } else if (channel.isConnected()) {
                bindAgain(now);
                if (now - saidNanos > PING) {
                    say(ClientFrame.newBuilder()
                            .setPing(Ping.getDefaultInstance())
                            .build());
                }
                flush(channel);
            }
        } catch (IOException e) {
            broken();
        }
    }

    private void connect() throws IOException {
        InetSocketAddress room = rooms.get(Math.floorMod(next++, rooms.size()));
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        heard.clear();
        saying.reset();
        saying.write(PREAMBLE);
        Hello.Builder hello = Hello.newBuilder().setDevice("phone").setHeartbeatS(HEARTBEAT_S);
        members.forEach(member -> hello.addBind(member.bind()));
        say(ClientFrame.newBuilder().setHello(hello).build());
        boolean connected = opened.connect(room);
        opened.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
    }

    private void bindAgain(long now) throws IOException {
        for (CrowdMember member : members) {
            if (!member.bound && member.againNanos != 0 && now - member.againNanos >= 0) {
                member.againNanos = 0;
                say(ClientFrame.newBuilder().setBind(member.bind()).build());
            }
        }
    }

    private void say(ClientFrame frame) throws IOException {
        frame.writeDelimitedTo(saying);
        saidNanos = System.nanoTime();
    }

    private void flush(SocketChannel to) throws IOException {
        if (saying.size() > 0) {
            ByteBuffer bytes = ByteBuffer.wrap(saying.toByteArray());
            to.write(bytes);
            saying.reset();
            saying.write(bytes.array(), bytes.position(), bytes.remaining());
        }
    }

    /** Something can be read, or the connection is there. */
    void ready(SelectionKey key) {
        SocketChannel open = channel;
        if (open == null || !key.channel().equals(open)) {
            return;
        }
        try {
            if (key.isConnectable() && open.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
            } else if (key.isReadable()) {
                read(open);
            }
        } catch (IOException e) {
            broken();
        }
    }

    private void read(SocketChannel open) throws IOException {
        int read = open.read(heard);
        while (read > 0) {
            heard.flip();
            ServerFrame frame = nextFrame();
            while (frame != null && open.equals(channel)) {
                hear(frame);
                frame = nextFrame();
            }
            heard.compact();
            read = open.equals(channel) ? open.read(heard) : 0;
        }
        if (read < 0) {
            broken();
        }
    }

    /** What protobuf calls a delimited message; null: it is not there yet. */
    private @Nullable ServerFrame nextFrame() throws IOException {
        int length = 0;
        int at = heard.position();
        for (int shift = 0; at < heard.limit(); shift += 7) {
            byte part = heard.get(at++);
            length |= (part & 0x7F) << shift;
            if (part >= 0) {
                if (heard.limit() - at < length) {
                    return null;
                }
                heard.position(at + length);
                return ServerFrame.parseFrom(heard.slice(at, length));
            }
        }
        return null;
    }

    private void hear(ServerFrame frame) throws IOException {
        switch (frame.getKindCase()) {
            case WELCOME -> frame.getWelcome().getBoundList().forEach(this::bound);
            case BOUND -> bound(frame.getBound());
            case UNBOUND ->
                later(frame.getUnbound().getRef(), frame.getUnbound().getRetryAfterMs());
            case PUSH -> push(frame.getPush().getRef(), frame.getPush());
            case PUSHES -> {
                for (Push push : frame.getPushes().getItemsList()) {
                    push(frame.getPushes().getRef(), push);
                }
            }
            case CLOSE -> broken();
            case GAP, ERROR -> ear.complaint(frame.toString());
            default -> {
                // Nothing that a crowd looks at.
            }
        }
    }

    private void bound(Bound bound) {
        BindError error = bound.getError();
        if (bound.getOk()) {
            members.get(bound.getRef() - 1).bound = true;
        } else {
            later(bound.getRef(), error.getRetryAfterMs());
        }
    }

    private void later(int ref, long afterMs) {
        CrowdMember member = members.get(ref - 1);
        member.bound = false;
        member.againNanos =
                System.nanoTime() + Math.max(AGAIN, Duration.ofMillis(afterMs).toNanos());
    }

    private void push(int ref, Push push) throws IOException {
        CrowdMember member = members.get(ref - 1);
        if (push.hasTopic()) {
            ear.push(member, push);
            say(member.got(push.getTopic(), push.getOffset()));
        }
    }

    /** From now on at these. */
    void moveTo(List<InetSocketAddress> others) {
        rooms = List.copyOf(others);
        broken();
    }

    /** Gone without a word; it comes again. */
    void broken() {
        members.forEach(member -> {
            member.bound = false;
            member.againNanos = 0;
        });
        againNanos = System.nanoTime() + AGAIN;
        SocketChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                ear.complaint(e.toString());
            }
        }
    }
}
