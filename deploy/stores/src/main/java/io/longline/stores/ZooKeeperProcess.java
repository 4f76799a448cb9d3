package io.longline.stores;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real ZooKeeper in a process of its own, on this process's Java and class path: one that can be killed and stopped. */
public final class ZooKeeperProcess extends StoreServer {
    private static final int ANSWER = 4;

    private final List<String> flags;

    private ZooKeeperProcess(StoreDirectory directory, int port, List<String> flags) {
        super("zookeeper", "java", directory, port);
        this.flags = List.copyOf(flags);
    }

    /**
     * In a folder that is kept.
     *
     * @param directory made if it is absent; its data is used and kept
     * @param port 0: a free one, chosen at the first start
     * @param flags of its Java
     */
    public static ZooKeeperProcess in(Path directory, int port, String... flags) {
        return new ZooKeeperProcess(StoreDirectory.given(directory), port, List.of(flags));
    }

    @Override
    public synchronized ZooKeeperProcess start() {
        super.start();
        return this;
    }

    @Override
    List<String> command(int onPort) {
        List<String> command = new ArrayList<>();
        command.add(OwnJava.program());
        command.add("-Dlongline.store=" + directory()); // far in front: a long command line is not seen whole
        command.add("-Dzookeeper.4lw.commands.whitelist=ruok,srvr");
        command.add("-XX:+UseCompactObjectHeaders");
        command.add(
                "-Dlongline.log.zookeeper=WARN"); // to the commands' logback.xml; where there is another one it says
        // nothing
        command.addAll(OwnJava.cacheFlags());
        command.addAll(flags);
        command.addAll(List.of("-cp", OwnJava.classPath(), ZooKeeperMain.class.getName()));
        command.addAll(List.of(directory().resolve("data").toString(), Integer.toString(onPort)));
        return command;
    }

    /** The connect string of a client: {@code 127.0.0.1:PORT}. */
    public String uri() {
        return "127.0.0.1:" + port();
    }

    @Override
    boolean answers(Socket socket) throws IOException {
        socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
        String answer = new String(socket.getInputStream().readNBytes(ANSWER), StandardCharsets.US_ASCII);
        return answer.startsWith("Zoo"); // it says "This" while it is not serving
    }
}
