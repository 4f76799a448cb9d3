package io.longline.bench.failure;

import io.longline.deploy.cluster.DemoProduct;
import io.longline.v1.Bind;
import io.longline.v1.Bound;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Ping;
import io.longline.v1.ServerFrame;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/** One link in native frames with several sessions on it, which takes what it is sent and answers nothing. */
final class SessionLink implements AutoCloseable {
    private static final byte[] PREFACE = {(byte) 0xA7, 1};
    private static final int CONNECT_MS = 5_000;
    private static final int HELLO_MS = 60_000;
    private static final int HEARTBEAT_S = 600;

    private final Socket socket = new Socket();

    /** Binds all of them, device {@code phone}; throws where one is refused. */
    static SessionLink open(InetSocketAddress room, List<String> users) throws IOException {
        SessionLink link = new SessionLink();
        try {
            link.hello(room, users);
            return link;
        } catch (IOException e) {
            link.close();
            throw e;
        }
    }

    private void hello(InetSocketAddress room, List<String> users) throws IOException {
        socket.connect(room, CONNECT_MS);
        socket.setSoTimeout(HELLO_MS);
        Hello.Builder hello = Hello.newBuilder().setDevice("phone").setHeartbeatS(HEARTBEAT_S);
        for (int i = 0; i < users.size(); i++) {
            hello.addBind(Bind.newBuilder()
                    .setRef(i + 1)
                    .setProduct(DemoProduct.ID)
                    .setUser(users.get(i))
                    .setToken(DemoProduct.token(users.get(i))));
        }
        socket.getOutputStream().write(PREFACE);
        ClientFrame.newBuilder().setHello(hello).build().writeDelimitedTo(socket.getOutputStream());
        BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
        ServerFrame first = ServerFrame.parseDelimitedFrom(in);
        if (first == null || !first.hasWelcome()) {
            throw new IOException("the room did not say welcome but " + first);
        }
        for (Bound bound : first.getWelcome().getBoundList()) {
            if (!bound.getOk()) {
                throw new IOException("the room did not bind: " + bound.getError());
            }
        }
        socket.setSoTimeout(0);
        Thread.ofVirtual().name("session-link").start(() -> read(in));
    }

    private void read(BufferedInputStream in) {
        try {
            for (ServerFrame frame = ServerFrame.parseDelimitedFrom(in);
                    frame != null;
                    frame = ServerFrame.parseDelimitedFrom(in)) {
                // a session that ends is found to be missing
            }
        } catch (IOException e) {
            // the end, as any other
        }
    }

    /** Called from one thread at a time, each few minutes. */
    void ping() throws IOException {
        ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build().writeDelimitedTo(socket.getOutputStream());
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // as good as closed
        }
    }
}
