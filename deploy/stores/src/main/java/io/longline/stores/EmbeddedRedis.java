package io.longline.stores;

import java.io.IOException;
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
public final class EmbeddedRedis extends StoreServer {
    private final List<String> options;

    private EmbeddedRedis(StoreDirectory directory, int port, List<String> options) {
        super("redis-server", "redis-server", directory, port);
        this.options = List.copyOf(options);
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

    @Override
    public synchronized EmbeddedRedis start() {
        super.start();
        return this;
    }

    @Override
    List<String> command(int onPort) {
        // Without a process title of its own, its command line names the folder.
        List<String> command =
                new ArrayList<>(List.of(StoreBinaries.redisServer().toString()));
        command.addAll(List.of("--port", Integer.toString(onPort), "--bind", "127.0.0.1"));
        command.addAll(List.of("--dir", directory().toString(), "--set-proc-title", "no"));
        command.addAll(List.of("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""));
        command.addAll(List.of("--maxmemory-policy", "noeviction"));
        command.addAll(options);
        return command;
    }

    /** {@code redis://127.0.0.1:PORT}. */
    public URI uri() {
        return URI.create("redis://127.0.0.1:" + port());
    }

    /** False also while it loads its append-only file. */
    @Override
    boolean answers(Socket socket) throws IOException {
        socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
        return "+PONG".equals(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
    }
}
