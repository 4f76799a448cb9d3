package io.longline.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
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
    private static final int CLUSTER_BUS_ABOVE = 10_000;

    private final List<String> options;

    private EmbeddedRedis(StoreDirectory directory, int port, List<String> options) {
        super("redis-server", "redis-server", directory, port);
        this.options = List.copyOf(options);
    }

    /**
     * In a temporary folder that is deleted on close, on a free port.
     *
     * @param options further options of {@code redis-server}, as {@code --name}, {@code value}
     */
    public static EmbeddedRedis temporary(String... options) {
        return new EmbeddedRedis(StoreDirectory.temporary("redis"), 0, List.of(options));
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

    /** A node of a cluster speaks with the others on a second port. */
    @Override
    int freePort() {
        return options.contains("--cluster-enabled") ? Ports.freePair(CLUSTER_BUS_ABOVE) : super.freePort();
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

    /** One command, on a connection of its own; the reply as text, the elements of a list one a line. */
    public String tell(String... command) {
        try {
            return RedisWire.call(port(), command);
        } catch (IOException e) {
            throw new UncheckedIOException("redis on port " + port() + " did not do " + command[0], e);
        }
    }

    /** One field of {@code INFO}; empty where there is none of that name. */
    public String info(String field) {
        return tell("INFO")
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /**
     * Makes this a replica of another, which it is in step with on return. What it held is lost; a later {@link #start}
     * makes it a master again.
     */
    public void follow(EmbeddedRedis master) {
        tell("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
        awaitInStep(master);
    }

    /** Returns when this replica has everything that the master had at the time of the call. */
    void awaitInStep(EmbeddedRedis master) {
        long written = Long.parseLong(master.info("master_repl_offset"));
        Waiting.until(
                "port " + port() + " is in step with its master",
                () -> info("master_link_status").equals("up")
                        && Long.parseLong(info("slave_repl_offset")) >= written
                        // Before its first append-only file is written it does not stop when told to.
                        && info("aof_rewrite_in_progress").equals("0"));
    }

    /** From now on the replica has nothing of what the master writes, and will not before {@link #resume}. */
    void lagBehind(EmbeddedRedis master) {
        awaitInStep(master);
        pause();
        // What is still on its way to it would reach it later from the system's buffers.
        master.tell("CLIENT", "KILL", "TYPE", "replica");
    }

    /** A replica becomes a master, with what it has. */
    public void promote() {
        tell("REPLICAOF", "NO", "ONE");
    }

    /** False also while it loads its append-only file. */
    @Override
    boolean answers(Socket socket) throws IOException {
        socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
        return "+PONG".equals(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
    }
}
