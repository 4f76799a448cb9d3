package io.longline.stores;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.PurgeTxnLog;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.jspecify.annotations.Nullable;

/**
 * A real ZooKeeper server in this process, on the loopback address. It shares no class of state with clients in the
 * process: they speak to it over TCP. The port stays the same over stops and starts.
 */
public final class EmbeddedZooKeeper implements AutoCloseable {
    /** The unit of session time-outs, which may be 2 to 20 of it: 1 s to 10 s. */
    private static final int TICK_MS = 500;

    private static final int MAX_CONNECTIONS_PER_ADDRESS = 0; // no limit
    private static final int KEPT_SNAPSHOTS = 3;

    static {
        // Read once by ZooKeeper's own classes. 64 MiB would be written ahead for each transaction log.
        System.setProperty("zookeeper.preAllocSize", "1024");
        System.setProperty("zookeeper.jmx.log4j.disable", "true");
    }

    private final StoreDirectory directory;
    private int port;
    private @Nullable ServerCnxnFactory connections;
    private @Nullable ZooKeeperServer server;

    private EmbeddedZooKeeper(StoreDirectory directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** In a temporary folder that is deleted on close, on a free port. */
    public static EmbeddedZooKeeper temporary() {
        return new EmbeddedZooKeeper(StoreDirectory.temporary("zookeeper"), 0);
    }

    /**
     * In a folder that is kept.
     *
     * @param directory made if it is absent; its data is used and kept
     * @param port 0: a free one, chosen at the first start
     */
    public static EmbeddedZooKeeper in(Path directory, int port) {
        return new EmbeddedZooKeeper(StoreDirectory.given(directory), port);
    }

    public EmbeddedZooKeeper start() {
        try {
            var files = directory.path().toFile();
            purge(files);
            if (port == 0) {
                port = Ports.free(); // one that the system gives to nobody while this is stopped
            }
            ServerCnxnFactory listening = new NIOServerCnxnFactory();
            listening.configure(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MAX_CONNECTIONS_PER_ADDRESS);
            connections = listening;
            ZooKeeperServer started = new ZooKeeperServer(new FileTxnSnapLog(files, files), TICK_MS, "");
            server = started;
            listening.startup(started);
            return this;
        } catch (IOException e) {
            stop();
            throw new UncheckedIOException("cannot start ZooKeeper on port " + port + " in " + directory.path(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
            throw new IllegalStateException("interrupted while ZooKeeper started", e);
        }
    }

    /** ZooKeeper tells of each file that it removes on standard output, which is not for that. */
    private static void purge(File files) throws IOException {
        PrintStream output = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            PurgeTxnLog.purge(files, files, KEPT_SNAPSHOTS);
        } finally {
            System.setOut(output);
        }
    }

    /** Closes all connections and the port. Sessions stay in the data, and run on after a start in time. */
    public void stop() {
        if (connections != null) {
            connections.shutdown(); // ends the server with it
            connections = null;
        }
        if (server != null) {
            server.shutdown(true);
            server = null;
        }
    }

    /** {@link #stop} and {@link #start}: the same port and data. */
    public void restart() {
        stop();
        start();
    }

    /** Deletes all data. Only while stopped. */
    public void empty() {
        if (server != null) {
            throw new IllegalStateException("stop ZooKeeper first");
        }
        directory.empty();
    }

    /** Stops it, and deletes the folder if it is temporary. */
    @Override
    public void close() {
        stop();
        directory.close();
    }

    /** 0 before the first start on a port that was not given. */
    public int port() {
        return port;
    }

    public Path directory() {
        return directory.path();
    }

    /** The connect string of a client: {@code 127.0.0.1:PORT}. */
    public String uri() {
        return "127.0.0.1:" + port;
    }

    /** Ends a client's session at once, as if it had run out: its ephemeral nodes are gone. */
    public void expireSession(long sessionId) {
        if (server == null) {
            throw new IllegalStateException("ZooKeeper is not started");
        }
        server.closeSession(sessionId);
    }
}
