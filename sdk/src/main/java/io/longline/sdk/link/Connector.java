package io.longline.sdk.link;

import io.longline.v1.RoomAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Objects;
import java.util.function.LongSupplier;
import javax.net.SocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Opens links: a plain socket, and TLS on it where the address says so, checked against the address's {@code tls_name}. */
public final class Connector {
    private static final int TIMEOUT_MS = 10_000;

    private final SocketFactory plain;
    private final @Nullable SSLSocketFactory tls;
    private final LongSupplier clockMs;

    /** Without {@code tls} the platform's own factory is asked when it is needed first. */
    public Connector(SocketFactory plain, @Nullable SSLSocketFactory tls, LongSupplier clockMs) {
        this.plain = plain;
        this.tls = tls;
        this.clockMs = clockMs;
    }

    /**
     * A link that is ready for its first frame. Waits up to 10 s for the connection and as long for TLS.
     *
     * @throws FactoryFailed where one of the app's factories, or a socket of theirs, threw what is no {@link IOException}
     */
    public Link connect(RoomAddress room) throws IOException {
        Socket socket = created();
        try {
            socket.connect(new InetSocketAddress(room.getHost(), room.getPort()), TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            String name = room.getHost() + ":" + room.getPort();
            return new Link(name, room.getTls() ? secured(socket, room) : socket, clockMs);
        } catch (IOException e) {
            socket.close();
            throw e;
        } catch (IllegalArgumentException e) {
            socket.close();
            throw new IOException("not an address: " + room.getHost() + ":" + room.getPort(), e);
        } catch (Throwable e) { // the app's
            socket.close();
            throw new FactoryFailed(e);
        }
    }

    private Socket created() throws IOException {
        try {
            return Objects.requireNonNull(plain.createSocket(), "the socket factory gave null");
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) { // the app's
            throw new FactoryFailed(e);
        }
    }

    private Socket secured(Socket socket, RoomAddress room) throws IOException {
        String name = room.getTlsName().isEmpty() ? room.getHost() : room.getTlsName();
        SSLSocketFactory factory = tls != null ? tls : (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket secured = (SSLSocket) factory.createSocket(socket, name, room.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.setSoTimeout(TIMEOUT_MS);
        secured.startHandshake();
        return secured;
    }
}
