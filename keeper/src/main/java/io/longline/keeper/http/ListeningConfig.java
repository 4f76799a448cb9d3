package io.longline.keeper.http;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/** The configuration of a web server that knows on which socket it listens, which Helidon tells nobody. */
final class ListeningConfig extends WebServerConfig.BuilderBase<ListeningConfig, WebServerConfig> {
    private volatile @Nullable ServerSocketChannel socket;

    /** Starts a server with it, once. */
    WebServer start() {
        try {
            return WebServer.create(buildPrototype()).start();
        } catch (RuntimeException e) {
            closeSocket(e); // Helidon leaves it open where the port is taken.
            throw e;
        }
    }

    boolean isListening() {
        ServerSocketChannel own = socket;
        return own != null && own.isOpen();
    }

    private void closeSocket(RuntimeException why) {
        ServerSocketChannel own = socket;
        if (own != null) {
            try {
                own.close();
            } catch (IOException e) {
                why.addSuppressed(new UncheckedIOException(e));
            }
        }
    }

    @Override
    public WebServerConfig buildPrototype() {
        preBuildPrototype();
        validatePrototype();
        return new Told(this);
    }

    private static final class Told extends WebServerConfigImpl {
        private final ListeningConfig teller;

        Told(ListeningConfig teller) {
            super(teller);
            this.teller = teller;
        }

        @Override
        public void configureSocket(ServerSocketChannel opened) {
            super.configureSocket(opened);
            teller.socket = opened;
        }
    }
}
