package io.longline.keeper.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * Gives every connection to Helidon's HTTP/1.1, which reads it through a {@link Http10Reader}. It is to be the only selector: then
 * Helidon asks nobody whose the first bytes are, and answers also those that are no HTTP instead of closing.
 */
final class Http10Selector implements ServerConnectionSelector {
    private final Http1ConnectionSelector http11;
    private final int maxLine;
    private final int maxHead;
    private final long maxChunk;
    private final Supplier<HeadWatch> watches;

    /**
     * One for all connections of a server.
     *
     * @param maxChunk bytes of a body that come as one chunk, at most
     * @param watches one for each connection
     */
    Http10Selector(Http1Config config, long maxChunk, Supplier<HeadWatch> watches) {
        http11 = Http1ConnectionSelector.builder().config(config).build();
        maxLine = config.maxPrologueLength();
        maxHead = maxLine + config.maxHeadersSize();
        this.maxChunk = maxChunk;
        this.watches = watches;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http11.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        HeadWatch watch = watches.get();
        Http10Reader wire = new Http10Reader(context.dataReader(), watch, maxLine, maxHead);
        BoundedReader reader = new BoundedReader(wire, maxChunk);
        watch.buffered(reader::available);
        return http11.connection(new Translated(context, reader));
    }

    /** The same connection, read through another reader. */
    private record Translated(ConnectionContext context, DataReader dataReader) implements ConnectionContext {
        @Override
        public ListenerContext listenerContext() {
            return context.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return context.executor();
        }

        @Override
        public DataWriter dataWriter() {
            return context.dataWriter();
        }

        @Override
        public Router router() {
            return context.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return context.proxyProtocolData();
        }

        @Override
        public HelidonSocket serverSocket() {
            return context.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return context.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return context.localPeer();
        }

        @Override
        public boolean isSecure() {
            return context.isSecure();
        }

        @Override
        public String socketId() {
            return context.socketId();
        }

        @Override
        public String childSocketId() {
            return context.childSocketId();
        }
    }
}
