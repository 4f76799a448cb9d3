package io.longline.keeper.http;

import io.helidon.webserver.WebServer;
import io.longline.keeper.net.OpenFiles;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port of an HTTP server, kept open. Helidon closes it for good where a connection cannot be accepted, as when there are no more open
 * files. So it is looked at each second, and where it is closed another web server opens it again; what the one before has at hand, it finishes.
 */
final class OpenPort implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OpenPort.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Open files that are to be left, or the next connections would close it again. */
    private static final int FILES = 50;

    private final IntFunction<ListeningConfig> configs;
    private final int port;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("http-port").unstarted(this::watch);
    // Touched by the thread alone, until it has ended.
    private ListeningConfig config;
    private WebServer server;

    private OpenPort(IntFunction<ListeningConfig> configs, ListeningConfig config, WebServer server) {
        this.configs = configs;
        this.config = config;
        this.server = server;
        this.port = server.port();
    }

    /**
     * Opens it, or fails.
     *
     * @param wanted 0: any that is free
     * @param configs of web servers, by port
     */
    static OpenPort open(int wanted, IntFunction<ListeningConfig> configs) {
        ListeningConfig config = configs.apply(wanted);
        OpenPort open = new OpenPort(configs, config, config.start());
        open.thread.start();
        return open;
    }

    int port() {
        return port;
    }

    private void watch() {
        boolean told = false;
        while (pause()) {
            if (config.isListening()) {
                told = false;
            } else {
                if (!told) {
                    log.error("the port was closed, it is opened again when there are files for it port={}", port);
                    told = true;
                }
                reopen();
            }
        }
    }

    private boolean pause() {
        try {
            return !closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void reopen() {
        if (OpenFiles.left() < FILES) {
            return;
        }
        ListeningConfig next = configs.apply(port);
        try {
            server = next.start();
            config = next;
            log.info("the port is open again port={}", port);
        } catch (RuntimeException e) {
            log.debug("the port cannot be opened yet port={}", port, e);
        }
    }

    /** Takes no more connections and requests, lets what runs finish, then closes every connection. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop();
    }
}
