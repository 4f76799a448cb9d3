package io.longline.deploy.kit;

import io.longline.v1.Ack;
import io.longline.v1.Bind;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.ServerFrame;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** A native link on a plain socket. Its frames are what protobuf calls delimited messages, so no codec of ours is needed. */
public final class NativeLink implements AutoCloseable {
    private static final int PATIENCE_MS = 30_000;

    private final Socket socket = new Socket();

    /** Connected, and nothing said yet, not even the preamble. */
    public static NativeLink raw(int port) throws IOException {
        NativeLink link = new NativeLink();
        link.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
        link.socket.setSoTimeout(PATIENCE_MS);
        link.socket.setTcpNoDelay(true); // as the SDK does; an ack would wait 40 ms for company
        return link;
    }

    /** Connected, preamble said. */
    public static NativeLink open(int port) throws IOException {
        return raw(port).write(new byte[] {(byte) 0xA7, 1});
    }

    /** Says hello with one bind, {@code ref} 1. */
    public NativeLink hello(String product, String user, String device, String token, long seq) throws IOException {
        Bind.Builder bind =
                Bind.newBuilder().setRef(1).setProduct(product).setUser(user).setToken(token);
        if (seq > 0) {
            bind.setSeq(seq);
        }
        return say(ClientFrame.newBuilder()
                .setHello(Hello.newBuilder().setDevice(device).addBind(bind))
                .build());
    }

    public NativeLink ack(long seq) throws IOException {
        return say(ClientFrame.newBuilder()
                .setAck(Ack.newBuilder().setRef(1).setSeq(seq))
                .build());
    }

    public NativeLink say(ClientFrame frame) throws IOException {
        frame.writeDelimitedTo(socket.getOutputStream());
        return this;
    }

    public NativeLink write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** The next frame; null when the room closed the link. */
    public @Nullable ServerFrame read() throws IOException {
        return ServerFrame.parseDelimitedFrom(socket.getInputStream());
    }

    /** All bytes up to the end of the link. */
    public byte[] readToEnd() throws IOException {
        InputStream in = socket.getInputStream();
        return in.readAllBytes();
    }

    /** Gone without a word. */
    @Override
    public void close() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
