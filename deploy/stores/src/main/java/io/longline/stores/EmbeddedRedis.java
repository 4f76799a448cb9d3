package io.longline.stores;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real Redis 6.2 in a process of its own, on the loopback address. It persists as a production Redis of ours does:
 * {@code appendonly yes}, {@code appendfsync everysec}, {@code maxmemory-policy noeviction}. The port stays the same over
 * stops and starts.
 */
public final class EmbeddedRedis implements AutoCloseable {
    private static final int PROBE_TIMEOUT_MS = 1000;

    private final StoreDirectory directory;
    private final StoreProcess process;
    private final List<String> options;
    private int port;

    private EmbeddedRedis(StoreDirectory directory, int port, List<String> options) {
        this.directory = directory;
        this.process = new StoreProcess("redis-server", directory.path());
        this.options = List.copyOf(options);
        this.port = port;
    }

    /** In a temporary folder that is deleted on close, on a free port. */
    public static EmbeddedRedis temporary() {
        return new EmbeddedRedis(StoreDirectory.temporary("redis"), 0, List.of());
    }

    /**
     * In a folder that is kept.
     *
     * @param directory made if it is absent; its data is used and kept
     * @param port 0: a free one, chosen at the first start
     * @param options further options of {@code redis-server}, as {@code --name}, {@code value}
     */
    public static EmbeddedRedis in(Path directory, int port, String... options) {
        return new EmbeddedRedis(StoreDirectory.given(directory), port, List.of(options));
    }

    /** Ends a process left on this folder, starts one, and returns when it serves. */
    public EmbeddedRedis start() {
        process.endLeftover();
        if (port == 0) {
            port = Ports.free();
        }
        Ports.requireFree(port);
        process.start(command(), this::answersPing);
        return this;
    }

    private List<String> command() {
        // Without a process title of its own, its command line names the folder.
        List<String> command =
                new ArrayList<>(List.of(StoreBinaries.redisServer().toString()));
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
        command.addAll(List.of("--dir", directory.path().toString(), "--set-proc-title", "no"));
        command.addAll(List.of("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""));
        command.addAll(List.of("--maxmemory-policy", "noeviction"));
        command.addAll(options);
        return command;
    }

    /** Orderly: the append-only file is flushed. */
    public void stop() {
        process.stop();
    }

    /** SIGKILL. */
    public void kill() {
        process.kill();
    }

    /** {@link #stop} and {@link #start}: the same port and data, another {@code run_id}. */
    public void restart() {
        stop();
        start();
    }

    /**
     * Ends a process left on this folder and deletes all data. Only while stopped: with the next start this is another,
     * empty Redis at the same address.
     */
    public void empty() {
        process.requireStopped();
        process.endLeftover();
        directory.empty();
    }

    /** SIGSTOP: connections stay open, nothing is answered until {@link #resume}. */
    public void pause() {
        process.pause();
    }

    /** SIGCONT. */
    public void resume() {
        process.resume();
    }

    /** Stops it, and deletes the folder if it is temporary. */
    @Override
    public void close() {
        process.stop();
        directory.close();
    }

    /** 0 before the first start on a port that was not given. */
    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public Path directory() {
        return directory.path();
    }

    /** {@code redis://127.0.0.1:PORT}. */
    public URI uri() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    /** False also while it loads its append-only file. */
    private boolean answersPing() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PROBE_TIMEOUT_MS);
            socket.setSoTimeout(PROBE_TIMEOUT_MS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return "+PONG".equals(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
        }
    }
}
